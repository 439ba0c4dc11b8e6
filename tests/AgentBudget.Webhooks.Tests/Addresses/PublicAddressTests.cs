using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentBudget.Webhooks.Addresses;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Tests.Addresses;

/// <summary>Where nothing is ever posted to, however it is written, and whatever a name leads to by then.</summary>
public sealed class PublicAddressTests
{
    // As hosts of addresses: what is no address yet is made one by whoever reads it, and must be seen through.
    private static readonly string[] Hosts =
    [
        .. "0.0.0.0 0.1.2.3 0 00 0x0 10.0.0.1 10.255.255.255 012.0.0.1 0xa.1 100.64.0.1 100.127.255.254 100.100.100.200".Split(' '),
        .. "127.0.0.1 127.1 127.0.1 127.255.255.254 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001 0x7f.1".Split(' '),
        .. "168.63.129.16 169.254.169.254 169.254.170.2 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.0.1".Split(' '),
        .. "172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1".Split(' '),
        .. "192.168.1.254 3232235777 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7".Split(' '),
        .. "224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 4294967295 127.0.0.1. 10.0.0.1.".Split(' '),
        .. "[::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::10.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1]".Split(' '),
        .. "[::ffff:169.254.169.254] [::ffff:8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe]".Split(' '),
        .. "[64:ff9b::8.8.8.8] [64:ff9b:1::10.0.0.1] [100::1] [2001::1] [2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:2::1]".Split(' '),
        .. "[2001:10::1] [2001:20::1] [2001:db8::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:808:808::1] [2620:4f:8000::1]".Split(' '),
        .. "[3fff::1] [5f00::1] [fc00::1] [fd00:ec2::254] [fd12:3456:789a::1] [fe80::1] [febf::1] [fec0::1] [ff02::1]".Split(' '),
        .. "[ff0e::1] [2606:4700::5efe:127.0.0.1] [2606:4700::200:5efe:10.0.0.1] localhost LOCALHOST localhost. a.localhost".Split(' '),
        .. "%6cocalhost %31%32%37.0.0.1 ⑯⑨。②⑤④。⑯⑨。②⑤④ 127。0。0。1".Split(' '),
    ];

    public static TheoryData<string> Hostile => new(Hosts);

    public static TheoryData<string> BadUrls =>
        new(
            "",
            "example.com",
            "/hook",
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com:6379/_x",
            "http://example.com/",
            "https://",
            "https:///hook",
            "https://user@example.com/",
            "https://user:password@example.com/",
            "https://example.com/#part",
            "javascript:alert(1)",
            "unix:/var/run/docker.sock",
            "https://exa mple.com/"
        );

    [Fact]
    public void Hostile_Addresses_AreAtLeastEighty() => Assert.True(Hosts.Distinct().Count() >= 80, $"{Hosts.Distinct().Count()}");

    [Theory, MemberData(nameof(Hostile))]
    public void EndpointAddress_ThatIsHostile_IsRefused(string host)
    {
        var refused = Assert.Throws<ArgumentException>(() => EndpointAddress.Parse($"https://{host}/hook", mayBeAnywhere: false));
        Assert.Contains("The endpoint's Url", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Hostile))]
    public async Task Connection_ToAHostileAddress_IsRefusedWhateverWasSaidBefore(string host)
    {
        if (!Uri.TryCreate($"https://{host}/hook", UriKind.Absolute, out var address) || !IPAddress.TryParse(address.IdnHost, out var ip))
            return;
        var connections = new PinnedConnections((_, _) => Task.FromResult(new[] { ip }), mayBeAnywhere: false);
        await Assert.ThrowsAsync<RefusedAddressException>(() =>
            connections.FindAsync("hook.example.com", TestContext.Current.CancellationToken)
        );
    }

    [Theory, MemberData(nameof(BadUrls))]
    public void EndpointAddress_ThatIsNone_IsRefused(string url) =>
        Assert.Throws<ArgumentException>(() => EndpointAddress.Parse(url, mayBeAnywhere: false));

    [Theory]
    [InlineData("https://example.com/hook?a=b")]
    [InlineData("https://example.com:8443/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://100.128.0.1/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://[2a00:1450:4001:81b::200e]/")]
    public void EndpointAddress_ThatIsPublic_IsTaken(string url) => EndpointAddress.Parse(url, mayBeAnywhere: false);

    [Fact]
    public async Task Name_OfWhichOneAddressIsNotPublic_IsRefusedWhole()
    {
        IPAddress[] mixed = [IPAddress.Parse("8.8.8.8"), IPAddress.Parse("10.0.0.1")];
        var connections = new PinnedConnections((_, _) => Task.FromResult(mixed), mayBeAnywhere: false);
        await Assert.ThrowsAsync<RefusedAddressException>(() => connections.FindAsync("a.example", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Name_ThatLeadsElsewhereTheSecondTime_IsLookedUpOnceAndConnectedToAsItWas()
    {
        // A name that is public when it is looked at and loopback when it is used: whoever looks it up twice connects to the receiver.
        await using var receiver = await Receiver.StartAsync();
        var lookUps = 0;
        Task<IPAddress[]> Resolve(string host, CancellationToken token) =>
            Task.FromResult(new[] { Interlocked.Increment(ref lookUps) == 1 ? IPAddress.Parse("192.0.0.8") : IPAddress.Loopback });
        var port = new Uri(receiver.Url).Port;
        var outcomes = new List<PostOutcome>();
        using var sender = new PostSender(
            new PinnedConnections(Resolve, mayBeAnywhere: false),
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            atOnce: 1
        );
        for (var i = 0; i < 3; i++)
            outcomes.Add(
                await sender.SendAsync(
                    new Uri($"http://rebind.example:{port}/hook"),
                    new Post("id", "type", "ledger", "{}"),
                    [new byte[32]],
                    TestContext.Current.CancellationToken
                )
            );
        Assert.All(outcomes, outcome => Assert.Contains("not public", outcome.Problem, StringComparison.Ordinal));
        Assert.Equal(3, lookUps);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task Connection_OfAName_GoesToTheAddressThatWasLookedAt()
    {
        await using var receiver = await Receiver.StartAsync();
        var lookUps = 0;
        Task<IPAddress[]> Resolve(string host, CancellationToken token) =>
            Task.FromResult(new[] { Interlocked.Increment(ref lookUps) == 1 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1") });
        using var sender = new PostSender(
            new PinnedConnections(Resolve, mayBeAnywhere: true),
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            atOnce: 1
        );
        var url = new Uri($"http://pinned.example:{new Uri(receiver.Url).Port}/hook");
        var post = new Post("id", "type", "ledger", "{}");
        var outcome = await sender.SendAsync(url, post, [new byte[32]], TestContext.Current.CancellationToken);
        Assert.Null(outcome.Problem);
        Assert.Equal(1, lookUps);
        Assert.Equal("pinned.example", receiver.All.Single().Headers["host"].Split(':')[0]);
    }

    [Fact]
    public async Task Certificate_ThatIsNotValid_IsRefusedOverThePinnedConnection()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=pinned.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using var receiver = await Receiver.StartAsync(certificate);
        using var sender = new PostSender(
            new PinnedConnections((_, _) => Task.FromResult(new[] { IPAddress.Loopback }), mayBeAnywhere: true),
            TimeProvider.System,
            TimeSpan.FromSeconds(20),
            atOnce: 1
        );
        var url = new Uri($"https://pinned.example:{new Uri(receiver.Url).Port}/hook");
        var post = new Post("id", "type", "ledger", "{}");
        var outcome = await sender.SendAsync(url, post, [new byte[32]], TestContext.Current.CancellationToken);
        Assert.Contains("certificate", outcome.Problem, StringComparison.Ordinal);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task Name_ThatIsNotKnown_IsSaid()
    {
        using var sender = new PostSender(
            new PinnedConnections((_, _) => throw new SocketException((int)SocketError.HostNotFound), mayBeAnywhere: false),
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            atOnce: 1
        );
        var post = new Post("id", "type", "ledger", "{}");
        var outcome = await sender.SendAsync(new Uri("https://none.example/"), post, [new byte[32]], TestContext.Current.CancellationToken);
        Assert.Equal((0, "the endpoint's name is not known"), (outcome.Status, outcome.Problem));
    }
}

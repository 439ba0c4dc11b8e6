using System.Net;
using AgentBudget.Orleans.PostgreSql.Membership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService;

namespace AgentBudget.Orleans.PostgreSql.Tests.Clusters;

/// <summary>Silos and clients find each other through the database, by the provider's queries in our tables.</summary>
public sealed class MembershipTests(SharedServer shared)
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Silos_OfOneCluster_FindEachOtherAndAClientFindsThem()
    {
        var token = TestContext.Current.CancellationToken;
        var ledger = await TestLedger.NewAsync(shared.Server);
        var database = ledger.ConnectionStrings[0];
        var starts = await Task.WhenAll(StartSiloAsync(ledger), StartSiloAsync(ledger));
        using var one = starts[0];
        using var two = starts[1];
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
            client
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("cluster", "agentbudget"))
                .UsePostgreSqlClustering(database)
        );
        using var client = builder.Build();
        await client.StartAsync(token);

        var hosts = await client
            .Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IManagementGrain>(0)
            .GetHosts(onlyActive: true, token);
        Assert.Equal(2, hosts.Count);
        var session = client.Session("session");
        await session.OpenAsync(new OpenCommand { Options = TestCluster.Budget("1") });
        var answer = await session.ChargeAsync(
            new ChargeCommand
            {
                Cost = Money.Parse("0.25"),
                Call = Call.Tool("search"),
                Key = "key",
            }
        );
        Assert.Equal(Money.Parse("0.25"), answer.Standing.Spent);

        await client.StopAsync(token);
        await Task.WhenAll(one.StopAsync(token), two.StopAsync(token));
        Assert.Equal(0L, await ledger.ScalarAsync("SELECT count(*) FROM agentbudget_cluster.cluster_member WHERE status <> 6"));
    }

    [Fact]
    public async Task Table_Changes_CountOnlyAtTheVersionThatWasRead()
    {
        var table = await NewTableAsync("one");
        var version = (await table.ReadAllAsync(Token)).Version;
        var entry = Entry(11_111);
        Assert.True(await table.InsertRowAsync(entry, version.Next(), Token));
        Assert.False(await table.InsertRowAsync(Entry(11_112), version.Next(), Token));
        var read = await table.ReadAllAsync(Token);
        Assert.False(await table.InsertRowAsync(entry, read.Version.Next(), Token));
        Assert.Equal(read.Version.Version, (await table.ReadAllAsync(Token)).Version.Version);

        entry.Status = SiloStatus.Active;
        entry.AddSuspector(Entry(11_113).SiloAddress, Now);
        Assert.False(await table.UpdateRowAsync(entry, version.VersionEtag, version.Next(), Token));
        Assert.True(await table.UpdateRowAsync(entry, read.Version.VersionEtag, read.Version.Next(), Token));
        Assert.False(await table.UpdateRowAsync(Entry(11_114), "2", new TableVersion(2, "2"), Token));
        var row = Assert.Single((await table.ReadRowAsync(entry.SiloAddress, Token)).Members).Item1;
        Assert.Equal((SiloStatus.Active, "silo", 30_000, Now), (row.Status, row.SiloName, row.ProxyPort, row.StartTime));
        Assert.Equal(Entry(11_113).SiloAddress, Assert.Single(row.SuspectTimes!).Item1);
        Assert.Equal(2, (await table.ReadAllAsync(Token)).Version.Version);
    }

    [Fact]
    public async Task Table_SilosOfAnotherCluster_AreNotSeen()
    {
        var (one, other) = (await NewTableAsync("left"), await NewTableAsync("right"));
        Assert.True(await one.InsertRowAsync(Entry(11_111), (await one.ReadAllAsync(Token)).Version.Next(), Token));
        Assert.Empty((await other.ReadAllAsync(Token)).Members);
        Assert.True(await other.InsertRowAsync(Entry(11_111), (await other.ReadAllAsync(Token)).Version.Next(), Token));
        await one.DeleteMembershipTableEntriesAsync("left", Token);
        Assert.Single((await other.ReadAllAsync(Token)).Members);
    }

    [Fact]
    public async Task Table_SilosDeadForLong_AreClearedAwayAndOthersKept()
    {
        var table = await NewTableAsync("defunct");
        foreach (
            var (port, status, alive) in new[]
            {
                (1, SiloStatus.Dead, Now),
                (2, SiloStatus.Active, Now),
                (3, SiloStatus.Dead, Now.AddDays(2)),
            }
        )
        {
            var entry = Entry(port);
            (entry.Status, entry.IAmAliveTime) = (status, alive);
            Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Token)).Version.Next(), Token));
        }

        var late = Entry(2);
        late.IAmAliveTime = Now.AddHours(1);
        await table.UpdateIAmAliveAsync(late, Token);
        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(1), TimeSpan.Zero), Token);
        var left = (await table.ReadAllAsync(Token))
            .Members.Select(member => (member.Item1.SiloAddress.Endpoint.Port, member.Item1.IAmAliveTime))
            .Order();
        Assert.Equal([(2, Now.AddHours(1)), (3, Now.AddDays(2))], left);
    }

    private static Task<IHost> StartSiloAsync(TestLedger ledger) =>
        TestCluster.StartSiloAsync(
            ledger,
            "cluster",
            (silo, siloPort, gatewayPort) =>
                silo.UsePostgreSqlClustering(ledger.ConnectionStrings[0]).ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort)
        );

    private async Task<AdoNetClusteringTable> NewTableAsync(string clusterId)
    {
        membership ??= (await TestLedger.NewAsync(shared.Server)).ConnectionStrings[0];
        var database = new MembershipDatabase(membership);
        await database.StartAsync(Token);
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = clusterId, ServiceId = "agentbudget" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = MembershipDatabase.Invariant, DataSource = database.Source }),
            NullLogger<AdoNetClusteringTable>.Instance
        );
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Token);
        return table;
    }

    private string? membership;

    private static MembershipEntry Entry(int port) =>
        new()
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 1),
            SiloName = "silo",
            HostName = "host",
            Status = SiloStatus.Joining,
            ProxyPort = 30_000,
            StartTime = Now,
            IAmAliveTime = Now,
        };
}

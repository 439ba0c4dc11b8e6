using AgentBudget.Http.Tests.Ways;
using FakeProvider;

namespace AgentBudget.Http.Tests.FakeProviders;

/// <summary>What the loopback provider says is understood by those who talk to real ones, without any budget.</summary>
public sealed class ParsedBySdksTests
{
    public static TheoryData<string> Names => new(HttpWay.All.Keys);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Names))]
    public async Task Answer_OfTheProvider_IsUnderstood(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        using var http = new HttpClient();

        Assert.Equal("Hello, world.", await way.AskAsync(http, provider.Address, cap: null, Stop));
        Assert.Equal((new TokenCount(12, 0, 0, 4), SeenEnd.Answered), (provider.Calls.Single().Count, provider.Calls.Single().End));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Stream_OfTheProvider_IsUnderstood(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        using var http = new HttpClient();
        provider.Always = Script.Normal with { ReasoningTokens = 20, CachedTokens = 5 };

        var pieces = await way.StreamAsync(http, provider.Address, cap: null, Stop).ToListAsync(Stop);

        Assert.Equal("Hello, world.", string.Concat(pieces));
        await provider.WhenIdleAsync();
        Assert.Equal((new TokenCount(12, 5, 0, 24), SeenEnd.Answered), (provider.Calls.Single().Count, provider.Calls.Single().End));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Answer_ThatIsCapped_EndsAtTheCap(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        using var http = new HttpClient();
        provider.Always = Script.OfTokens(40) with { ReasoningTokens = 10 };

        var answer = await way.AskAsync(http, provider.Address, cap: 16, Stop);

        Assert.Equal(6, answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(16, provider.Calls.Single().Count.Output);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Stream_ThatIsCut_IsBilledUntilThatIsNoticed(string name)
    {
        var way = HttpWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        using var http = new HttpClient();
        provider.Always = Script.OfTokens(500) with { CutAfterBytes = 4_000 };
        provider.TokensPerSecond = 50;
        try
        {
            await way.StreamAsync(http, provider.Address, cap: null, Stop).ToListAsync(Stop);
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException) { }

        await provider.WhenIdleAsync();
        var call = provider.Calls[0];
        Assert.Equal(SeenEnd.Cut, call.End);
        Assert.InRange(call.Count.Output, 51, 499);
    }
}

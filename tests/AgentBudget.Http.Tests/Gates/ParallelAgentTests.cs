using AgentBudget.Http.Tests.Ledgers;
using AgentBudget.Http.Tests.Ways;
using FakeProvider;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>Fifty agents on one session of $1.00, until it pays for nothing more.</summary>
public sealed class ParallelAgentTests(SharedLedger ledger)
{
    private const int Agents = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Uncapped, a call of gpt-5 can cost $1.28: more than there is.
    [Theory]
    [InlineData("openai-chat", null)]
    [InlineData("openai-chat", 4_000)]
    [InlineData("anthropic", 4_000)]
    public async Task FiftyAgents_Clamped_SpendNearlyAllOfItAndNoMore(string name, int? cap)
    {
        var way = HttpWay.All[name];
        var (spent, billed, authorised) = await RunAsync(way, options: null, cap);

        Assert.Equal(billed, spent);
        Within(spent, Money.Parse("0.95"), Money.Parse("1.00"));
        Assert.True(authorised <= Money.Parse("1.00"));
    }

    [Fact]
    public async Task FiftyAgents_CappedAndNotClamped_SpendAllButOneLargestCall()
    {
        // 4,000 tokens at $10 for a million.
        var (spent, billed, _) = await RunAsync(HttpWay.All["openai-chat"], new AgentBudgetHttpOptions { Clamps = false }, cap: 4_000);

        Assert.Equal(billed, spent);
        Within(spent, Money.Parse("0.9599"), Money.Parse("1.00"));
    }

    private async Task<(Money Spent, Money Billed, Money Authorised)> RunAsync(HttpWay way, AgentBudgetHttpOptions? options, int? cap)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = Script.OfTokens(20) with { TokensPerPiece = 50 };
        await using var session = await ledger.OpenAsync("1.00", client => client.WaitForMoney = TimeSpan.FromMinutes(1));
        using var http = session.HttpClient(options);
        await Task.WhenAll(Enumerable.Range(0, Agents).Select(_ => AgentAsync()));
        var most = (await session.EntriesAsync()).Max(entry => entry.After.Spent + entry.After.Reserved);
        return (await session.SpentAsync(), await provider.BillAsync(), most);

        async Task AgentAsync()
        {
            while (true)
            {
                try
                {
                    await way.AskAsync(http, provider.Address, cap, Stop);
                }
                catch (Exception exception) when (exception is MoneyRefusedException || exception.InnerException is MoneyRefusedException)
                {
                    return;
                }
            }
        }
    }
}

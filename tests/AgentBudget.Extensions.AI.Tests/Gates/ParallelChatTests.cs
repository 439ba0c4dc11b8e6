using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;
using static AgentBudget.Http.Tests.Ledgers.SessionReading;

namespace AgentBudget.Extensions.AI.Tests.Gates;

/// <summary>Fifty agents on one session of $1.00 by chat clients: all of it is used, and nothing beyond it.</summary>
public sealed class ParallelChatTests(SharedLedger ledger)
{
    private const int Agents = 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Uncapped, a call of gpt-5 can cost $1.28: more than there is.
    [Theory]
    [InlineData("openai-chat", null)]
    [InlineData("openai-responses", 4_000)]
    [InlineData("anthropic", 4_000)]
    public async Task FiftyAgents_Clamped_SpendNearlyAllOfItAndNoMore(string name, int? cap)
    {
        var way = (ChatWay)ChatWay.All[name];
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Rates = way.Rates;
        provider.Always = Script.OfTokens(20) with { TokensPerPiece = 50 };
        await using var session = await ledger.OpenAsync("1.00", client => client.WaitForMoney = TimeSpan.FromMinutes(1));
        using var client = way.Bare(provider.Address).WithBudget(session, new AgentBudgetChatOptions { GivesLastAnswer = false });

        await Task.WhenAll(Enumerable.Range(0, Agents).Select(_ => AgentAsync()));

        var most = (await session.EntriesAsync()).Max(entry => entry.After.Spent + entry.After.Reserved);
        Assert.True(most <= Money.Parse("1.00"), $"{most} authorised");
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Within(await session.SpentAsync(), Money.Parse("0.95"), Money.Parse("1.00"));

        async Task AgentAsync()
        {
            while (true)
            {
                try
                {
                    await client.GetResponseAsync("Say hello.", ChatWay.Options(cap), Stop);
                }
                catch (MoneyRefusedException)
                {
                    return;
                }
            }
        }
    }
}

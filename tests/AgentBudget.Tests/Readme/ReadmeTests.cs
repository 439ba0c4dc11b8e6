using Readme;

namespace AgentBudget.Tests.Readme;

/// <summary>The code that README shows does what README says of it.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task FromAGrain_PastedAsItIs_RecordsTheChargeOnce()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(
            options => options.Path = null,
            TestContext.Current.CancellationToken
        );
        await SentUntilAnsweredAsync(budget);
        var answer = await SentUntilAnsweredAsync(budget);
        Assert.True(answer.IsGranted);
        Assert.True(answer.IsReplay);
        Assert.Equal(Money.Parse("4.9579"), answer.Standing.Available);
    }

    [Fact]
    public async Task PricesOfYourOwn_PastedAsTheyAre_ChargeTheModelAndTheToolAndNotTheFreeModel()
    {
        var report = await PricesOfYourOwn.RunAsync();
        Assert.Equal(
            "Total spend: $0.0154025 of $1.00 | Remaining: $0.9845975 | LLM: $0.0054025 | Tools: $0.01 | Calls: 3",
            report.ToString()
        );
    }

    // Without the client library a time-out, which a busy machine can have, is the caller's: unknown, so it is sent again with its key.
    private static async Task<SessionAnswer> SentUntilAnsweredAsync(EmbeddedAgentBudget budget)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await FromAGrain.ChargeAsync(budget.Grains);
            }
            catch (TimeoutException) when (attempt < 10) { }
        }
    }
}

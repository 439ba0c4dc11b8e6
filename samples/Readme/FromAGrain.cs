using AgentBudget;

namespace Readme;

/// <summary>A session as a grain or any client of Orleans uses it, without the client library.</summary>
internal static class FromAGrain
{
    public static async Task<SessionAnswer> ChargeAsync(IGrainFactory grainFactory)
    {
        var session = grainFactory.GetGrain<IBudgetSession>("ticket-4711");

        // Opening again with the same options answers the same; a session that was never opened records nothing, and says SessionUnknown.
        var opened = await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("5.00") } });
        if (opened.Refusal is { } refusal)
            throw new InvalidOperationException($"Not opened: {refusal.Reason}.");

        // The same key is charged once, however often it is sent.
        var answer = await session.ChargeAsync(
            new ChargeCommand
            {
                Cost = Money.Parse("0.0421"),
                Call = Call.Model("gpt-5"),
                Key = "response-8f2c",
            }
        );
        Console.WriteLine(answer.IsGranted ? $"{answer.Standing.Available} left" : $"Not recorded: {answer.Refusal}");

        return answer;
    }
}

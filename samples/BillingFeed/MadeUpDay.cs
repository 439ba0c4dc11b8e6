using AgentBudget;

namespace BillingFeed;

/// <summary>A few sessions of two tenants, with what makes bills hard: a sub-agent, a correction, a late cost, a mere observer.</summary>
internal static class MadeUpDay
{
    /// <summary>Runs them.</summary>
    /// <returns>The ids of the sessions whose money comes from nobody but a tenant.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(EmbeddedAgentBudget budget)
    {
        var research = budget.Tenant("acme/research");
        var writer = await research.OpenAsync("$5.00", "writer");
        await writer.ChargeAsync("gpt-5", new TokenUsage(12_000, 800));
        await writer.ChargeAsync("gpt-5", new TokenUsage(15_000, 1_100));
        await writer.TrackAsync(0, "web_search", "0.01");
        // A sub-agent with money of its own: billed where it was spent, and in the report of its parent.
        await using (var critic = await writer.OpenChildAsync("critic", "$1.00"))
            await critic.ChargeAsync("gpt-5-mini", new TokenUsage(8_000, 400));
        await writer.DisposeAsync();

        var support = await budget.Tenant("acme").OpenAsync("$2.00", "support");
        var wrong = await support.Grain.ChargeAsync(
            new ChargeCommand
            {
                Call = Call.Model("house-model") with { Usage = new TokenUsage(1_000, 100) },
                Cost = Money.Parse("0.250000001"),
                Key = "w",
            }
        );
        await support.Grain.CorrectAsync(
            new CorrectCommand
            {
                EntrySequence = wrong.EntrySequence,
                Difference = -Money.Parse("0.05"),
                Reason = "price of March",
                Key = "c",
            }
        );
        await support.DisposeAsync();
        // The session has ended; the provider's last word comes now, and was spent all the same.
        await support.Grain.ChargeAsync(
            new ChargeCommand
            {
                Call = Call.Model("house-model") with { Usage = new TokenUsage(300, 30) },
                Cost = Money.Parse("0.07"),
                Key = "l",
            }
        );

        var observed = await budget
            .Tenant("beta")
            .OpenAsync(new BudgetSessionOptions { Budget = Money.Parse("0.01"), Mode = SessionMode.Observe }, "look");
        await observed.ChargeAsync("gpt-5", new TokenUsage(20_000, 2_000));
        await observed.DisposeAsync();
        return [writer.Id, support.Id, observed.Id];
    }
}

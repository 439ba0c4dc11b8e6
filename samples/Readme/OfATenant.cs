using AgentBudget;

namespace Readme;

/// <summary>A tenant with limits over all its sessions.</summary>
internal static class OfATenant
{
    public static async Task RunAsync(EmbeddedAgentBudget budget)
    {
        var acme = budget.Tenant("acme");
        await acme.SetAsync(new TenantSettings { MonthlyLimit = Money.Parse("500.00"), DailyLimit = Money.Parse("50.00") });

        await using var session = await budget.Tenant("acme/research").OpenAsync("$5.00"); // acme/research@…, under both
        await session.ChargeAsync("gpt-5", new TokenUsage(12_000, 800));

        var report = await acme.ReportAsync();
        Console.WriteLine($"{report![WindowKind.Month].Spent} of {report[WindowKind.Month].LimitInForce} this month");
        foreach (var run in (await acme.SpendAsync())!.RunsByAgent)
            Console.WriteLine($"{run.Agent}: {run.Runs} runs, {run.Average} each, 99 in 100 below {run.Percentile99}");
    }
}

using AgentBudget;

namespace BillingFeed;

/// <summary>The bill against what tenants and sessions report: the same to the nano-dollar, or somebody has to look.</summary>
internal static class Reconciliation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Compares, and says what it sees.</summary>
    /// <returns>Whether all is the same.</returns>
    public static async Task<bool> WriteAsync(EmbeddedAgentBudget budget, Bill bill, IReadOnlyList<string> sessions, TextWriter output)
    {
        var isRight = true;
        foreach (var path in new[] { "acme", "acme/research", "beta" })
        {
            var billed = bill.Of(TenantPath.Parse(path));
            isRight &= Write(output, $"tenant {path}", billed, await SpentAsync(budget.Tenant(path), billed));
        }

        var reported = Money.Zero;
        foreach (var session in sessions)
            reported += (await budget.Client.Get(session).ReportAsync()).Standing.Spent;
        return Write(output, "all session reports", bill.Total, reported) && isRight;
    }

    private static bool Write(TextWriter output, string whose, Money billed, Money reported)
    {
        output.WriteLine(
            $"{whose, -22} billed {billed, -14} reported {reported, -14} {(billed == reported ? "the same" : $"{reported - billed} apart")}"
        );
        return billed == reported;
    }

    // A report that goes from a session to the tenant above may be under way still.
    private static async Task<Money> SpentAsync(TenantBudget tenant, Money expected)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var spent = (await tenant.ReportAsync())?[WindowKind.Total].Spent ?? Money.Zero;
            if (spent == expected || TimeProvider.System.GetElapsedTime(began) > Patience)
                return spent;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}

using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Checking;

/// <summary>L10: nothing that a tenant's client was told is of another tenant, and no log line and no measure of ours names any.</summary>
internal static class IsolationCheck
{
    public static IEnumerable<Violation> Check(RunRecord run) =>
        run
            .Operations.Select(Check)
            .OfType<Violation>()
            .Concat(
                run.Lines.Where(line => TenantNames.Roots.Any(root => line.Contains(root, StringComparison.Ordinal)))
                    .Select(line => new Violation("L10", "logs and measures", $"a tenant is named: {line}"))
            );

    private static Violation? Check(Operation operation)
    {
        // The client of a tenant is called by it.
        var mine = TenantNames.Worked.FirstOrDefault(root => operation.Invocation.Client.EndsWith($".{root}", StringComparison.Ordinal));
        if (mine is null || operation.Outcome is not { } outcome)
            return null;
        var isForeign = !operation.Invocation.Session.TrimStart('~').StartsWith(mine, StringComparison.Ordinal);
        // An exception names what was asked for, by whoever asked for it.
        var told = HistoryJson.Text(isForeign ? outcome with { LastProblem = null } : outcome);
        if (TenantNames.Roots.FirstOrDefault(root => root != mine && told.Contains(root, StringComparison.Ordinal)) is { } other)
            return Found(operation, $"it was told something of {other}");
        if (!isForeign || outcome.Answer is not { } answer)
            return null;
        var isNothing =
            answer is { Refusal: { Reason: RefusalReason.OtherTenant, Available: var available } }
            && answer.Standing == default
            && available == Money.Zero;
        return isNothing ? null : Found(operation, $"it was answered {HistoryJson.Text(answer)} to what is not its own");
    }

    private static Violation Found(Operation operation, string what) =>
        AnswerCheck.Found(operation.Invocation.Session, "L10", operation, what);
}

using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// Checks a run against the laws. Every answer carries its session's sequence, so nothing is searched: each timeline is replayed through
/// the ledger, and each answer is held against the entry, or the sequence, that it names. Unknown outcomes are what the timeline says.
/// </summary>
public static class HistoryChecker
{
    /// <summary>All violations, session by session.</summary>
    public static IReadOnlyList<Violation> Check(RunRecord run)
    {
        var bySession = run.Operations.ToLookup(operation => operation.Invocation.Session);
        var ids = run
            .Sessions.Keys.Concat(bySession.Select(group => group.Key))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        var violations = new List<Violation>();
        foreach (var id in ids)
        {
            var session = run.Sessions.GetValueOrDefault(id) ?? FinalSession.Missing(id);
            Operation[] operations = [.. bySession[id]];
            var found = TimelineCheck.Check(session, run.ReadAt, run.ExpiryGrace).ToList();
            found.AddRange(new AnswerCheck(session, operations).Check());
            // What does not replay cannot be decided again.
            if (found.Count == 0)
                found.AddRange(new DecisionCheck(session, operations).Check());
            violations.AddRange(found);
        }

        violations.AddRange(new FamilyCheck(run).Check());
        violations.AddRange(new TenantSumCheck(run).Check());
        violations.AddRange(TenantCapCheck.Check(run));
        violations.AddRange(TenantHoldCheck.Check(run));
        violations.AddRange(IsolationCheck.Check(run));
        violations.AddRange(FeedCheck.Check(run));
        return violations;
    }
}

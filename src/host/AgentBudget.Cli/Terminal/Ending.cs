namespace AgentBudget.Cli.Terminal;

/// <summary>Why a session ended, in a sentence.</summary>
public static class Ending
{
    /// <summary>Why a session stands where it stands.</summary>
    /// <param name="report">Its report.</param>
    /// <param name="breakerOpened">The entry that opened the breaker; null takes it from the report's page, where it is in it.</param>
    public static string Describe(SessionReport report, Entry? breakerOpened = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var entry = breakerOpened ?? report.Events.FirstOrDefault(found => found.Sequence == report.BreakerOpenedSequence);
        return report.TerminatedBy switch
        {
            null when report.EndedAt is null => $"Still active, {report.Standing.Available} available.",
            null => "It came to its end: its owner closed it.",
            "budget_exhausted" => Exhausted(report, entry),
            "loop_detected" => Loop(entry),
            "tenant_exhausted" => "Stopped: its tenant has no money left.",
            "expired" => "Expired: it was idle for too long, or its time to live had passed.",
            "stopped" when report.EndedAt is null => "Paused by an operator or its parent; it can be resumed.",
            "stopped" => "Stopped by an operator, or by the end of its parent.",
            var other => $"Stopped: {other}.",
        };
    }

    /// <summary>Why a replayed run ended where it did.</summary>
    public static string Describe(ReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.StoppedAtEvent is not { } number)
            return $"The run came to its end{WithinBudget(result)}.";
        var why = result.Report.TerminatedBy is null ? Refused(result.Refusal) : Describe(result.Report);
        return FormattableString.Invariant($"At event {number} of {result.EventsTotal}, {After(result)} into the run: {why}");
    }

    private static string WithinBudget(ReplayResult result) =>
        result.UnpricedCalls == 0 ? " within its budget" : ", as far as its calls have a price";

    private static string After(ReplayResult result)
    {
        var elapsed = (result.StoppedAt ?? result.Report.OpenedAt) - result.Report.OpenedAt;
        return FormattableString.Invariant($"{(long)elapsed.TotalHours}:{elapsed.Minutes:00}:{elapsed.Seconds:00}");
    }

    private static string Refused(RefusalReason reason) =>
        reason == RefusalReason.TooLarge
            ? "Stopped: the next call costs more than the whole budget, so it was not made."
            : $"Stopped: the next call was refused ({Words.Of(reason)}), so it was not made.";

    private static string Exhausted(SessionReport report, Entry? entry) =>
        entry switch
        {
            { Kind: EntryKind.BreakerOpened, Call: { } call } =>
                $"Stopped at its hard limit: {call.Name} would have cost {entry.Requested} with {entry.After.Available} left, so the "
                    + "call was not made.",
            { Call: { } call } when entry.After.Overage > Money.Zero =>
                $"Stopped at its hard limit: {call.Name} cost {entry.Amount}, which went {entry.After.Overage} over the budget of "
                    + $"{entry.After.Budget}.",
            { Call: { } call } => $"Stopped at its hard limit: {call.Name} cost {entry.Amount}, which brought it to {entry.After.Spent} of "
                + $"{entry.After.Budget}.",
            _ => $"Stopped at its hard limit: the budget of {report.Standing.Budget} is exhausted.",
        };

    private static string Loop(Entry? entry)
    {
        if (entry?.Loop is not { } loop)
            return "Stopped for a loop: the same call came too often.";
        var last = entry.Kind == EntryKind.BreakerOpened ? "; the last of these calls was not made" : "";
        return $"Stopped for a loop: {loop.Finding}, for {loop.Spent}{last}.";
    }
}

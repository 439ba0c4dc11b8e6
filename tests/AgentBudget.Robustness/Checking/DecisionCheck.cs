using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// Decides every operation again, at the place in the timeline where it stands and with the time that stands there: the ledger has to
/// come to the same entry, so that limits, loops and breaker are functions of timeline and clock (L11). A refusal is decided again at
/// the sequence that it names (L5).
/// </summary>
internal sealed class DecisionCheck(FinalSession session, Operation[] operations)
{
    private readonly bool isTenant = !LedgerIds.IsOfASession(session.Id);
    private readonly bool isOfATenant = SessionIds.TenantOf(session.Id) is not null;
    private readonly OpenRows open = new();
    private readonly Queue<Entry> recent = [];
    private SessionHead head = new() { SessionId = session.Id };

    public IEnumerable<Violation> Check()
    {
        var commands = operations
            .Where(operation => operation.Invocation.Key is not null)
            .ToLookup(operation => operation.Invocation.Key!, operation => operation.Invocation.Command!);
        var refusals = operations.Where(operation => operation.IsRefused && IsOfThisSessionAlone(operation)).ToLookup(DecidedAt);
        foreach (var violation in Refusals(refusals[0], session.At(1)))
            yield return violation;
        foreach (var entry in session.Timeline)
        {
            var command =
                entry.Key is { } key && !CompletesAnIntent(entry)
                    ? commands[key].FirstOrDefault(candidate => candidate.HashBody() == entry.BodyHash)
                    : null;
            if (command is not null && Differs(command, entry) is { } differs)
                yield return differs;
            if (CompletedOtherwise(entry, commands) is { } otherwise)
                yield return otherwise;
            Follow(entry);
            foreach (var violation in Refusals(refusals[entry.Sequence], session.At(entry.Sequence + 1)))
                yield return violation;
        }
    }

    // Decided on the state before its own transition, if it caused one.
    private static long DecidedAt(Operation operation)
    {
        var answer = operation.Answer!;
        return HasTransition(answer) ? answer.Standing.Sequence - 1 : answer.Standing.Sequence;
    }

    private static bool HasTransition(SessionAnswer answer) => answer.Signals != EntrySignals.None;

    // What another ledger had a part in was decided there as well.
    private static bool CompletesAnIntent(Entry entry) =>
        entry.Kind == EntryKind.HolderRegistered
        || (entry.Related != 0 && entry.Kind is EntryKind.ToppedUp or EntryKind.BudgetSet or EntryKind.Ended);

    // Known or unknown to its caller: what stands under the key is what was asked for.
    private Violation? CompletedOtherwise(Entry entry, ILookup<string, SessionCommand> commands)
    {
        if (entry.Key is not { } key || !CompletesAnIntent(entry))
            return null;
        var asked = commands[key]
            .Where(candidate => candidate.HashBody() == entry.BodyHash)
            .Select(AnswerCheck.AmountAsked)
            .FirstOrDefault(amount => amount is not null);
        if (asked is null || asked == entry.Amount)
            return null;
        return new Violation(
            "L11",
            session.Id,
            $"entry {entry.Sequence} ({entry.Kind}) completes an operation that asked for {asked} with {entry.Amount}"
        )
        {
            Sequence = entry.Sequence,
        };
    }

    private bool IsOfThisSessionAlone(Operation operation) =>
        operation.Invocation.Command is not (null or OpenCommand or CloseCommand)
        && !isTenant
        // What the tenant has said, and who waits, is no part of the timeline.
        && !(isOfATenant && operation.Answer!.Refusal!.Reason is RefusalReason.InsufficientNow or RefusalReason.TenantExhausted)
        && operation.Answer!.Refusal!.Reason is not (RefusalReason.KeyConflict or RefusalReason.ParentRefused)
        && !(operation.Invocation.Command is TopUpCommand or SetBudgetCommand && session.At(1)?.Link is not null)
        && !(
            operation.Invocation.Command is OpenCarvedChildCommand
            && operation.Answer.Refusal.Reason is RefusalReason.AlreadyOpen or RefusalReason.SessionEnded
        );

    private Violation? Differs(SessionCommand command, Entry entry)
    {
        var decision = Ledger().Execute(command, LookUpsFor(command), entry.At);
        // What comes free by it may cover what is out, which stands in entries of its own; and a tenant begins by its first operation, or
        // goes on in the windows that run.
        Entry[] own = [.. decision.Entries.Where(written => isTenant ? written.Key is not null : written.Kind != EntryKind.HolderCovered)];
        var expected = own.Length == 1 ? own[0] : null;
        if (expected is not null && HistoryJson.Text(expected) == HistoryJson.Text(entry))
            return null;
        var instead =
            expected is not null ? HistoryJson.Text(expected)
            : decision.Answer.Refusal is { } refusal ? $"a refusal, {refusal.Reason}"
            : $"{decision.Entries.Count} entries";
        return new Violation(
            "L11",
            session.Id,
            $"entry {entry.Sequence} is not what its command comes to there:\n  stands  {HistoryJson.Text(entry)}\n  decided {instead}"
        )
        {
            Sequence = entry.Sequence,
        };
    }

    private IEnumerable<Violation> Refusals(IEnumerable<Operation> refused, Entry? next)
    {
        foreach (var operation in refused)
        {
            var answer = operation.Answer!;
            var command = operation.Invocation.Command!;
            var at = HasTransition(answer) && next is not null ? next.At : head.LastEntryAt;
            var decision = Ledger().Execute(command, LookUpsFor(command), at);
            var isOfALoop =
                answer.Refusal!.Reason == RefusalReason.LoopDetected || decision.Answer.Refusal?.Reason == RefusalReason.LoopDetected;
            // Whether calls are a loop depends on the time of the refusal, which nothing has taken down.
            if (isOfALoop)
                continue;
            if (
                decision.Answer.Refusal is { } refusal
                && refusal.Reason == answer.Refusal.Reason
                && refusal.Available == answer.Refusal.Available
            )
                continue;
            var instead = decision.Answer.Refusal is { } other
                ? $"refused for {other.Reason}, with {other.Available} available"
                : "granted";
            yield return AnswerCheck.Found(
                session.Id,
                "L5",
                operation,
                $"it was refused for {answer.Refusal.Reason}, with {answer.Refusal.Available} available, at entry "
                    + $"{answer.Standing.Sequence}, where it is {instead}"
            );
        }
    }

    private SessionLedger Ledger() =>
        head.Sequence == 0
            ? SessionLedger.New(session.Id)
            : SessionLedger.Restore(head, open.Reservations.Values, open.Holders.Values, recent);

    private LookUps LookUpsFor(SessionCommand command)
    {
        var target = head.Sequence == 0 ? 0 : Ledger().EntryToLookUp(command);
        if (target < 1 || target > head.Sequence)
            return LookUps.None;
        return new LookUps
        {
            Target = session.At(target),
            Related = [.. session.Timeline.Take((int)head.Sequence).Where(entry => entry.IsRelatedLookup && entry.Related == target)],
        };
    }

    private void Follow(Entry entry)
    {
        open.Follow(entry);
        head = head.After(entry);
        // What an activation reads: the sense of loops is made of these alone.
        recent.Enqueue(entry);
        if (recent.Count > Bounds.LoopEntries)
            recent.Dequeue();
    }
}

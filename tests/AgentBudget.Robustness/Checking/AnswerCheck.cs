using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// What clients were told, held against the timeline: every acknowledged operation stands in it once and with that answer (L3, L4), a
/// refusal has left nothing (L5), every entry is somebody's, and what was acknowledged before stands before (L7).
/// </summary>
internal sealed class AnswerCheck
{
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMilliseconds(5);

    private readonly FinalSession session;
    private readonly Operation[] operations;
    private readonly Dictionary<string, Entry> byKey = new(StringComparer.Ordinal);
    private readonly ILookup<string, Operation> sentByKey;

    public AnswerCheck(FinalSession session, Operation[] operations)
    {
        this.session = session;
        this.operations = operations;
        foreach (var entry in session.Timeline)
        {
            if (entry.Key is { } key)
                byKey.TryAdd(key, entry);
        }

        sentByKey = operations.Where(operation => operation.Invocation.Key is not null).ToLookup(operation => operation.Invocation.Key!);
    }

    public IEnumerable<Violation> Check() =>
        operations.Select(Check).OfType<Violation>().Concat(session.Timeline.Select(Unexplained).OfType<Violation>()).Concat(OutOfOrder());

    private Violation? Check(Operation operation) =>
        operation switch
        {
            { Outcome.Failure: { } failure } => Found("L12", operation, $"it failed in a way that no fault explains: {failure}"),
            { Outcome.Read: { } read } => CheckStanding(operation, read, session),
            { IsRefused: true } => CheckRefused(operation, operation.Answer!),
            { IsGranted: true } => CheckGranted(operation, operation.Answer!),
            _ => null,
        };

    private Violation? CheckGranted(Operation operation, SessionAnswer answer)
    {
        if (operation.Invocation.Command is OpenCommand)
            return CheckEntry(operation, answer, session.At(1));
        var entry = operation.Invocation.Key is { } key ? byKey.GetValueOrDefault(key) : session.At(answer.EntrySequence);
        // Asked for what was so already: nothing was written, so that the key may stand for something else later on.
        var isNothingNew =
            answer.IsUnchanged
            && (entry is null || entry.Sequence > answer.Standing.Sequence)
            && operation.Invocation.Command
                is PauseCommand
                    or ResumeCommand
                    or CloseCommand
                    or OpenSharedChildCommand
                    or CloseSharedChildCommand
                    or SetTenantCommand;
        if (isNothingNew)
            return CheckStanding(operation, answer.Standing, session);
        if (entry is not null)
            return CheckEntry(operation, answer, entry);
        var stands = session.At(answer.EntrySequence) is { } other
            ? $"; entry {answer.EntrySequence} is {other.Kind} under key {other.Key ?? "-"}"
            : $"; the timeline has {session.Timeline.Count} entries";
        return Found(
            "L3",
            operation,
            $"it was acknowledged as entry {answer.EntrySequence}, but the timeline does not hold its key{stands}"
        );
    }

    private Violation? CheckEntry(Operation operation, SessionAnswer answer, Entry? entry)
    {
        if (entry is null)
            return Found("L3", operation, "it was acknowledged, but the timeline is empty");
        if (entry.BodyHash != operation.Invocation.BodyHash)
            return Found("L4", operation, $"it was acknowledged, but entry {entry.Sequence} stands for another body under its key");
        if (AmountAsked(operation.Invocation.Command!) is { } asked && entry.Amount != asked)
            return Found("L3", operation, $"it asked for {asked}, and entry {entry.Sequence} stands for {entry.Amount}");
        if (operation.Invocation.Command is OpenCommand && answer.IsUnchanged)
            return CheckStanding(operation, answer.Standing, session);
        // How many holders were not reached in time is told and not written.
        var recorded = SessionAnswer.Of(entry, answer.IsReplay) with
        {
            ChildrenNotReached = answer.ChildrenNotReached,
            ChildrenTold = answer.ChildrenTold,
        };
        if (recorded == answer)
            return null;
        return Found(
            answer.EntrySequence == entry.Sequence ? "L3" : "L4",
            operation,
            $"it was answered {HistoryJson.Text(answer)}, but entry {entry.Sequence} stands for {HistoryJson.Text(recorded)}"
        );
    }

    /// <summary>What the entry has to say that carries a command out, where that is known from the command; null where it is not.</summary>
    internal static Money? AmountAsked(SessionCommand command) =>
        command switch
        {
            TopUpCommand topUp => topUp.Amount,
            SetBudgetCommand set => set.Budget,
            OpenCarvedChildCommand open => open.Options.Budget,
            _ => null,
        };

    private Violation? CheckRefused(Operation operation, SessionAnswer answer)
    {
        if (CheckStanding(operation, answer.Standing, session) is { } wrong)
            return wrong;
        var entry = operation.Invocation.Key is { } key ? byKey.GetValueOrDefault(key) : null;
        if (answer.Refusal!.Reason == RefusalReason.KeyConflict)
        {
            // An operation that is under way has its key already; it may have been refused in the end.
            var isTakenUp = session.Timeline.Any(other =>
                other.Intent is { } intent && intent.Key == operation.Invocation.Key && intent.BodyHash != operation.Invocation.BodyHash
            );
            return !isTakenUp && (entry is null || entry.BodyHash == operation.Invocation.BodyHash)
                ? Found("L4", operation, "its key was said to stand for another body, and does not")
                : null;
        }

        if (entry is null || entry.BodyHash != operation.Invocation.BodyHash)
            return null;
        // A refusal binds no key, so what was sent more than once may have been refused first and granted later; never the other way.
        var mayComeLater =
            operation.Outcome!.Attempts > 1
            || sentByKey[operation.Invocation.Key!].Any(other => other != operation && (other.IsGranted || other.IsUnknown));
        if (mayComeLater && entry.Sequence > answer.Standing.Sequence)
            return null;
        return Found("L5", operation, $"it was refused ({answer.Refusal.Reason}), but entry {entry.Sequence} carries it out");
    }

    internal static Violation? CheckStanding(Operation operation, Standing told, FinalSession session)
    {
        if (told.Sequence == 0)
            return told == default ? null : Found(session.Id, "L3", operation, $"a session without entries was said to stand at {told}");
        if (session.At(told.Sequence) is not { } entry)
            return Found(
                session.Id,
                "L3",
                operation,
                $"it was told of entry {told.Sequence}, but the timeline has {session.Timeline.Count} entries"
            );
        return entry.After == told
            ? null
            : Found(
                session.Id,
                "L3",
                operation,
                $"it was told that the session stands at {told}, but entry {told.Sequence} led to {entry.After}"
            );
    }

    // Every entry is an operation's that somebody sent, or of a kind that the ledger writes by itself. A later kind is not, until it is
    // written in here.
    private Violation? Unexplained(Entry entry)
    {
        if (entry.Key is not { } key)
        {
            var isByItself =
                entry.Kind
                is EntryKind.Opened
                    or EntryKind.Expired
                    or EntryKind.Released
                    or EntryKind.BreakerOpened
                    or EntryKind.HardLimitReached
                    or EntryKind.Ended
                    or EntryKind.Paused
                    or EntryKind.Resumed
                    or (>= EntryKind.Intended and <= EntryKind.HolderCovered)
                    or (>= EntryKind.WindowsBegan and <= EntryKind.MoneyReturned)
                    or EntryKind.SoftLimitReached;
            return isByItself
                ? null
                : new Violation("L4", session.Id, $"entry {entry.Sequence} ({entry.Kind}) has no key: nobody sent it")
                {
                    Sequence = entry.Sequence,
                };
        }

        if (sentByKey[key].Any(operation => operation.Invocation.BodyHash == entry.BodyHash))
            return null;
        return new Violation(
            "L4",
            session.Id,
            $"entry {entry.Sequence} ({entry.Kind}) stands under key {key}, which nobody sent with that body"
        )
        {
            Sequence = entry.Sequence,
        };
    }

    // What was sent after another operation was acknowledged comes after it.
    private IEnumerable<Violation> OutOfOrder()
    {
        var written = operations
            .Where(operation => operation is { IsGranted: true, Answer: { IsReplay: false, IsUnchanged: false, EntrySequence: > 0 } })
            .ToArray();
        var byAnswer = new Queue<Operation>(written.OrderBy(operation => operation.Outcome!.At));
        Operation? last = null;
        foreach (var operation in written.OrderBy(operation => operation.Invocation.SentAt))
        {
            while (byAnswer.TryPeek(out var before) && before.Outcome!.At + ClockMargin < operation.Invocation.SentAt)
            {
                byAnswer.Dequeue();
                if (last is null || before.Answer!.EntrySequence > last.Answer!.EntrySequence)
                    last = before;
            }

            if (last is not null && last.Answer!.EntrySequence >= operation.Answer!.EntrySequence)
                yield return Found(
                    "L7",
                    operation,
                    $"it was sent after entry {last.Answer.EntrySequence} was acknowledged, and became entry "
                        + $"{operation.Answer.EntrySequence}"
                );
        }
    }

    private Violation Found(string law, Operation operation, string what) => Found(session.Id, law, operation, what);

    internal static Violation Found(string session, string law, Operation operation, string what) =>
        new(law, session, $"{operation.Invocation.Word} {operation.Invocation.Key ?? "without a key"}: {what}")
        {
            Operation = operation,
            Sequence = operation.Answer?.EntrySequence ?? 0,
        };
}

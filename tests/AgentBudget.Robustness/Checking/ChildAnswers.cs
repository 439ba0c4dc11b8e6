using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>Answers that stand on two timelines: a parent's and a carved child's.</summary>
internal static class ChildAnswers
{
    /// <summary>A child that was said to be open: the parent has set the money aside, and the child was opened with it.</summary>
    public static Violation? Check(
        Operation operation,
        FinalSession parent,
        IReadOnlyDictionary<string, FinalSession> all,
        Dictionary<string, Entry> parentKeys
    )
    {
        var request = operation.Invocation.Child!;
        if (parentKeys.GetValueOrDefault(request.Key!) is not { Kind: EntryKind.Carved } carve)
            return Found(operation, parent, "L3", "a child was said to be open, but no money was carved for it");
        if (carve.BodyHash != operation.Invocation.BodyHash)
            return Found(operation, parent, "L4", $"entry {carve.Sequence} stands for another body under its key");
        if (all.GetValueOrDefault(request.Child) is not { } child || child.At(1) is not { Kind: EntryKind.Opened } opened)
            return Found(operation, parent, "L3", "a child was said to be open, but its timeline is empty");
        if (opened.Origin?.CarveId != carve.Sequence || opened.Origin.ParentId != parent.Id || opened.Amount != carve.Amount)
            return Found(
                operation,
                parent,
                "L2",
                $"the child was opened with {opened.Amount} of carve {opened.Origin?.CarveId}, but entry {carve.Sequence} carved {carve.Amount} for it"
            );
        var answer = operation.Answer!;
        if (answer.IsReplay)
            return AnswerCheck.CheckStanding(operation, answer.Standing, child);
        return answer == SessionAnswer.Of(opened)
            ? null
            : Found(
                operation,
                parent,
                "L3",
                $"it was answered {HistoryJson.Text(answer)}, but the child's first entry stands for {HistoryJson.Text(SessionAnswer.Of(opened))}"
            );
    }

    /// <summary>A child that was refused: nothing was carved, or all of it has come back, or will.</summary>
    public static Violation? CheckRefused(
        Operation operation,
        FinalSession parent,
        IReadOnlyDictionary<string, FinalSession> all,
        Dictionary<string, Entry> parentKeys
    )
    {
        var request = operation.Invocation.Child!;
        if (
            parentKeys.GetValueOrDefault(request.Key!) is not { } carve
            || carve.BodyHash != operation.Invocation.BodyHash
            || operation.Outcome!.Attempts > 1
        )
            return null;
        var isOpened =
            all.GetValueOrDefault(request.Child)?.At(1) is { Kind: EntryKind.Opened, Origin: { } origin }
            && origin.ParentId == parent.Id
            && origin.CarveId == carve.Sequence;
        return isOpened
            ? Found(operation, parent, "L5", $"it was refused ({operation.Answer!.Refusal!.Reason}), but the child was opened")
            : null;
    }

    /// <summary>
    /// Whether a child's top-up that has no entry under its own key was accepted all the same: money that a caller who went away had set
    /// aside is accepted in order, by whoever comes next.
    /// </summary>
    public static bool IsAcceptedInOrder(Operation operation, FinalSession child, IReadOnlyDictionary<string, FinalSession> all)
    {
        if (operation.Answer is not { IsReplay: true, EntrySequence: 0 } || child.At(1)?.Origin is not { } origin)
            return false;
        var key = FormattableString.Invariant($"top-up:{origin.CarveId}:{operation.Invocation.Key}");
        var carve = all.GetValueOrDefault(origin.ParentId)
            ?.Timeline.FirstOrDefault(entry => entry.Kind == EntryKind.Carved && entry.Key == key);
        return carve is not null
            && child.Timeline.Any(entry =>
                entry.Kind == EntryKind.ToppedUp && entry.CarveNumber == carve.CarveNumber && entry.Amount == carve.Amount
            );
    }

    private static Violation Found(Operation operation, FinalSession parent, string law, string what) =>
        AnswerCheck.Found(parent.Id, law, operation, what);
}

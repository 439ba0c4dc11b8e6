namespace AgentBudget.Robustness.Checking;

/// <summary>
/// Parent and carved children: a child has only what was set aside for it, in order and once (L2); what comes back is what it spent when
/// it was sealed, once; late charges are passed on once (L1).
/// </summary>
internal static class FamilyCheck
{
    public static IEnumerable<Violation> Check(FinalSession parent, IReadOnlyDictionary<string, FinalSession> all)
    {
        foreach (var first in parent.Timeline.Where(entry => entry is { Kind: EntryKind.Carved, CarveNumber: 1 }))
        {
            var child = all.GetValueOrDefault(first.Child!) ?? FinalSession.Missing(first.Child!);
            // The id may belong to a session of somebody else, whose open was refused.
            var isOurs = child.At(1)?.Origin is { } origin && origin.ParentId == parent.Id && origin.CarveId == first.Sequence;
            if (isOurs && Overdrawn(parent, first, child) is { } overdrawn)
                yield return overdrawn;
            foreach (var violation in Returned(parent, first, isOurs ? child : FinalSession.Missing(child.Id)))
                yield return violation;
            foreach (var violation in Forwarded(parent, first, child))
                yield return violation;
        }
    }

    private static Violation? Overdrawn(FinalSession parent, Entry first, FinalSession child)
    {
        var carved = parent
            .Timeline.Where(entry => entry.Kind == EntryKind.Carved && (entry == first || entry.Related == first.Sequence))
            .ToDictionary(entry => entry.CarveNumber, entry => entry.Amount);
        var accepted = child
            .Timeline.Where(entry => entry.Kind is EntryKind.Opened or EntryKind.ToppedUp)
            .Select(entry => (Number: entry.Kind == EntryKind.Opened ? 1 : entry.CarveNumber, entry.Amount, entry.Sequence));
        var expected = 1;
        foreach (var (number, amount, sequence) in accepted)
        {
            if (number != expected || !carved.TryGetValue(number, out var set) || set != amount)
                return new Violation(
                    "L2",
                    child.Id,
                    $"entry {sequence} takes {amount} as carve {number}; the parent {parent.Id} has carved {string.Join(", ", carved.Select(pair => $"{pair.Key}: {pair.Value}"))}"
                )
                {
                    Sequence = sequence,
                };
            expected++;
        }

        return null;
    }

    private static IEnumerable<Violation> Returned(FinalSession parent, Entry first, FinalSession child)
    {
        var returns = parent.Timeline.Where(entry => entry.Kind == EntryKind.CarveReturned && entry.Related == first.Sequence).ToArray();
        if (returns.Length > 1)
            yield return Found(
                parent,
                returns[1],
                $"the money of carve {first.Sequence} came back in entries {returns[0].Sequence} and {returns[1].Sequence}"
            );
        if (returns.Length == 0)
            yield break;
        var end = child.Timeline.FirstOrDefault(entry => entry.Kind == EntryKind.Ended);
        if (child.Timeline.Count > 0 && end is null)
            yield return Found(parent, returns[0], $"the money of {child.Id} came back, but that session has not ended");
        var spent = end?.After.Spent ?? Money.Zero;
        if (returns[0].Amount != spent)
            yield return Found(
                parent,
                returns[0],
                $"{child.Id} had spent {spent} when it ended, but {returns[0].Amount} came to the parent"
            );
    }

    private static IEnumerable<Violation> Forwarded(FinalSession parent, Entry first, FinalSession child)
    {
        var prefix = FormattableString.Invariant($"late:{first.Sequence}:");
        foreach (
            var entry in parent.Timeline.Where(entry =>
                entry.Kind == EntryKind.Charged && entry.Key?.StartsWith(prefix, StringComparison.Ordinal) == true
            )
        )
        {
            var late = child.At(long.Parse(entry.Key![prefix.Length..], System.Globalization.CultureInfo.InvariantCulture));
            if (late is null || late.Amount != entry.Amount || late.After.End == EndReason.None)
                yield return Found(
                    parent,
                    entry,
                    $"{entry.Amount} was passed on as a late charge of {child.Id}, whose entry is {(late is null ? "missing" : $"{late.Kind} of {late.Amount}")}"
                );
        }
    }

    private static Violation Found(FinalSession parent, Entry entry, string what) =>
        new("L1", parent.Id, what) { Sequence = entry.Sequence };
}

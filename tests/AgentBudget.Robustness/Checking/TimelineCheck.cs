using System.Text.RegularExpressions;
using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>
/// What a timeline has to be by itself: numbered without gaps (L7), a fold that keeps the money's laws (L1, L2) and gives the stored
/// head, each key once (L4), each reservation ended once and in time (L6), nothing authorised past an open breaker (L11).
/// </summary>
internal static partial class TimelineCheck
{
    public static IEnumerable<Violation> Check(FinalSession session, DateTimeOffset readAt, TimeSpan expiryGrace)
    {
        var walk = new Walk(session.Id);
        foreach (var entry in session.Timeline)
        {
            var found = walk.Step(entry).ToArray();
            foreach (var violation in found)
                yield return violation;
            // After a gap or a broken law nothing that follows means anything.
            if (walk.IsBroken)
                yield break;
        }

        if (session.Stored is not { } stored)
        {
            if (session.Timeline.Count > 0)
                yield return new Violation("L1", session.Id, "there is a timeline, but no head");
            yield break;
        }

        if (HistoryJson.Text(stored.Head) != HistoryJson.Text(walk.Head))
            yield return new Violation(
                "L1",
                session.Id,
                $"the stored head is not the fold of the timeline:\n  stored {HistoryJson.Text(stored.Head)}\n  folded "
                    + $"{HistoryJson.Text(walk.Head)}"
            );
        var storedOpen = HistoryJson.Text(stored.OpenReservations.OrderBy(open => open.Id).ToArray());
        if (storedOpen != HistoryJson.Text(walk.Open.Reservations.Values.OrderBy(open => open.Id).ToArray()))
            yield return new Violation("L6", session.Id, $"the stored open reservations are not those of the timeline: {storedOpen}");
        var storedRows = HistoryJson.Text(stored.OpenHolders.OrderBy(row => row.Number).ToArray());
        if (storedRows != HistoryJson.Text(walk.Open.Holders.Values.OrderBy(row => row.Number).ToArray()))
            yield return new Violation("L6", session.Id, $"the stored rows of holders are not those of the timeline: {storedRows}");
        foreach (var late in walk.Open.Reservations.Values.Where(open => open.ExpiresAt + expiryGrace < readAt))
            yield return new Violation(
                "L6",
                session.Id,
                $"reservation {late.Id} was due at {late.ExpiresAt:HH:mm:ss} and is still open at {readAt:HH:mm:ss}"
            )
            {
                Sequence = late.Id,
            };
    }

    [GeneratedRegex(@"\(L(\d+)\)")]
    private static partial Regex NamedLaw();

    private sealed class Walk(string id)
    {
        private readonly Dictionary<string, long> keys = new(StringComparer.Ordinal);
        private readonly Dictionary<long, EntryKind> ends = [];
        private readonly HashSet<long> settledLate = [];

        public SessionHead Head { get; private set; } = new() { SessionId = id };

        public OpenRows Open { get; } = new();

        public bool IsBroken { get; private set; }

        public IEnumerable<Violation> Step(Entry entry)
        {
            if (entry.Sequence != Head.Sequence + 1)
            {
                IsBroken = true;
                yield return Found("L7", entry, $"entry {entry.Sequence} stands after entry {Head.Sequence}");
                yield break;
            }

            if (entry.Key is { } key && !keys.TryAdd(key, entry.Sequence))
                yield return Found("L4", entry, $"key {key} stands at entries {keys[key]} and {entry.Sequence}");
            if (IsForbidden(entry) is { } forbidden)
                yield return Found("L11", entry, forbidden);
            if (EndTwice(entry) is { } twice)
                yield return Found("L6", entry, twice);
            if (Advance(entry) is { } broken)
                yield return broken;
        }

        private Violation? Advance(Entry entry)
        {
            try
            {
                Open.Follow(entry);
                Head = Head.After(entry);
            }
            catch (LedgerLawViolationException exception)
            {
                IsBroken = true;
                return Found(
                    NamedLaw().Match(exception.Message) is { Success: true } law ? $"L{law.Groups[1].Value}" : "L1",
                    entry,
                    exception.Message
                );
            }
            catch (Exception exception) when (exception is KeyNotFoundException or NullReferenceException or InvalidOperationException)
            {
                IsBroken = true;
                return Found(
                    "L6",
                    entry,
                    $"entry {entry.Sequence} ({entry.Kind}) does not follow from what stands before it: {exception.Message}"
                );
            }

            if (Head.Standing == entry.After)
                return null;
            return Found(
                "L1",
                entry,
                $"after entry {entry.Sequence} the session stands at {Head.Standing} by its timeline, but the entry says {entry.After}"
            );
        }

        private string? IsForbidden(Entry entry)
        {
            if (
                entry.Kind is not (EntryKind.Reserved or EntryKind.Grown or EntryKind.HolderOpened or EntryKind.HolderGranted)
                || Head.Options is null
            )
                return null;
            if (Head.End != EndReason.None)
                return $"entry {entry.Sequence} sets money aside in a session that has ended";
            var breaker = Head.Breaker;
            if (breaker.State == BreakerState.Closed || Head.Options.Mode == SessionMode.Observe)
                return null;
            var mayPass =
                entry.Signals.HasFlag(EntrySignals.Final)
                && breaker is { OpenReason: OpenReason.BudgetExhausted, PausedBy: PauseSources.None };
            // It closes a breaker that its tenant's exhaustion opened, and says so.
            var closes =
                entry is { Kind: EntryKind.Reserved or EntryKind.Grown, Signals: var signals }
                && signals.HasFlag(EntrySignals.BreakerClosed)
                && breaker is { OpenReason: OpenReason.TenantExhausted, PausedBy: PauseSources.None };
            return mayPass || closes
                ? null
                : $"entry {entry.Sequence} sets {entry.Amount} aside while the breaker is {breaker.State} ({breaker.OpenReason})";
        }

        private string? EndTwice(Entry entry)
        {
            switch (entry.Kind)
            {
                case EntryKind.Settled or EntryKind.Released or EntryKind.Expired:
                    return ends.TryAdd(entry.Related, entry.Kind)
                        ? null
                        : $"reservation {entry.Related} ended as {ends[entry.Related]} and, in entry {entry.Sequence}, as {entry.Kind}";
                case EntryKind.Charged when entry.Related != 0:
                    if (!ends.TryGetValue(entry.Related, out var end) || end == EntryKind.Settled)
                        return $"entry {entry.Sequence} settles reservation {entry.Related} late, but that was never given back";
                    return settledLate.Add(entry.Related)
                        ? null
                        : $"entry {entry.Sequence} settles reservation {entry.Related} late for the second time";
                default:
                    return null;
            }
        }

        private Violation Found(string law, Entry entry, string what) => new(law, id, what) { Sequence = entry.Sequence };
    }
}

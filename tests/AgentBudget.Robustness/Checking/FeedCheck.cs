namespace AgentBudget.Robustness.Checking;

/// <summary>An event as a consumer received it.</summary>
/// <param name="Ledger">Its ledger.</param>
/// <param name="Sequence">Its entry.</param>
/// <param name="Part">Which of the entry's events.</param>
/// <param name="Parts">How many it has.</param>
/// <param name="Previous">The entry before it with events.</param>
public readonly record struct EventSeen(string Ledger, long Sequence, int Part, int Parts, long Previous);

/// <summary>L7: events that were received, repeats dropped, are those of the timelines, each ledger's in its order: none is missing, and
/// none is there that nobody wrote.</summary>
internal static class FeedCheck
{
    public static IEnumerable<Violation> Check(RunRecord run)
    {
        if (run.Events is not { } events)
            yield break;
        var received = events.ToLookup(seen => seen.Ledger, StringComparer.Ordinal);
        foreach (var session in run.Sessions.Values.Where(session => session.Stored is not null))
        {
            EventSeen[] expected = [.. Of(session)];
            EventSeen[] got = [.. received[session.Id]];
            var same = expected.Zip(got).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same == expected.Length && same == got.Length)
                continue;
            var wanted = same < expected.Length ? $"{expected[same]}" : "nothing";
            var came = same < got.Length ? $"{got[same]}" : "nothing";
            yield return new Violation("L7", session.Id, $"event {same + 1} of {expected.Length} is {wanted}; {came} was received")
            {
                Sequence = same < expected.Length ? expected[same].Sequence : 0,
            };
        }

        foreach (var stranger in received.Where(ledger => run.Sessions.GetValueOrDefault(ledger.Key)?.Stored is null))
            yield return new Violation("L7", stranger.Key, $"{stranger.Count()} events of a ledger that is not there were received");
    }

    private static IEnumerable<EventSeen> Of(FinalSession session)
    {
        var (origin, previous) = (EventOrigin.Of(session.Stored!.Head), 0L);
        foreach (var entry in session.Timeline)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            foreach (var of in events)
                yield return new EventSeen(session.Id, of.Sequence, of.Part, of.Parts, of.Previous);
            if (events.Count > 0)
                previous = entry.Sequence;
        }
    }
}

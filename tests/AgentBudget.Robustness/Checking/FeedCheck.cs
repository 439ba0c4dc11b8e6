using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Checking;

/// <summary>An event as a consumer received it.</summary>
/// <param name="Ledger">Its ledger.</param>
/// <param name="Sequence">Its entry.</param>
/// <param name="Part">Which of the entry's events.</param>
/// <param name="Parts">How many it has.</param>
/// <param name="Previous">The entry before it with events.</param>
/// <param name="Type">Its type.</param>
/// <param name="Cost">What it bills; zero where it bills nothing.</param>
/// <param name="Spent">What its ledger has spent after it.</param>
public readonly record struct EventSeen(
    string Ledger,
    long Sequence,
    int Part,
    int Parts,
    long Previous,
    string Type,
    Money Cost,
    Money Spent
)
{
    /// <summary>What is compared of an event.</summary>
    public static EventSeen Of(BudgetEvent of)
    {
        ArgumentNullException.ThrowIfNull(of);
        var cost = of is ChargeEvent charge ? charge.Cost : Money.Zero;
        return new(of.Origin.Ledger, of.Sequence, of.Part, of.Parts, of.Previous, of.Type, cost, of.After.Spent);
    }
}

/// <summary>
/// L7: events that were received, repeats dropped, are those of the timelines, each ledger's in its order, with the amounts that stand
/// there: none is missing, and none is there that nobody wrote. What they bill together is what each session spent itself, which its head
/// says and no event.
/// </summary>
public static class FeedCheck
{
    /// <summary>What is wrong with what was received.</summary>
    public static IEnumerable<Violation> Check(RunRecord run)
    {
        if (run.Events is not { } events)
            yield break;
        var received = events.ToLookup(seen => seen.Ledger, StringComparer.Ordinal);
        var (billed, spent) = (Money.Zero, Money.Zero);
        foreach (var session in run.Sessions.Values.Where(session => session.Stored is not null))
        {
            EventSeen[] got = [.. received[session.Id]];
            if (Differing(session, got) is { } differing)
                yield return differing;
            var (mine, own) = (BilledBy(got), SpentItself(session));
            (billed, spent) = (billed + mine, spent + own);
            if (mine != own)
                yield return new Violation("L7", session.Id, $"its events bill {mine}; it has spent {own} itself");
        }

        if (billed != spent)
            yield return new Violation("L7", "the feed", $"all events bill {billed}; all sessions have spent {spent} themselves");
        foreach (var stranger in received.Where(ledger => run.Sessions.GetValueOrDefault(ledger.Key)?.Stored is null))
            yield return new Violation("L7", stranger.Key, $"{stranger.Count()} events of a ledger that is not there were received");
    }

    /// <summary>What events bill together.</summary>
    public static Money BilledBy(IEnumerable<EventSeen> events) => events.Aggregate(Money.Zero, (sum, seen) => sum + seen.Cost);

    /// <summary>The events of a timeline.</summary>
    public static IEnumerable<EventSeen> Of(FinalSession session)
    {
        var (origin, previous) = (EventOrigin.Of(session.Stored!.Head), 0L);
        foreach (var entry in session.Timeline)
        {
            var events = BudgetEvents.Of(entry, origin, previous);
            foreach (var of in events)
                yield return EventSeen.Of(of);
            if (events.Count > 0)
                previous = entry.Sequence;
        }
    }

    private static Violation? Differing(FinalSession session, EventSeen[] got)
    {
        EventSeen[] expected = [.. Of(session)];
        var same = expected.Zip(got).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same == expected.Length && same == got.Length)
            return null;
        var wanted = same < expected.Length ? $"{expected[same]}" : "nothing";
        var came = same < got.Length ? $"{got[same]}" : "nothing";
        return new Violation("L7", session.Id, $"event {same + 1} of {expected.Length} is {wanted}; {came} was received")
        {
            Sequence = same < expected.Length ? expected[same].Sequence : 0,
        };
    }

    // What those below it spent is in their own events; a tenant spends nothing itself.
    private static Money SpentItself(FinalSession session)
    {
        if (!LedgerIds.IsOfASession(session.Id))
            return Money.Zero;
        return session
            .Timeline.Where(entry => entry.Kind is EntryKind.HolderReported or EntryKind.HolderRestored)
            .Aggregate(session.Stored!.Head.Spent, (own, reported) => own - reported.Amount);
    }
}

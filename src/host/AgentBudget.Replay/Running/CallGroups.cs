namespace AgentBudget.Replay.Running;

/// <summary>
/// The same tool call recorded several times at the same moment was asked for in one go: an agent's program sets the money for all of
/// them aside before the first has ended, and so does a replay.
/// </summary>
internal static class CallGroups
{
    /// <summary>The events, those that were asked for in one go together.</summary>
    public static IEnumerable<ArraySegment<PricedEvent>> Of(IReadOnlyList<PricedEvent> events)
    {
        var all = events.ToArray();
        for (var start = 0; start < all.Length; )
        {
            var end = start + 1;
            while (end < all.Length && end - start < Bounds.OpenReservations && AreTwins(all[start], all[end]))
                end++;
            yield return new ArraySegment<PricedEvent>(all, start, end - start);
            start = end;
        }
    }

    private static bool AreTwins(in PricedEvent first, in PricedEvent next) =>
        first.Call is { Kind: CallKind.Tool, Fingerprint: not 0 } call
        && next.Call.Kind == CallKind.Tool
        && next.Event.Elapsed == first.Event.Elapsed
        && next.Call.Fingerprint == call.Fingerprint
        && next.Call.Agent == call.Agent;
}

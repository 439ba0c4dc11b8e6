namespace AgentBudget.Ledger;

/// <summary>Why a call was taken for a loop.</summary>
/// <param name="Name">The tool or model.</param>
/// <param name="Fingerprint">The call's fingerprint.</param>
/// <param name="Count">How often it came, this call included.</param>
/// <param name="WindowSeconds">The window, in whole seconds, that was looked back.</param>
public sealed record LoopEvidence(string Name, ulong Fingerprint, int Count, int WindowSeconds);

/// <summary>
/// The last calls of a session that can repeat, at most <see cref="Bounds.LoopCalls"/>. A function of the timeline: it is filled by
/// entries alone, so an activation that reads them back reaches the same verdicts.
/// </summary>
public sealed class LoopWindow
{
    private const int SmallestCapacity = 8;

    private (ulong Scope, long UtcTicks)[] calls = [];
    // How many remembered calls fall on each place, by the low bits of their scope: almost always this alone tells that a call has not
    // come often enough, and the calls need not be looked through.
    private ushort[] counts = [];
    private int start;

    /// <summary>How many calls are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Remembers a call. Calls without a fingerprint never repeat and are not kept.</summary>
    public void Add(Call call, string? child, DateTimeOffset at, TimeSpan longestWindow)
    {
        if (call.Fingerprint == 0) return;
        Forget((at - longestWindow).UtcTicks);
        if (Count == calls.Length) MakeRoom();
        var scope = Scope(call, child);
        calls[(start + Count) % calls.Length] = (scope, at.UtcTicks);
        counts[PlaceOf(scope)]++;
        Count++;
    }

    /// <summary>Forgets everything: an operator resumed the session.</summary>
    public void Clear() => (calls, counts, start, Count) = ([], [], 0, 0);

    /// <summary>Whether one more call now, at the end of the window, would make a loop; the evidence if so.</summary>
    public LoopEvidence? Check(Call call, string? child, LoopRule rule, DateTimeOffset now)
    {
        if (call.Fingerprint == 0 || !rule.Enabled || Count < rule.Calls - 1) return null;
        var scope = Scope(call, child);
        if (counts[PlaceOf(scope)] < rule.Calls - 1) return null;
        var count = 1 + CountSince(scope, (now - rule.Window).UtcTicks);
        return count >= rule.Calls ? new LoopEvidence(call.Name, call.Fingerprint, count, (int)rule.Window.TotalSeconds) : null;
    }

    // Agents and shared children of one session do not share a streak.
    private static ulong Scope(Call call, string? child)
    {
        if (call.Agent is null && child is null) return call.Fingerprint;
        var hash = default(BodyHash);
        hash.Add((long)call.Fingerprint);
        hash.Add(call.Agent);
        hash.Add(child);
        return (ulong)hash.Value;
    }

    // Lengths are powers of two.
    private int PlaceOf(ulong scope) => (int)(scope & (ulong)(counts.Length - 1));

    private int CountSince(ulong scope, long afterUtcTicks)
    {
        var count = 0;
        for (var i = Count - 1; i >= 0; i--)
        {
            var (known, at) = calls[(start + i) % calls.Length];
            if (at <= afterUtcTicks) break;
            if (known == scope) count++;
        }

        return count;
    }

    private void Forget(long upToUtcTicks)
    {
        while (Count > 0 && calls[start].UtcTicks <= upToUtcTicks) RemoveOldest();
    }

    private void RemoveOldest()
    {
        counts[PlaceOf(calls[start].Scope)]--;
        start = (start + 1) % calls.Length;
        Count--;
    }

    private void MakeRoom()
    {
        if (calls.Length == Bounds.LoopCalls)
        {
            RemoveOldest();
            return;
        }

        var larger = new (ulong, long)[Math.Min(Bounds.LoopCalls, Math.Max(SmallestCapacity, calls.Length * 2))];
        for (var i = 0; i < Count; i++) larger[i] = calls[(start + i) % calls.Length];
        (calls, start) = (larger, 0);
        counts = new ushort[larger.Length];
        for (var i = 0; i < Count; i++) counts[PlaceOf(calls[i].Scope)]++;
    }
}

using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>Gives a session that is loaded without its last entry, and lets the next one take that entry's place and number.</summary>
public sealed class RewindingStore(ILedgerStore inner) : DecoratedStore(inner)
{
    private const int PageSize = 1_000;

    private readonly ConcurrentDictionary<string, long> rewound = new(StringComparer.Ordinal);

    public override async ValueTask<StoredSession?> LoadAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (await Inner.LoadAsync(sessionId, cancellationToken) is not { Head.Sequence: > 2 } stored) return await Inner.LoadAsync(sessionId, cancellationToken);
        var timeline = await TimelineAsync(sessionId);
        if (timeline[^1].Key is null) return stored;
        rewound[sessionId] = timeline.Count - 1;
        return Without(stored, timeline);
    }

    public override async ValueTask<IReadOnlyList<Entry>> ReadAsync(string sessionId, long fromSequence, int count, CancellationToken cancellationToken)
    {
        var entries = await Inner.ReadAsync(sessionId, fromSequence, count, cancellationToken);
        return rewound.TryGetValue(sessionId, out var last) ? [.. entries.Where(entry => entry.Sequence <= last)] : entries;
    }

    public override async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<SessionAppend> batch)
    {
        SessionAppend[] appends = [.. batch];
        foreach (var append in appends)
        {
            if (rewound.TryRemove(append.Head.SessionId, out var last) && append.ExpectedSequence == last) await TakeLastAwayAsync(append.Head.SessionId, last);
        }

        return await Inner.AppendAsync(appends);
    }

    private async Task TakeLastAwayAsync(string sessionId, long last)
    {
        if (await Inner.LoadAsync(sessionId, CancellationToken.None) is not { } stored || stored.Head.Sequence != last + 1) return;
        var timeline = await TimelineAsync(sessionId);
        var kept = Without(stored, timeline);
        await Inner.PurgeAsync(sessionId, last + 1, CancellationToken.None);
        await Inner.AppendAsync([new SessionAppend(last, 0, [.. timeline.Take((int)last)], kept.Head, kept.DueAt, IsDueChanged: true)]);
    }

    private static StoredSession Without(StoredSession stored, List<Entry> timeline)
    {
        var open = new Dictionary<long, Reservation>();
        var head = new SessionHead { SessionId = stored.Head.SessionId };
        foreach (var entry in timeline.SkipLast(1))
        {
            Reservation.Follow(open, entry);
            head = head.After(entry);
        }

        return new StoredSession(head, [.. open.Values], stored.DueAt);
    }

    private async Task<List<Entry>> TimelineAsync(string sessionId)
    {
        var entries = new List<Entry>();
        while (await Inner.ReadAsync(sessionId, entries.Count + 1, PageSize, CancellationToken.None) is { Count: > 0 } page) entries.AddRange(page);
        return entries;
    }
}

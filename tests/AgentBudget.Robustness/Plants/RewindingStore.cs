using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>Gives a session that is loaded without its last entry, and lets the next one take that entry's place and number.</summary>
public sealed class RewindingStore(ILedgerStore inner) : DecoratedStore(inner)
{
    private const int PageSize = 1_000;

    private readonly ConcurrentDictionary<string, long> rewound = new(StringComparer.Ordinal);

    public override async ValueTask<StoredLedger?> LoadAsync(string ledgerId, CancellationToken cancellationToken)
    {
        if (await Inner.LoadAsync(ledgerId, cancellationToken) is not { Head.Sequence: > 2 } stored)
            return await Inner.LoadAsync(ledgerId, cancellationToken);
        var timeline = await TimelineAsync(ledgerId);
        if (timeline[^1].Key is null)
            return stored;
        rewound[ledgerId] = timeline.Count - 1;
        return Without(stored, timeline);
    }

    public override async ValueTask<SessionHead?> LoadHeadAsync(string ledgerId, CancellationToken cancellationToken) =>
        (await LoadAsync(ledgerId, cancellationToken))?.Head;

    public override async ValueTask<IReadOnlyList<Entry>> ReadAsync(
        string ledgerId,
        long fromSequence,
        int count,
        CancellationToken cancellationToken
    )
    {
        var entries = await Inner.ReadAsync(ledgerId, fromSequence, count, cancellationToken);
        return rewound.TryGetValue(ledgerId, out var last) ? [.. entries.Where(entry => entry.Sequence <= last)] : entries;
    }

    public override async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        LedgerAppend[] appends = [.. batch];
        foreach (var append in appends)
        {
            if (rewound.TryRemove(append.Head.SessionId, out var last) && append.ExpectedSequence == last)
                await TakeLastAwayAsync(append.Head.SessionId, last);
        }

        return await Inner.AppendAsync(appends);
    }

    private async Task TakeLastAwayAsync(string ledgerId, long last)
    {
        if (await Inner.LoadAsync(ledgerId, CancellationToken.None) is not { } stored || stored.Head.Sequence != last + 1)
            return;
        var timeline = await TimelineAsync(ledgerId);
        var kept = Without(stored, timeline);
        await Inner.PurgeAsync(ledgerId, stored.Head.Life, last + 1, CancellationToken.None);
        await Inner.AppendAsync([new LedgerAppend(last, 0, [.. timeline.Take((int)last)], kept.Head, kept.DueAt, IsDueChanged: true)]);
    }

    private static StoredLedger Without(StoredLedger stored, List<Entry> timeline)
    {
        var beside = new SideRows();
        var head = new SessionHead { SessionId = stored.Head.SessionId };
        foreach (var entry in timeline.SkipLast(1))
        {
            beside.Follow(EntryRows.ChangeOf(entry));
            head = head.After(entry);
        }

        return beside.Of(head, stored.DueAt);
    }

    private async Task<List<Entry>> TimelineAsync(string ledgerId)
    {
        var entries = new List<Entry>();
        while (await Inner.ReadAsync(ledgerId, entries.Count + 1, PageSize, CancellationToken.None) is { Count: > 0 } page)
            entries.AddRange(page);
        return entries;
    }
}

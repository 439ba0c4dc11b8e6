using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Checking;

/// <summary>When nothing is under way between parents and children any more.</summary>
public static class Rest
{
    private const int AtOnce = 32;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>Looks at the store again and again until all is at rest, or the time is up.</summary>
    /// <param name="store">The store.</param>
    /// <param name="ids">All sessions.</param>
    /// <param name="patience">How long that may take.</param>
    /// <param name="time">The clock.</param>
    /// <returns>A session that is not at rest; null when all are.</returns>
    public static async Task<string?> WaitAsync(ILedgerStore store, IReadOnlyCollection<string> ids, TimeSpan patience, TimeProvider time)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            var restless = FindRestless(await LoadAsync(store, ids));
            if (restless is null || time.GetElapsedTime(since) >= patience)
                return restless;
            await Task.Delay(LookEvery, time);
        }
    }

    /// <summary>A session that waits for another ledger, or that another ledger waits for; null when there is none.</summary>
    public static string? FindRestless(IReadOnlyDictionary<string, StoredLedger> ledgers)
    {
        foreach (var (id, ledger) in ledgers)
        {
            if (ledger.Head.Intents.Count > 0 || ledger.Head.AwaitsFirstGrant || ledger.OpenHolders.Any(row => !IsAtRest(row, ledgers)))
                return id;
            if (ledger.Head is { End: not EndReason.None, Link.HasNews: true })
                return id;
        }

        return null;
    }

    /// <summary>Whether a session that its tenant admitted is there and has had nothing to say: it registers with its first word.</summary>
    public static bool IsYetToSpeak(HolderRow row, StoredLedger? holder) =>
        row is { HolderLife: 0, Policy: not HolderPolicy.Carved } && holder?.Head is { End: EndReason.None, Link.HasNews: false };

    // What a tenant has granted and a holder has not heard of is there for the next who asks, or is called back.
    private static bool IsAtRest(HolderRow row, IReadOnlyDictionary<string, StoredLedger> ledgers)
    {
        var holder = ledgers.GetValueOrDefault(row.HolderId);
        return row.HolderLife == 0
            ? IsYetToSpeak(row, holder)
            : holder?.Head is { Link: { } link, End: EndReason.None } head
                && link.LastNews <= row.ReportedThrough
                && (head.Spent, link.GivenBack) == (row.Spent, row.GivenBack)
                && (link.Granted == row.Granted || row.Policy != HolderPolicy.Carved);
    }

    private static async Task<Dictionary<string, StoredLedger>> LoadAsync(ILedgerStore store, IReadOnlyCollection<string> ids)
    {
        var ledgers = new Dictionary<string, StoredLedger>(StringComparer.Ordinal);
        foreach (var some in ids.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
        {
            var loaded = await Task.WhenAll(some.Select(id => store.LoadAsync(id, CancellationToken.None).AsTask()));
            foreach (var ledger in loaded.OfType<StoredLedger>())
                ledgers[ledger.Head.SessionId] = ledger;
        }

        return ledgers;
    }
}

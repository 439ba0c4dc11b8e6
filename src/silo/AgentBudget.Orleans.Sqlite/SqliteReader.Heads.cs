using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite;

// A ledger as it stands: its head, and what is open of it.
internal sealed partial class SqliteReader
{
    /// <exception cref="LedgerStoreUnavailableException">The session is set aside, and was to be gone on with, or cannot be
    /// told.</exception>
    public StoredLedger? Load(string ledgerId)
    {
        if (FindHead(ledgerId) is not { } found)
            return null;
        var (head, no, dueAt, waiting) = found;
        var beside = SideTable.ReadOpen(connection, no);
        if (waiting is not null)
        {
            Follow(beside, waiting, head.Sequence);
            (head, dueAt) = (waiting.Head, waiting.DueAt);
        }

        var stored = beside.Of(head, dueAt);
        if (stored.Reserved != head.Reserved)
            throw new InvalidDataException(
                $"What is open of session number {no} adds up to {stored.Reserved}, and not to the {head.Reserved} that are reserved."
            );
        return head.Sequence == 0 ? null : stored;
    }

    /// <exception cref="LedgerStoreUnavailableException">The session is set aside, and was to be gone on with, or cannot be
    /// told.</exception>
    public SessionHead? LoadHead(string ledgerId)
    {
        if (FindHead(ledgerId) is not { } found)
            return null;
        var head = found.Newer?.Head ?? found.Head;
        return head.Sequence == 0 ? null : head;
    }

    // As the tables have it, and what waits for them and is newer.
    private (SessionHead Head, long No, DateTimeOffset DueAt, TailSnapshot? Newer)? FindHead(string ledgerId)
    {
        // The tail first: what leaves it afterwards stands in the tables.
        var waiting = tail.Find(ledgerId);
        if (waiting?.Failure is not null && (writersTail is not null || !waiting.IsHeadKnown))
            throw SqliteErrors.SetAside(waiting, filePath);
        using var command = Command($"SELECT {HeadRows.Columns} FROM ledger_head WHERE ledger_id = $id", ("$id", ledgerId));
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return null;
        var head = HeadRows.Read(reader);
        var no = reader.GetInt64(HeadRows.NoAt);
        // By number as well: an id that was purged may have been opened anew.
        var isNewer = waiting is not null && waiting.No == no && waiting.Head.Sequence > head.Sequence;
        return (head, no, LedgerRows.TimeAt(reader, HeadRows.DueAt), isNewer ? waiting : null);
    }

    // What waits for the tables may be of another status there, or have spent less: it counts as it waits.
    private IReadOnlyList<SessionHead> ListSome(SessionListing listing, Dictionary<string, TailHead> waiting)
    {
        var heads = waiting
            .Values.Where(tail => tail.IsHeadKnown && tail.Head.Sequence > 0)
            .ToDictionary(tail => tail.Head.SessionId, tail => tail.Head, StringComparer.Ordinal);
        foreach (var head in ReadHeads(listing, listing.Count + heads.Count))
        {
            if (head.Sequence > 0 && (!heads.TryGetValue(head.SessionId, out var newer) || newer.Sequence < head.Sequence))
                heads[head.SessionId] = head;
        }

        return listing.PageOf(heads.Values.Where(listing.Has));
    }

    private List<SessionHead> ReadHeads(SessionListing listing, int count)
    {
        var tenant = listing.Tenant?.ToString();
        var below = tenant is null ? "" : "AND (tenant = $tenant OR (tenant > $tenant || '/' AND tenant < $tenant || '0'))";
        var status = LedgerRows.ConditionOf(listing);
        var order = listing.DearestFirst ? "spent_nano_usd DESC, ledger_id" : "ledger_id";
        using var command = Command(
            $"SELECT {HeadRows.Columns} FROM ledger_head WHERE ledger_id > $after AND substr(ledger_id, 1, 1) <> '~' {below} {status} "
                + $"ORDER BY {order} LIMIT $count",
            ("$after", listing.AfterSessionId ?? ""),
            ("$count", count)
        );
        if (tenant is not null)
            command.Parameters.AddWithValue("$tenant", tenant);
        using var reader = command.ExecuteReader();
        var heads = new List<SessionHead>();
        while (reader.Read())
            heads.Add(HeadRows.Read(reader));
        return heads;
    }
}

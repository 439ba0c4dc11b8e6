using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>An entry that stands in the table but not yet in the look-up tables.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="KeyHash">The hash of its key; null without one.</param>
/// <param name="Related">The entry it is related to, for look-ups; 0 for none.</param>
internal readonly record struct TailEntry(long Id, long Sequence, long? KeyHash, long Related);

/// <summary>
/// The last entries of all sessions that are durable but not yet in the look-up tables. Readers ask it first and the tables second: an
/// entry leaves it only after it stands there, so none is ever missed.
/// </summary>
internal sealed class UnindexedTail
{
    private readonly object gate = new();
    // A session that is charged a lot has most of the tail to itself, so nothing here looks through all entries of a session.
    private readonly Dictionary<long, List<TailEntry>> bySession = [];
    private readonly Dictionary<(long SessionNo, long KeyHash), TailEntry> byKey = [];
    private readonly Dictionary<(long SessionNo, long Related), List<TailEntry>> byRelated = [];

    /// <summary>How many entries it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The last row that it holds.</summary>
    public long LastId { get; private set; }

    public void Add(long sessionNo, TailEntry entry)
    {
        lock (gate)
        {
            ListOf(bySession, sessionNo).Add(entry);
            if (entry.KeyHash is { } keyHash) byKey.TryAdd((sessionNo, keyHash), entry);
            if (entry.Related != 0) ListOf(byRelated, (sessionNo, entry.Related)).Add(entry);
            Count++;
            LastId = entry.Id;
        }
    }

    /// <summary>The entries of one session from a sequence on and through another, oldest first.</summary>
    public TailEntry[] Between(long sessionNo, long fromSequence, long throughSequence)
    {
        lock (gate)
        {
            if (!bySession.TryGetValue(sessionNo, out var entries)) return [];
            // They stand one after the other without gaps.
            var first = entries[0].Sequence;
            var from = (int)Math.Clamp(fromSequence - first, 0, entries.Count);
            var end = (int)Math.Clamp(throughSequence - first + 1, from, entries.Count);
            return [.. entries[from..end]];
        }
    }

    /// <summary>The entry whose key has this hash, or null. The appender sees to it that there is one at most.</summary>
    public TailEntry? FindByKey(long sessionNo, long keyHash)
    {
        lock (gate) return byKey.TryGetValue((sessionNo, keyHash), out var entry) ? entry : null;
    }

    /// <summary>The entries that are related to one, for look-ups; oldest first.</summary>
    public TailEntry[] RelatedTo(long sessionNo, long sequence)
    {
        lock (gate) return byRelated.TryGetValue((sessionNo, sequence), out var entries) ? [.. entries] : [];
    }

    /// <summary>Forgets everything: all of it stands in the look-up tables now.</summary>
    public void Clear()
    {
        lock (gate)
        {
            bySession.Clear();
            byKey.Clear();
            byRelated.Clear();
            Count = 0;
        }
    }

    /// <summary>Reads what is not indexed, for a reader that has no writer beside it.</summary>
    public static UnindexedTail Load(SqliteConnection connection)
    {
        var tail = new UnindexedTail();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT session_no, id, sequence, key_hash, CASE WHEN {SqliteIndexer.RelatedRows} THEN related ELSE 0 END
            FROM entry WHERE id > (SELECT indexed_through FROM index_progress) ORDER BY id
            """;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var keyHash = reader.IsDBNull(3) ? (long?)null : reader.GetInt64(3);
            tail.Add(reader.GetInt64(0), new TailEntry(reader.GetInt64(1), reader.GetInt64(2), keyHash, reader.GetInt64(4)));
        }

        return tail;
    }

    private static List<TailEntry> ListOf<TKey>(Dictionary<TKey, List<TailEntry>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list)) lists[key] = list = [];
        return list;
    }
}

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
    private readonly Dictionary<long, List<TailEntry>> bySession = [];

    /// <summary>How many entries it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The last row that it holds.</summary>
    public long LastId { get; private set; }

    public void Add(long sessionNo, TailEntry entry)
    {
        lock (gate)
        {
            if (!bySession.TryGetValue(sessionNo, out var entries)) bySession[sessionNo] = entries = [];
            entries.Add(entry);
            Count++;
            LastId = entry.Id;
        }
    }

    /// <summary>The entries of one session, oldest first.</summary>
    public TailEntry[] Of(long sessionNo)
    {
        lock (gate) return bySession.TryGetValue(sessionNo, out var entries) ? [.. entries] : [];
    }

    public bool HasKey(long sessionNo, long keyHash)
    {
        lock (gate) return bySession.TryGetValue(sessionNo, out var entries) && entries.Exists(entry => entry.KeyHash == keyHash);
    }

    /// <summary>Forgets everything: all of it stands in the look-up tables now.</summary>
    public void Clear()
    {
        lock (gate)
        {
            bySession.Clear();
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
}

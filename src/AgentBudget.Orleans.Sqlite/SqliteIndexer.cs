using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Fills the look-up tables in bulk, sorted, from the rows that have arrived since the last time.</summary>
internal sealed class SqliteIndexer : IDisposable
{
    /// <summary>Which rows <see cref="Entry.IsRelatedLookup"/> means, in SQL.</summary>
    public static readonly string RelatedRows = FormattableString.Invariant($"""
        related <> 0 AND kind IN ({(int)EntryKind.Released}, {(int)EntryKind.Expired}, {(int)EntryKind.Corrected}, {(int)EntryKind.Charged}, {(int)EntryKind.Carved})
        """);

    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement bySequence;
    private readonly Statement byKey;
    private readonly Statement byRelated;
    private readonly Statement progress;

    public SqliteIndexer(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        bySequence = new Statement(connection, """
            INSERT INTO entry_by_sequence
            SELECT session_no, sequence, id FROM entry WHERE id > ? AND id <= ? ORDER BY session_no, sequence
            """);
        byKey = new Statement(connection, """
            INSERT INTO entry_by_key
            SELECT session_no, key_hash, id FROM entry WHERE id > ? AND id <= ? AND key_hash IS NOT NULL ORDER BY session_no, key_hash, id
            """);
        byRelated = new Statement(connection, $"""
            INSERT INTO entry_by_related
            SELECT session_no, related, id FROM entry WHERE id > ? AND id <= ? AND {RelatedRows} ORDER BY session_no, related, id
            """);
        progress = new Statement(connection, "UPDATE index_progress SET indexed_through = ?");
    }

    /// <summary>Indexes rows after one and up to another, in one transaction.</summary>
    public void Index(long afterId, long throughId)
    {
        begin.Run();
        bySequence.Bind(afterId).Bind(throughId).Run();
        byKey.Bind(afterId).Bind(throughId).Run();
        byRelated.Bind(afterId).Bind(throughId).Run();
        progress.Bind(throughId).Run();
        commit.Run();
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[begin, commit, bySequence, byKey, byRelated, progress]) statement.Dispose();
    }
}

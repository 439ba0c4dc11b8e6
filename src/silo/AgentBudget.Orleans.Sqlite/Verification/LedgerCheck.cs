using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>
/// Looks through a whole ledger at its start. Rows that are read are verified then as well; only here is found what is not there any more,
/// or not where it is looked for: a session that looks as if it had never been opened, a key that looks fresh.
/// </summary>
internal static class LedgerCheck
{
    private const string Definitions = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_master";

    // Numbers of sessions must not come again while rows of a purged one may be left.
    private const string IsLastNumberTooLow = """
        SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ledger_head'), 0) < coalesce((SELECT max(no) FROM ledger_head), 0)
        """;

    /// <exception cref="LedgerStoreUnavailableException">Something is not as it was written.</exception>
    public static void Run(SqliteConnection connection, string filePath)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        if (FindChangedDefinition(connection) is { } definition)
            throw SqliteErrors.Damaged(filePath, $"{definition} is not defined as it was.");
        if (Texts(connection, "PRAGMA encoding").Single() is not "UTF-8" and var encoding)
            throw SqliteErrors.Damaged(filePath, $"Its texts are marked as {encoding}.");
        foreach (var table in LedgerTable.Spread)
            VerifyRows(connection, table);
        if (Texts(connection, "PRAGMA integrity_check(1)").First() is not "ok" and var broken)
            throw SqliteErrors.Damaged(filePath, broken);
        if (SqliteSchema.Scalar(connection, IsLastNumberTooLow) != 0)
            throw SqliteErrors.Damaged(filePath, "Its last number of a session is too low.");
    }

    private static void VerifyRows(SqliteConnection connection, LedgerTable table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table.Name}";
        using var rows = command.ExecuteReader();
        while (rows.Read())
            table.Verify(rows);
    }

    private static string? FindChangedDefinition(SqliteConnection connection)
    {
        using var model = new SqliteConnection("Data Source=:memory:");
        model.Open();
        SqliteSchema.Upgrade(model, "");
        var there = Texts(connection, Definitions).ToHashSet(StringComparer.Ordinal);
        return Texts(model, Definitions).FirstOrDefault(definition => !there.Contains(definition))?.Split('\n')[0];
    }

    private static List<string> Texts(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
            texts.Add(rows.GetString(0));
        return texts;
    }
}

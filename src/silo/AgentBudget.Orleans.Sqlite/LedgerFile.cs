using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>The file of a ledger.</summary>
internal static class LedgerFile
{
    public static SqliteConnection Open(string filePath, SqliteOpenMode mode)
    {
        var opened = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = filePath,
                Mode = mode,
                // A pooled connection that has once met a lock can keep failing.
                Pooling = false,
                DefaultTimeout = 2,
            }.ToString()
        );
        opened.Open();
        SqliteSchema.Execute(opened, "PRAGMA busy_timeout = 2000");
        return opened;
    }
}

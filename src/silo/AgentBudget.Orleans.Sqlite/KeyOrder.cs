using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// Whether keys of a session come in order. A key after the last one in order cannot stand in the ledger yet, and needs no row of its
/// own to be found. Clients make keys that begin with the time, so nearly all are.
/// </summary>
internal sealed class KeyOrder(SqliteConnection connection) : IDisposable
{
    private readonly Statement findLast = new(
        connection,
        "SELECT last_key FROM entry_run WHERE ledger_no = ? AND last_key IS NOT NULL ORDER BY last_key DESC LIMIT 1"
    );

    /// <summary>Whether a key comes after another one. Keys are ASCII, so this is the order of the tables, too.</summary>
    public static bool IsAfter(string key, string? last) => last is null || string.CompareOrdinal(key, last) > 0;

    /// <summary>The last key of a session that came in order, as far as the tables have it; null when none did.</summary>
    public string? LastOf(long ledgerNo) => findLast.Bind(ledgerNo).First(static row => row.Text(0));

    public void Dispose() => findLast.Dispose();
}

using AgentBudget.Orleans.Sqlite.Verification;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// The tables of an embedded ledger, versioned by SQLite's <c>user_version</c>. Batches are written to the journal, because a keyed table
/// costs a page of the log per session and batch; the tables are filled from it in bulk, a little later. There, consecutive entries of
/// a session are a run: consecutive rows, found through one row of <c>entry_run</c>. Keys that come in order, as those of our clients
/// do, which begin with the time, are found through their run as well; the others stand in <c>entry_key</c>. Open reservations and holders
/// of a ledger's money are rows of <c>side_row</c>. What of a session the tables do not take stands in <c>set_aside</c>.
/// <c>feed</c> gets a row for each batch with events, by way of the journal as well; <c>delivery</c> is kept by whoever sends these out.
/// Each row ends with a checksum over its columns; see <see cref="LedgerTable"/>.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>The version that this code writes.</summary>
    public const int Version = 1;

    // One step a version, oldest first; a step that was shipped is never edited. Tables of rows that are verified stand in LedgerTable,
    // too.
    private static readonly string[] Steps =
    [
        """
            CREATE TABLE journal (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, checksum INTEGER NOT NULL);
            CREATE TABLE set_aside (
                ledger_no INTEGER NOT NULL, first_sequence INTEGER NOT NULL, ledger_id TEXT NOT NULL, payload BLOB NOT NULL,
                checksum INTEGER NOT NULL,
                PRIMARY KEY (ledger_no, first_sequence));

            CREATE TABLE ledger_head (
                no INTEGER PRIMARY KEY AUTOINCREMENT,
                ledger_id TEXT NOT NULL UNIQUE,
                tenant TEXT,
                options TEXT,
                life INTEGER NOT NULL,
                opening_checksum INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                append_id INTEGER NOT NULL,
                budget_nano_usd INTEGER NOT NULL,
                spent_nano_usd INTEGER NOT NULL,
                reserved_nano_usd INTEGER NOT NULL,
                open_reason INTEGER NOT NULL,
                paused_by INTEGER NOT NULL,
                end_reason INTEGER NOT NULL,
                opened_at INTEGER NOT NULL,
                last_entry_at INTEGER NOT NULL,
                last_activity_at INTEGER NOT NULL,
                ended_at INTEGER,
                detail TEXT NOT NULL,
                checksum INTEGER NOT NULL,
                due_at INTEGER NOT NULL,
                due_checksum INTEGER NOT NULL,
                trimmed_through INTEGER NOT NULL,
                trim_checksum INTEGER NOT NULL
            );
            CREATE INDEX ledger_head_due ON ledger_head (due_at);
            CREATE INDEX ledger_head_tenant ON ledger_head (tenant, ledger_id) WHERE tenant IS NOT NULL;
            CREATE TABLE side_row (
                ledger_no INTEGER NOT NULL, is_open INTEGER NOT NULL, kind INTEGER NOT NULL, number INTEGER NOT NULL,
                name TEXT, life INTEGER NOT NULL, reserved_nano_usd INTEGER NOT NULL, detail TEXT NOT NULL, checksum INTEGER NOT NULL,
                at INTEGER NOT NULL, at_checksum INTEGER NOT NULL,
                PRIMARY KEY (ledger_no, is_open, kind, number)) WITHOUT ROWID;
            CREATE INDEX side_row_name ON side_row (ledger_no, name, life) WHERE name IS NOT NULL;

            CREATE TABLE entry (
                id INTEGER PRIMARY KEY,
                ledger_no INTEGER NOT NULL,
                sequence INTEGER NOT NULL,
                at INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                key TEXT,
                body_hash INTEGER NOT NULL,
                amount_nano_usd INTEGER NOT NULL,
                requested_nano_usd INTEGER NOT NULL,
                related INTEGER NOT NULL,
                budget_after_nano_usd INTEGER NOT NULL,
                spent_after_nano_usd INTEGER NOT NULL,
                reserved_after_nano_usd INTEGER NOT NULL,
                detail TEXT NOT NULL,
                checksum INTEGER NOT NULL
            );
            CREATE TABLE entry_run (
                ledger_no INTEGER NOT NULL, first_sequence INTEGER NOT NULL, first_id INTEGER NOT NULL, count INTEGER NOT NULL,
                first_key TEXT, last_key TEXT, checksum INTEGER NOT NULL,
                PRIMARY KEY (ledger_no, first_sequence)) WITHOUT ROWID;
            CREATE INDEX entry_run_key ON entry_run (ledger_no, last_key) WHERE last_key IS NOT NULL;
            CREATE TABLE entry_key (
                ledger_no INTEGER NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, checksum INTEGER NOT NULL,
                PRIMARY KEY (ledger_no, key)) WITHOUT ROWID;
            CREATE TABLE entry_related (
                ledger_no INTEGER NOT NULL, related INTEGER NOT NULL, id INTEGER NOT NULL, checksum INTEGER NOT NULL,
                PRIMARY KEY (ledger_no, related, id)) WITHOUT ROWID;

            CREATE TABLE feed (
                position INTEGER PRIMARY KEY, batch_id INTEGER NOT NULL, at INTEGER NOT NULL, ranges BLOB NOT NULL,
                checksum INTEGER NOT NULL);
            CREATE TABLE feed_consumer (
                name TEXT PRIMARY KEY NOT NULL, place TEXT NOT NULL, position INTEGER NOT NULL, saved_at INTEGER NOT NULL,
                epoch INTEGER NOT NULL, checksum INTEGER NOT NULL);
            CREATE TABLE delivery (
                list TEXT NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL, checksum INTEGER NOT NULL,
                PRIMARY KEY (list, name)) WITHOUT ROWID;

            CREATE TABLE purge_queue (ledger_no INTEGER PRIMARY KEY, checksum INTEGER NOT NULL);

            CREATE VIEW timeline AS
                SELECT h.ledger_id, e.sequence,
                       strftime('%Y-%m-%dT%H:%M:%fZ', (e.at - 621355968000000000) / 1e7, 'unixepoch') AS at_utc, e.kind, e.key,
                       e.amount_nano_usd, e.related, e.budget_after_nano_usd, e.spent_after_nano_usd, e.reserved_after_nano_usd, e.detail
                FROM entry e JOIN ledger_head h ON h.no = e.ledger_no;
            """,
    ];

    /// <summary>Brings a database up to this version, step by step, each in a transaction of its own.</summary>
    /// <exception cref="LedgerStoreUnavailableException">It was written by a newer version, or is no ledger.</exception>
    public static void Upgrade(SqliteConnection connection, string filePath)
    {
        for (var version = Check(connection, filePath); version < Version; version++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, Steps[version]);
            Execute(connection, FormattableString.Invariant($"PRAGMA user_version = {version + 1}"));
            transaction.Commit();
        }
    }

    /// <summary>The version of a database, when this code can read it.</summary>
    public static int Check(SqliteConnection connection, string filePath)
    {
        var version = (int)Scalar(connection, "PRAGMA user_version");
        if (version > Version)
        {
            throw new LedgerStoreUnavailableException(
                $"The ledger {filePath} has schema {version}; this version reads up to {Version}. Use a newer one; if there is none, the "
                    + "first page of "
                    + "the file is damaged: restore it from a backup."
            );
        }

        var isForeign = version == 0 && Scalar(connection, "SELECT count(*) FROM sqlite_master") > 0;
        return isForeign
            ? throw new LedgerStoreUnavailableException(
                $"{filePath} is a database, but not a ledger; name another path, or restore it from a backup."
            )
            : version;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

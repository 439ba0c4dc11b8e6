using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>What the SQLite store logs. Ids 1300 to 1399. Sessions are named by their number: their ids may name customers.</summary>
internal static partial class SqliteLog
{
    [LoggerMessage(
        1300,
        LogLevel.Error,
        "The tables of the ledger {FilePath} do not take session number {Number}; it is set aside with {Entries} entries of its journal. "
            + "Nothing of it is "
            + "lost and its timeline can be read, but it takes no more operations. It is tried again at each start; if that does not "
            + "help, restore the ledger "
            + "from a backup. Its id stands in the table set_aside under that number."
    )]
    public static partial void SetAside(ILogger logger, Exception exception, string filePath, long number, int entries);

    [LoggerMessage(
        1301,
        LogLevel.Error,
        "The tables of the ledger {FilePath} cannot be filled; {Entries} entries wait in its journal, where they are durable. It is "
            + "tried again all the "
            + "time; look after the disk."
    )]
    public static partial void Behind(ILogger logger, Exception exception, string filePath, int entries);

    [LoggerMessage(1302, LogLevel.Information, "The tables of the ledger {FilePath} are filled again.")]
    public static partial void CaughtUp(ILogger logger, string filePath);

    [LoggerMessage(
        1303,
        LogLevel.Error,
        "The thread that writes the ledger {FilePath} does not come to its end after {Seconds} seconds; the file stays open until the "
            + "process ends. Look after the disk."
    )]
    public static partial void DoesNotEnd(ILogger logger, string filePath, double seconds);
}

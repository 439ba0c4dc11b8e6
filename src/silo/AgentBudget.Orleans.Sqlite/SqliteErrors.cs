using AgentBudget.Orleans.Sqlite.Journal;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>Says what a failure of SQLite means for the ledger, and what mends it.</summary>
internal static class SqliteErrors
{
    private const int Error = 1;
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Memory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Protocol = 15;
    private const int NotADatabase = 26;

    /// <summary>The error as the ledger tells it. Null: it is the data's fault, not the store's.</summary>
    public static LedgerStoreUnavailableException? Explain(SqliteException exception, string filePath)
    {
        var message = exception.SqliteErrorCode switch
        {
            Busy or Locked or Protocol => $"The ledger {filePath} is locked by another program; close it and try again.",
            ReadOnly or Permission =>
                $"The ledger {filePath} is read-only; make the file and its folder writable. If they are, the file is damaged: "
                    + "restore it from a backup.",
            InputOutput => Unreadable(filePath, exception).Message,
            // Our statements are right; where one makes no sense to SQLite, the definitions of the tables are not.
            Corrupt or Error => Damaged(filePath, exception.Message).Message,
            Memory => $"The ledger {filePath} cannot be read or written: {exception.Message} Give the process more memory.",
            Full => $"The disk that holds the ledger {filePath} is full; free some space. Nothing was half-written.",
            CannotOpen => $"The ledger {filePath} cannot be opened; check that the path exists and may be used.",
            NotADatabase => $"{filePath} is not a ledger, or its first page is damaged; name another path, or restore it from a backup.",
            _ => null,
        };
        return message is null ? null : new LedgerStoreUnavailableException(message, exception);
    }

    /// <summary>Whether a failure to write is the file's or the disk's, and would hit any other session as well.</summary>
    public static bool IsOfTheStore(Exception exception) =>
        exception is LedgerStoreUnavailableException or OutOfMemoryException
        || (exception is SqliteException failure && Explain(failure, "") is not null);

    /// <summary>A session of which operations are refused, because it is set aside.</summary>
    public static LedgerStoreUnavailableException SetAside(TailSnapshot session, string filePath) =>
        new(
            $"Session {session.Head.SessionId} of the ledger {filePath} is set aside, because its tables do not take it: "
                + $"{session.Failure?.Message} Nothing "
                + "of it is lost and its timeline can be read. It is tried again at each start; if that does not help, restore the "
                + "ledger from a backup.",
            session.Failure
        );

    /// <summary>A ledger of which a part is not as it was written.</summary>
    public static LedgerStoreUnavailableException Damaged(string filePath, string what, Exception? cause = null) =>
        new($"The ledger {filePath} is damaged; restore it from a backup. ({what})", cause);

    /// <summary>Reads; whatever bytes that make no sense lead to is told as damage.</summary>
    public static T Read<T>(string filePath, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException exception)
        {
            throw Explain(exception, filePath) ?? Damaged(filePath, exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(filePath, exception);
        }
        catch (Exception exception) when (exception.GetBaseException() is DllNotFoundException or BadImageFormatException)
        {
            throw Unloadable(filePath, exception);
        }
        catch (Exception exception)
            when (exception is not (LedgerStoreUnavailableException or ObjectDisposedException or OutOfMemoryException))
        {
            throw Damaged(filePath, exception.Message, exception);
        }
    }

    /// <summary>Runs an action; failures that are the store's are told as such.</summary>
    public static T Run<T>(string filePath, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException exception) when (Explain(exception, filePath) is { } explained)
        {
            throw explained;
        }
    }

    // A program that was copied or published without it: there is nothing wrong with the ledger.
    private static LedgerStoreUnavailableException Unloadable(string filePath, Exception cause) =>
        new(
            $"The ledger {filePath} cannot be opened, because SQLite's native library (e_sqlite3) cannot be loaded: "
                + $"{cause.GetBaseException().Message.Split('\n')[0]} Publish the program for this platform, or copy "
                + "the library beside it.",
            cause
        );

    private static LedgerStoreUnavailableException Unreadable(string filePath, Exception cause) =>
        new(
            $"The ledger {filePath} cannot be read or written: {cause.Message} Check the disk; if it is sound, the file is damaged: "
                + "restore it from a "
                + "backup.",
            cause
        );
}

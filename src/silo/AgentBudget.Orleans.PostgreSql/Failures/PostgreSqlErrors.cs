using System.Net.Sockets;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Failures;

/// <summary>What a failure means.</summary>
/// <param name="MayPass">Whether trying again soon may help.</param>
/// <param name="Unavailable">The error as the ledger tells it.</param>
internal sealed record StoreFailure(bool MayPass, LedgerStoreUnavailableException Unavailable);

/// <summary>Tells failures of a database apart from those of the data, and says what mends them.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>A head was not at the expected sequence; raised by the ledger's own function.</summary>
    public const string HeadMoved = "AB001";

    /// <summary>The failure as the ledger tells it. Null: it is the data's fault, not the database's.</summary>
    public static StoreFailure? Explain(Exception exception, string database) =>
        exception switch
        {
            PostgresException told => Explain(told, database),
            NpgsqlException { InnerException: TimeoutException } => Passing(
                exception,
                $"The ledger database {database} does not answer; check that it runs and is not overloaded."
            ),
            NpgsqlException or SocketException or IOException or TimeoutException => Passing(
                exception,
                $"The ledger database {database} cannot be reached: {exception.Message} Check that it runs and that host, port and "
                    + "password are right."
            ),
            LedgerStoreUnavailableException unavailable => new StoreFailure(MayPass: false, unavailable),
            _ => null,
        };

    private static StoreFailure? Explain(PostgresException told, string database) =>
        told.SqlState switch
        {
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => Passing(
                told,
                $"The ledger database {database} is stopping or starting; it is tried again."
            ),
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => Passing(
                told,
                $"The ledger database {database} took too long; check its load, and for locks that other programs hold."
            ),
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => Passing(
                told,
                $"The ledger database {database} is contended; it is tried again."
            ),
            PostgresErrorCodes.TooManyConnections => Passing(
                told,
                $"The ledger database {database} takes no more connections; lower AgentBudget:PostgreSql:MaxConnections, or raise "
                    + "max_connections there."
            ),
            PostgresErrorCodes.ReadOnlySqlTransaction => Passing(
                told,
                $"The ledger database {database} is read-only; name the primary, or list all hosts so that it is found after a failover."
            ),
            PostgresErrorCodes.DiskFull => Lasting(
                told,
                $"The disk of the ledger database {database} is full; free some space. Nothing was half-written."
            ),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => Lasting(
                told,
                $"The ledger database {database} refuses the user: {told.MessageText}. Check user name and password."
            ),
            PostgresErrorCodes.InvalidCatalogName => Lasting(
                told,
                $"The ledger database {database} does not exist; create it, or name another."
            ),
            PostgresErrorCodes.InsufficientPrivilege => Lasting(
                told,
                $"The user of the ledger database {database} lacks a right: {told.MessageText}. Grant it; docs/operations.md lists what "
                    + "is needed."
            ),
            PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InvalidSchemaName => Lasting(
                told,
                $"The ledger database {database} misses a part of its schema: {told.MessageText}. Restart a silo to bring it up to date, "
                    + "or restore it."
            ),
            _ => ExplainClass(told, database),
        };

    private static StoreFailure? ExplainClass(PostgresException told, string database) =>
        told.SqlState[..2] switch
        {
            // Connections, resources, operators.
            "08" or "53" or "57" => Passing(told, $"The ledger database {database} is away: {told.MessageText}."),
            "28" => Lasting(told, $"The ledger database {database} refuses the user: {told.MessageText}."),
            // Errors of the system beneath, and of PostgreSQL itself.
            "58" or "XX" or "F0" => Lasting(
                told,
                $"The ledger database {database} cannot be read or written: {told.MessageText}. Check its disk and its log."
            ),
            _ => null,
        };

    private static StoreFailure Passing(Exception exception, string message) =>
        new(MayPass: true, new LedgerStoreUnavailableException(message, exception));

    private static StoreFailure Lasting(Exception exception, string message) =>
        new(MayPass: false, new LedgerStoreUnavailableException(message, exception));
}

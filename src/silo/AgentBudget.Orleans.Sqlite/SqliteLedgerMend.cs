using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Sqlite.Verification;

namespace AgentBudget;

/// <summary>
/// Opens the way to a ledger that is refused because the middle of its log is damaged, and of which there is no backup. What stood behind
/// the damage is lost then, keys included: a client that sends such an operation again has it applied again.
/// </summary>
public static class SqliteLedgerMend
{
    /// <summary>Says what is wrong with the log of a ledger that no process has open; null when nothing is.</summary>
    /// <exception cref="LedgerStoreUnavailableException">The file or its log cannot be read.</exception>
    public static string? FindDamagedLog(SqliteLedgerOptions options) =>
        SqliteErrors.Read(options.FilePath, () => WalCheck.Find(options.FilePath)?.ToException().Message);

    /// <summary>
    /// Ends a damaged log where the last transaction ends that stands before the damage. The log as it was is kept beside it.
    /// </summary>
    /// <returns>What was given up, and where the old log is; null when nothing is wrong with it.</returns>
    /// <exception cref="LedgerStoreUnavailableException">A process has the ledger open, it cannot be written, or the log of an
    /// earlier loss is still kept beside it.</exception>
    public static string? AcceptLoss(SqliteLedgerOptions options)
    {
        var filePath = options.FilePath;
        if (!File.Exists(filePath))
            throw new LedgerStoreUnavailableException($"There is no ledger at {filePath}; check the path.");
        using var fileLock = LedgerFileLock.Take(filePath);
        return SqliteErrors.Read(
            filePath,
            () =>
            {
                if (WalCheck.Find(filePath) is not { } damage)
                    return null;
                var kept = WalCheck.PathOf(filePath) + ".damaged";
                if (File.Exists(kept))
                    throw new LedgerStoreUnavailableException(
                        $"The damaged log of {filePath} would be kept in {kept}, where an earlier one is already; move that away and try "
                            + "again. Nothing was "
                            + "changed."
                    );
                File.Copy(WalCheck.PathOf(filePath), kept);
                WalCheck.Cut(filePath, damage.GoodBytes);
                return $"The log of {filePath} ends before its damage now; at least {damage.CommitsBehind} transactions were given up. "
                    + "As it was, it is kept "
                    + $"in {kept}.";
            }
        );
    }
}

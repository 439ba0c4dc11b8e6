using System.Buffers;
using System.Buffers.Binary;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>
/// Looks at the write-ahead log that a process left which did not close its ledger, before SQLite does: at the first frame that does not
/// fit SQLite takes the log for ended, and passes over all that was acknowledged behind it without a word.
/// </summary>
internal static class WalCheck
{
    private const uint DefaultPageBytes = 4_096;
    private const int PageBytesAt = 16;

    /// <summary>The log of a ledger.</summary>
    public static string PathOf(string filePath) => filePath + "-wal";

    /// <summary>Looks at the log, which is missing or empty when the ledger was closed.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static WalDamage? Find(string filePath) => Scan(filePath) is { IsDamaged: true } scan ? DamageOf(filePath, scan) : null;

    /// <summary>
    /// Looks at the log before the ledger is opened for writing. What is left of transactions behind its end is taken away: written over in
    /// part, it would look like damage.
    /// </summary>
    /// <exception cref="LedgerStoreUnavailableException">The log is damaged.</exception>
    public static void Prepare(string filePath)
    {
        if (Scan(filePath) is not { BrokenAt: not null } scan)
            return;
        if (scan.IsDamaged)
            throw DamageOf(filePath, scan).ToException();
        if (scan.CommitMarksBehind > 0)
            Cut(filePath, scan.GoodBytes);
    }

    /// <summary>Ends the log where the last transaction ends that is whole.</summary>
    public static void Cut(string filePath, long bytes)
    {
        using var log = new FileStream(PathOf(filePath), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        log.SetLength(bytes);
        log.Flush(flushToDisk: true);
    }

    private static WalDamage DamageOf(string filePath, WalScan scan) =>
        new(filePath, scan.BrokenAt!.Value, scan.GoodBytes, scan.CommitsBehind);

    private static WalScan? Scan(string filePath)
    {
        if (!File.Exists(PathOf(filePath)))
            return null;
        using var log = new FileStream(PathOf(filePath), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20);
        Span<byte> start = stackalloc byte[WalHeader.Length];
        if (log.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            return null;
        var header = new WalHeader(start);
        var pageBytes = header.IsGood ? header.PageBytes : PageBytesOf(filePath);
        var scan = new WalScan(header, pageBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(WalFrame.HeaderLength + (int)pageBytes);
        var frame = buffer.AsSpan(0, WalFrame.HeaderLength + (int)pageBytes);
        while (log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
            scan.Follow(frame);
        ArrayPool<byte>.Shared.Return(buffer);
        return scan;
    }

    // The log's own word is not to be trusted when its header is damaged.
    private static uint PageBytesOf(string filePath)
    {
        if (!File.Exists(filePath))
            return DefaultPageBytes;
        using var file = new FileStream(filePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[PageBytesAt + sizeof(ushort)];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
            return DefaultPageBytes;
        // A page of 65,536 bytes does not fit into two bytes; 1 stands for it.
        var bytes = BinaryPrimitives.ReadUInt16BigEndian(start[PageBytesAt..]) is var stored and not 1 ? stored : 65_536u;
        return WalHeader.IsPageSize(bytes) ? bytes : DefaultPageBytes;
    }
}

/// <summary>A log of which the middle is damaged.</summary>
/// <param name="FilePath">The ledger.</param>
/// <param name="Frame">The first frame that is not what was written; 0 for the log's header.</param>
/// <param name="GoodBytes">Where the last transaction ends that stands before it.</param>
/// <param name="CommitsBehind">How many transactions at least stand behind it.</param>
internal sealed record WalDamage(string FilePath, long Frame, long GoodBytes, int CommitsBehind)
{
    public LedgerStoreUnavailableException ToException()
    {
        var place = Frame == 0 ? "the header" : FormattableString.Invariant($"frame {Frame}");
        return new LedgerStoreUnavailableException(
            $"The ledger {FilePath} is damaged, in {place} of its log {WalCheck.PathOf(FilePath)}: {CommitsBehind} transactions stand "
                + "behind it that "
                + "could not be read any more. Nothing was changed. Restore both files from a backup; or, if there is none, give up what "
                + "was acknowledged in "
                + $"those transactions: agentbudget mend --store sqlite:{FilePath} --accept-loss"
        );
    }
}

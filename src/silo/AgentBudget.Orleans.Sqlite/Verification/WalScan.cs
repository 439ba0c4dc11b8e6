using System.Numerics;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>
/// Follows a write-ahead log, frame by frame, past the place where SQLite stops reading: the first frame that does not fit. What
/// stands behind it says whether writing came to an end there or the log was damaged: a frame that a whole later frame was built upon was
/// there once.
/// </summary>
internal sealed class WalScan
{
    // Bits by which the salts of two generations differ at least, as good as always: half of one of them is random.
    private const int BitsOfAnotherGeneration = 6;

    private readonly bool isBigEndian;
    private readonly bool isHeaderGood;
    private readonly long frameBytes;
    private ulong salts;

    // Of the frame before: as it stands there, and as its bytes make it. Damage strikes one of the two.
    private WalChecksum stored;
    private WalChecksum computed;
    private bool looksUnwritten;

    /// <param name="header">The log's header.</param>
    /// <param name="pageBytes">The size of a page.</param>
    public WalScan(WalHeader header, uint pageBytes)
    {
        isHeaderGood = header.IsGood;
        // SQLite writes as the machine does; a damaged header may say otherwise.
        isBigEndian = isHeaderGood ? header.IsBigEndian : !BitConverter.IsLittleEndian;
        frameBytes = WalFrame.HeaderLength + pageBytes;
        (salts, stored, computed) = (header.Salts, header.StoredChecksum, header.ComputedAs(isBigEndian));
        BrokenAt = isHeaderGood ? null : 0;
        GoodBytes = isHeaderGood ? WalHeader.Length : 0;
    }

    /// <summary>How many frames were followed.</summary>
    public long Frames { get; private set; }

    /// <summary>The first frame that does not fit, counted from 1; 0 for the log's header. Null when all fit.</summary>
    public long? BrokenAt { get; private set; }

    /// <summary>Where the last transaction ends that stands before it.</summary>
    public long GoodBytes { get; private set; }

    /// <summary>How many transactions end behind it, in frames that follow from those before them.</summary>
    public int CommitsBehind { get; private set; }

    /// <summary>How many transactions of the same generation end behind it.</summary>
    public int CommitMarksBehind { get; private set; }

    /// <summary>
    /// Whether what was written is not what is there. A machine that loses its power may have written the last transactions in any order,
    /// so that a place that was never reached comes before others that were; there the bytes are those of an older generation, and not
    /// more comes after it than is ever written without synchronisation: a filling of tables, and one batch.
    /// </summary>
    public bool IsDamaged => CommitsBehind > 0 && !(looksUnwritten && CommitMarksBehind <= SqliteWorker.MaxUnsynchronisedCommits);

    /// <summary>Follows the next frame.</summary>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        Frames++;
        var frame = new WalFrame(bytes, isBigEndian);
        var fromStored = frame.ComputedAfter(stored);
        var fits = frame.StoredChecksum == fromStored || (computed != stored && frame.StoredChecksum == frame.ComputedAfter(computed));
        // Without a header there is only the frame before it to go by.
        var isOfGeneration = frame.Salts == salts || (!isHeaderGood && Frames == 1);
        var follows = fits && isOfGeneration && frame.PageNumber != 0;
        if (BrokenAt is null && follows && frame.IsCommit)
            GoodBytes = WalHeader.Length + (Frames * frameBytes);
        if (BrokenAt is not null && isOfGeneration && frame.IsCommit)
        {
            CommitMarksBehind++;
            if (follows)
                CommitsBehind++;
        }

        if (BrokenAt is null && !follows)
        {
            BrokenAt = Frames;
            looksUnwritten = BitOperations.PopCount(frame.Salts ^ salts) >= BitsOfAnotherGeneration;
        }

        if (!isHeaderGood)
            salts = frame.Salts;
        (stored, computed) = (frame.StoredChecksum, follows ? frame.StoredChecksum : fromStored);
    }
}

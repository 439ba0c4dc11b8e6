using System.Buffers.Binary;

namespace AgentBudget.Orleans.Sqlite.Tests.Verification;

/// <summary>The write-ahead log of a ledger that was not closed, to be damaged.</summary>
internal sealed class LogOfLedger(string filePath)
{
    public const int HeaderBytes = 32;
    public const int FrameBytes = 24 + 4_096;

    private byte[] bytes = File.ReadAllBytes(filePath + "-wal");

    public int Length => bytes.Length;

    public int Frames => (bytes.Length - HeaderBytes) / FrameBytes;

    /// <summary>Where a frame begins; the first is 0.</summary>
    public static int OffsetOf(int frame) => HeaderBytes + (frame * FrameBytes);

    /// <summary>Whether a frame is the last one of a transaction.</summary>
    public bool IsCommit(int frame) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(OffsetOf(frame) + 4)) != 0;

    /// <summary>The frames that end transactions, first one first, of the generation that the log's header names.</summary>
    public int[] Commits() => [.. Enumerable.Range(0, Frames).Where(frame => IsCommit(frame) && IsCurrent(frame))];

    /// <summary>Turns one bit over.</summary>
    public LogOfLedger Flip(int at, int bit)
    {
        bytes[at] ^= (byte)(1 << bit);
        return this;
    }

    /// <summary>Makes a place as if it had never been written.</summary>
    public LogOfLedger Clear(int at, int count)
    {
        Array.Clear(bytes, at, count);
        return this;
    }

    public LogOfLedger CutAt(int length)
    {
        Array.Resize(ref bytes, length);
        return this;
    }

    /// <summary>Writes it beside a ledger.</summary>
    public void WriteTo(string ledger) => File.WriteAllBytes(ledger + "-wal", bytes);

    private bool IsCurrent(int frame) => bytes.AsSpan(16, 8).SequenceEqual(bytes.AsSpan(OffsetOf(frame) + 8, 8));
}

using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>The first bytes of a write-ahead log, by SQLite's published format: https://www.sqlite.org/fileformat2.html#walformat.</summary>
internal readonly ref struct WalHeader(ReadOnlySpan<byte> bytes)
{
    public const int Length = 32;

    private const uint Magic = 0x377F0682;
    private const uint FormatVersion = 3_007_000;
    private const int ChecksumAt = 24;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>Whether checksums are made of words that begin with the higher byte.</summary>
    public bool IsBigEndian => (Number(0) & 1) != 0;

    public uint PageBytes => Number(8);

    /// <summary>What the frames of this generation carry; it changes whenever the log begins anew.</summary>
    public ulong Salts => BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);

    public WalChecksum StoredChecksum => WalChecksum.Read(bytes[ChecksumAt..]);

    /// <summary>Whether SQLite takes it; otherwise it passes over the whole log.</summary>
    public bool IsGood =>
        (Number(0) & ~1u) == Magic && Number(4) == FormatVersion && IsPageSize(PageBytes) && StoredChecksum == ComputedAs(IsBigEndian);

    /// <summary>The checksum that its bytes make.</summary>
    public WalChecksum ComputedAs(bool isBigEndian) => default(WalChecksum).Over(bytes[..ChecksumAt], isBigEndian);

    /// <summary>Whether pages may have this size.</summary>
    public static bool IsPageSize(uint bytes) => BitOperations.IsPow2(bytes) && bytes is >= 512 and <= 65_536;

    private uint Number(int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}

/// <summary>A page as it was after one transaction, with a header before it.</summary>
internal readonly ref struct WalFrame(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    public const int HeaderLength = 24;

    private const int SaltsAt = 8;

    private readonly ReadOnlySpan<byte> bytes = bytes;

    public uint PageNumber => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    /// <summary>Whether it is the last one of a transaction.</summary>
    public bool IsCommit => BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != 0;

    public ulong Salts => BinaryPrimitives.ReadUInt64BigEndian(bytes[SaltsAt..]);

    public WalChecksum StoredChecksum => WalChecksum.Read(bytes[16..]);

    /// <summary>The checksum that it has, when the frame before it has another one.</summary>
    public WalChecksum ComputedAfter(WalChecksum before) => before.Over(bytes[..SaltsAt], isBigEndian).Over(bytes[HeaderLength..], isBigEndian);
}

/// <summary>A checksum over all frames up to one, which each frame carries.</summary>
internal readonly record struct WalChecksum(uint First, uint Second)
{
    public static WalChecksum Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(uint)..]));

    /// <summary>The checksum after some more bytes; a multiple of eight.</summary>
    public WalChecksum Over(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        var (first, second) = this;
        var words = MemoryMarshal.Cast<byte, uint>(bytes);
        var isForeign = isBigEndian == BitConverter.IsLittleEndian;
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            first += (isForeign ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]) + second;
            second += (isForeign ? BinaryPrimitives.ReverseEndianness(words[i + 1]) : words[i + 1]) + first;
        }

        return new WalChecksum(first, second);
    }
}

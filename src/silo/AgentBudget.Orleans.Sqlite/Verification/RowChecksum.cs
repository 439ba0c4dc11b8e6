using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentBudget.Orleans.Sqlite.Verification;

/// <summary>
/// The checksum of columns of a row, in their order: CRC-32C (Castagnoli), which processors compute at about eight bytes in a
/// nanosecond. Kind and length of a column take part, so that bytes that move from one into the next are found. It stands in stored rows
/// and never changes.
/// </summary>
internal struct RowChecksum()
{
    // Before the length of texts and of blobs, and for nothing.
    private const ulong Text = 0xA1UL << 56;
    private const ulong Blob = 0xA2UL << 56;
    private const ulong Null = 0xA3UL << 56;

    private uint register = uint.MaxValue;

    /// <summary>As it is stored.</summary>
    public readonly long Value => (int)~register;

    public void Add(long number) => register = BitOperations.Crc32C(register, (ulong)number);

    public void AddNull() => register = BitOperations.Crc32C(register, Null);

    public void AddText(ReadOnlySpan<byte> utf8) => Add(Text, utf8);

    public void AddBlob(ReadOnlySpan<byte> bytes) => Add(Blob, bytes);

    private void Add(ulong kind, ReadOnlySpan<byte> bytes)
    {
        var crc = BitOperations.Crc32C(register, kind | (uint)bytes.Length);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, single);
        register = crc;
    }
}

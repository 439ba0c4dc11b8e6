using System.Numerics;
using System.Runtime.InteropServices;

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// The checksum of a row of the journal, over its number and its payload, so that a row that stands in the wrong place is found, too:
/// CRC-32C (Castagnoli), which processors compute at about eight bytes in a nanosecond. It stands in stored journals and never changes.
/// </summary>
internal static class JournalChecksum
{
    /// <summary>The checksum of a row.</summary>
    /// <param name="number">The number that the row stands under.</param>
    /// <param name="payload">What it holds.</param>
    public static long Of(long number, ReadOnlySpan<byte> payload)
    {
        var checksum = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        foreach (var word in words) checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word));
        foreach (var single in payload[(words.Length * sizeof(ulong))..]) checksum = BitOperations.Crc32C(checksum, single);
        return ~checksum;
    }
}

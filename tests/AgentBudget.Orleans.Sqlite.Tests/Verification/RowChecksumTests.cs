using System.Buffers.Binary;
using AgentBudget.Orleans.Sqlite.Verification;

namespace AgentBudget.Orleans.Sqlite.Tests.Verification;

/// <summary>The checksum stands in stored rows, so it is pinned to its definition.</summary>
public sealed class RowChecksumTests
{
    [Fact]
    public void Checksum_NumberThenBytesOfAnyLength_IsTheCyclicRedundancyCheckOfBothWithKindAndLength()
    {
        var bytes = Enumerable.Range(0, 40).Select(i => (byte)(i * 37)).ToArray();
        for (var length = 0; length <= bytes.Length; length++)
        {
            var whole = new byte[(2 * sizeof(long)) + length];
            BinaryPrimitives.WriteInt64LittleEndian(whole, 123_456_789_012);
            BinaryPrimitives.WriteUInt64LittleEndian(whole.AsSpan(sizeof(long)), (0xA2UL << 56) | (uint)length);
            bytes.AsSpan(0, length).CopyTo(whole.AsSpan(2 * sizeof(long)));
            var checksum = new RowChecksum();
            checksum.Add(123_456_789_012);
            checksum.AddBlob(bytes.AsSpan(0, length));
            Assert.Equal((int)BitByBit(whole), checksum.Value);
        }

        Assert.Equal(0xE3069283, BitByBit("123456789"u8));
    }

    [Fact]
    public void Checksum_SameBytesOfAnotherKind_Differs()
    {
        long[] all =
        [
            Of((ref RowChecksum of) => of.AddText([])),
            Of((ref RowChecksum of) => of.AddBlob([])),
            Of((ref RowChecksum of) => of.AddNull()),
            Of((ref RowChecksum of) => of.Add(0)),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private delegate void Filling(ref RowChecksum checksum);

    private static long Of(Filling fill)
    {
        var checksum = new RowChecksum();
        fill(ref checksum);
        return checksum.Value;
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var register = uint.MaxValue;
        foreach (var value in bytes)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++)
                register = (register >> 1) ^ ((register & 1) == 0 ? 0 : 0x82F63B78);
        }

        return ~register;
    }
}

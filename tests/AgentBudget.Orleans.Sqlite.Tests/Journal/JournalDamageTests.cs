using System.Buffers.Binary;
using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Tests.Storage;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Journal;

/// <summary>A row of the journal that is damaged: the ledger says which one and what mends it, whatever the bytes lead to.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private const int FirstEntryAt = JournalPiece.HeaderBytes;

    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_AnyByteOfARowChanged_IsRefused()
    {
        var payload = await LeaveRowsAsync();
        for (var at = 0; at < payload.Length; at += 7)
        {
            var damaged = (byte[])payload.Clone();
            damaged[at] ^= 0x10;
            Write(damaged);
            await AssertDamagedAsync("in row 2 of its journal", isReadOnly: true);
        }

        await AssertDamagedAsync("in row 2 of its journal");
    }

    /// <summary>What was written wrong has the checksum of what was written; its bytes are all there is to tell by.</summary>
    [Theory]
    [InlineData(JournalPiece.CountAt, -1)]
    [InlineData(JournalPiece.CountAt, 0)]
    [InlineData(JournalPiece.CountAt, 1_000)]
    [InlineData(JournalPiece.CountAt - 1, -1)]
    [InlineData(FirstEntryAt + 12, int.MaxValue)]
    [InlineData(FirstEntryAt + 80, -2)]
    [InlineData(FirstEntryAt + 80, int.MaxValue)]
    [InlineData(FirstEntryAt + 84, -1)]
    [InlineData(FirstEntryAt + 84, -100_000)]
    [InlineData(FirstEntryAt + 84, int.MaxValue)]
    [InlineData(FirstEntryAt + 84, 1)]
    public async Task Start_RowWithARightChecksumThatMakesNoSense_IsRefused(int at, int value)
    {
        var payload = await LeaveRowsAsync();
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(at), value);
        WriteWithChecksum(payload);
        await AssertDamagedAsync("in row 2 of its journal");
    }

    [Fact]
    public async Task Start_RowCutOff_IsRefused()
    {
        var payload = await LeaveRowsAsync();
        for (var length = 1; length < payload.Length; length += 11)
        {
            WriteWithChecksum(payload[..length]);
            await AssertDamagedAsync("in row 2 of its journal", isReadOnly: true);
        }
    }

    [Fact]
    public async Task Start_RowMissing_IsRefused()
    {
        await LeaveRowsAsync();
        folder.Execute("DELETE FROM journal WHERE id = 2");
        await AssertDamagedAsync("in row 2 of its journal, which is missing");
    }

    [Fact]
    public async Task Start_RowsThatChangedPlaces_IsRefused()
    {
        await LeaveRowsAsync();
        folder.Execute("UPDATE journal SET id = 10 - id; UPDATE journal SET id = id - 6");
        await AssertDamagedAsync("of its journal");
    }

    [Fact]
    public void Checksum_AnyLength_IsTheCyclicRedundancyCheckOfNumberAndPayload()
    {
        var payload = Enumerable.Range(0, 40).Select(i => (byte)(i * 37)).ToArray();
        for (var length = 0; length <= payload.Length; length++)
        {
            var whole = new byte[sizeof(long) + length];
            BinaryPrimitives.WriteInt64LittleEndian(whole, 123_456_789_012);
            payload.AsSpan(0, length).CopyTo(whole.AsSpan(sizeof(long)));
            Assert.Equal(BitByBit(whole), JournalChecksum.Of(123_456_789_012, payload.AsSpan(0, length)));
        }

        Assert.Equal(0xE3069283, BitByBit("123456789"u8));
    }

    private void WriteWithChecksum(byte[] payload)
    {
        Write(payload);
        folder.Execute(FormattableString.Invariant($"UPDATE journal SET checksum = {JournalChecksum.Of(2, payload)} WHERE id = 2"));
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var register = uint.MaxValue;
        foreach (var value in bytes)
        {
            register ^= value;
            for (var bit = 0; bit < 8; bit++) register = (register >> 1) ^ ((register & 1) == 0 ? 0 : 0x82F63B78);
        }

        return ~register;
    }

    /// <summary>Leaves three rows in the journal and answers the second.</summary>
    private async Task<byte[]> LeaveRowsAsync()
    {
        (await folder.StartAsync()).Dispose();
        var session = new GrowingSession("session");
        folder.LeaveInJournal(session.Open(), session.Charge(["one", "two"]), session.Charge("three"));
        return folder.JournalPayload(2);
    }

    private void Write(byte[] payload) => folder.Execute($"UPDATE journal SET payload = X'{Convert.ToHexString(payload)}' WHERE id = 2");

    private async Task AssertDamagedAsync(string place, bool isReadOnly = false)
    {
        var damaged = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(isReadOnly: isReadOnly));
        Assert.Contains($"The ledger {folder.FilePath} is damaged, ", damaged.Message, StringComparison.Ordinal);
        Assert.Contains(place, damaged.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", damaged.Message, StringComparison.Ordinal);
    }
}

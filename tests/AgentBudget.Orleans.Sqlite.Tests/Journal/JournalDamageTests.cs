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
        var payload = await WriteRowsAsync();
        for (var at = 0; at < payload.Length; at += 7)
        {
            var damaged = (byte[])payload.Clone();
            damaged[at] ^= 0x10;
            Write(damaged);
            await AssertDamagedAsync("in row 2 of its journal", isReadOnly: true);
        }

        await AssertDamagedAsync("in row 2 of its journal");
    }

    /// <summary>Should a row that makes no sense have the checksum of one that does, its bytes are all there is to tell by.</summary>
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
    public async Task Start_WholeRowThatMakesNoSense_IsRefused(int at, int value)
    {
        var payload = await WriteRowsAsync();
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(at), value);
        WriteWhole(payload);
        await AssertDamagedAsync("in row 2 of its journal");
    }

    /// <summary>The row of the feed stands at the end: its header, position and ranges.</summary>
    [Theory]
    [InlineData(JournalPiece.CountAt, -1)]
    [InlineData(JournalPiece.CountAt, 0)]
    [InlineData(JournalPiece.CountAt, 1_000)]
    [InlineData(JournalPiece.CountAt, int.MaxValue)]
    [InlineData(JournalPiece.HeaderBytes, 3)]
    [InlineData(JournalPiece.HeaderBytes, 1_000_000)]
    [InlineData(JournalPiece.HeaderBytes + 4, -1)]
    public async Task Start_RowOfTheFeedThatMakesNoSense_IsRefused(int at, int value)
    {
        var payload = await WriteRowsAsync();
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(FeedAt(payload) + at), value);
        WriteWhole(payload);
        await AssertDamagedAsync("of its journal");
    }

    [Fact]
    public async Task Start_WithoutARowOfTheFeed_IsRefused()
    {
        var payload = await WriteRowsAsync();
        WriteWhole(payload[..FeedAt(payload)]);
        await AssertDamagedAsync("in row 3 of its journal");
    }

    [Fact]
    public async Task Start_RowCutOff_IsRefused()
    {
        var payload = await WriteRowsAsync();
        for (var length = 1; length < payload.Length; length += 11)
        {
            WriteWhole(payload[..length]);
            await AssertDamagedAsync("in row 2 of its journal", isReadOnly: true);
        }
    }

    [Fact]
    public async Task Start_RowMissing_IsRefused()
    {
        await WriteRowsAsync();
        folder.Execute("DELETE FROM journal WHERE id = 2");
        await AssertDamagedAsync("in row 2 of its journal, which is missing");
    }

    [Fact]
    public async Task Start_RowsThatChangedPlaces_IsRefused()
    {
        await WriteRowsAsync();
        folder.Execute("UPDATE journal SET id = 10 - id; UPDATE journal SET id = id - 6");
        await AssertDamagedAsync("of its journal");
    }

    private static int FeedAt(byte[] payload)
    {
        var first = new PackedEntry(payload.AsSpan(FirstEntryAt)).Length;
        return FirstEntryAt + first + new PackedEntry(payload.AsSpan(FirstEntryAt + first)).Length;
    }

    /// <summary>Leaves three rows in the journal and answers the second.</summary>
    private async Task<byte[]> WriteRowsAsync()
    {
        (await folder.StartAsync()).Dispose();
        var session = new GrowingSession("session");
        folder.WriteToJournal(session.Open(), session.Charge(["one", "two"]), session.Charge("three"));
        return folder.JournalPayload(2);
    }

    private void WriteWhole(byte[] payload) => folder.Insert("journal", insert => insert.Bind(2).BindBlob(payload).BindChecksum());

    private void Write(byte[] payload) => folder.Execute($"UPDATE journal SET payload = X'{Convert.ToHexString(payload)}' WHERE id = 2");

    private async Task AssertDamagedAsync(string place, bool isReadOnly = false)
    {
        var damaged = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(isReadOnly: isReadOnly));
        Assert.Contains($"The ledger {folder.FilePath} is damaged, ", damaged.Message, StringComparison.Ordinal);
        Assert.Contains(place, damaged.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", damaged.Message, StringComparison.Ordinal);
    }
}

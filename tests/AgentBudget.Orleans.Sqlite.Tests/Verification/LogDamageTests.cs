using AgentBudget.Orleans.Sqlite.Tests.Storage;
using AgentBudget.StoreContract;
using Microsoft.Data.Sqlite;

namespace AgentBudget.Orleans.Sqlite.Tests.Verification;

/// <summary>The log of a ledger that was not closed: damage in its middle is told, and an end that a crash can leave is none.</summary>
public sealed class LogDamageTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>SQLite reads the log up to the first frame that does not fit, and takes the rest for never written.</summary>
    [Fact]
    public async Task Start_AnyBitFlippedBeforeTheLastFrame_IsRefusedAndChangesNothing()
    {
        var ledger = await CrashAsync(charges: 12);
        var log = new LogOfLedger(ledger);
        Assert.InRange(log.Commits().Length, 10, 100);
        var random = new Random(11);
        for (var flip = 0; flip < 100; flip++)
        {
            // Header of the log, of a frame, and page alike: half of the flips hit one of the few bytes of a header.
            var frame = random.Next(-1, log.Commits()[^1]);
            var at =
                frame < 0
                    ? random.Next(LogOfLedger.HeaderBytes)
                    : LogOfLedger.OffsetOf(frame) + random.Next(flip % 2 == 0 ? 24 : LogOfLedger.FrameBytes);
            var copy = folder.CopyAsLeft("flipped", ledger);
            new LogOfLedger(copy).Flip(at, random.Next(8)).WriteTo(copy);
            var before = await File.ReadAllBytesAsync(copy + "-wal", Token);
            var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(copy));
            var place = frame < 0 ? "the header" : $"frame {frame + 1}";
            Assert.Contains($"The ledger {copy} is damaged, in {place} of its log {copy}-wal", refused.Message, StringComparison.Ordinal);
            Assert.Contains("from a backup", refused.Message, StringComparison.Ordinal);
            Assert.Equal(before, await File.ReadAllBytesAsync(copy + "-wal", Token));
        }
    }

    [Fact]
    public async Task AcceptLoss_DamagedLog_OpensWithWhatStandsBeforeAndKeepsTheOldLog()
    {
        var session = new GrowingSession("session");
        var ledger = await CrashAsync(charges: 12, session);
        var log = new LogOfLedger(ledger);
        var options = new SqliteLedgerOptions { Path = ledger };
        Assert.Null(SqliteLedgerMend.FindDamagedLog(options));
        log.Flip(LogOfLedger.OffsetOf(log.Commits()[5]) + 1_000, 3).WriteTo(ledger);
        Assert.Contains("agentbudget mend", SqliteLedgerMend.FindDamagedLog(options), StringComparison.Ordinal);
        var before = await File.ReadAllBytesAsync(ledger + "-wal", Token);
        Assert.Contains(ledger + "-wal.damaged", SqliteLedgerMend.AcceptLoss(options), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(ledger + "-wal.damaged", Token));
        Assert.Null(SqliteLedgerMend.AcceptLoss(options));
        using var store = await folder.StartAsync(ledger);
        var entries = await store.ReadAsync("session", 1, 100, Token);
        Assert.InRange(entries.Count, 1, session.Entries.Count - 1);
        Assert.Equivalent(session.Entries.Take(entries.Count), entries, strict: true);
        Assert.Throws<LedgerStoreUnavailableException>(() => SqliteLedgerMend.AcceptLoss(options));
    }

    [Fact]
    public async Task AcceptLoss_WhereAnEarlierLogIsKept_NamesItAndChangesNothing()
    {
        var ledger = await CrashAsync(charges: 12);
        var log = new LogOfLedger(ledger);
        log.Flip(LogOfLedger.OffsetOf(log.Commits()[5]) + 1_000, 3).WriteTo(ledger);
        var before = await File.ReadAllBytesAsync(ledger + "-wal", Token);
        await File.WriteAllTextAsync(ledger + "-wal.damaged", "an earlier one", Token);

        var refused = Assert.Throws<LedgerStoreUnavailableException>(() =>
            SqliteLedgerMend.AcceptLoss(new SqliteLedgerOptions { Path = ledger })
        );

        Assert.Contains(
            $"{ledger}-wal.damaged, where an earlier one is already; move that away",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("disk", refused.Message, StringComparison.Ordinal);
        Assert.Equal("an earlier one", await File.ReadAllTextAsync(ledger + "-wal.damaged", Token));
        Assert.Equal(before, await File.ReadAllBytesAsync(ledger + "-wal", Token));
    }

    [Fact]
    public async Task Start_MiddleOfTheLogCleared_IsRefused()
    {
        var ledger = await CrashAsync(charges: 12);
        var log = new LogOfLedger(ledger);
        log.Clear(LogOfLedger.OffsetOf(log.Frames / 2), 4_096).WriteTo(ledger);
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(ledger));
    }

    /// <summary>A crash leaves an end like this, so it cannot be told from one; what stands before it is there.</summary>
    [Fact]
    public async Task Start_LogCutAnywhere_OpensWithWhatStandsBefore()
    {
        var session = new GrowingSession("session");
        var ledger = await CrashAsync(charges: 6, session);
        var whole = new LogOfLedger(ledger);
        var seen = new HashSet<int>();
        for (var length = 0; length <= whole.Length; length += 1_111)
        {
            var copy = folder.CopyAsLeft("cut", ledger);
            new LogOfLedger(copy).CutAt(length).WriteTo(copy);
            using var store = await folder.StartAsync(copy);
            var entries = await store.ReadAsync("session", 1, 100, Token);
            Assert.Equivalent(session.Entries.Take(entries.Count), entries, strict: true);
            await AssertFeedAsync(store, entries.Count);
            seen.Add(entries.Count);
        }

        Assert.InRange(seen.Count, 4, 8);
    }

    /// <summary>Once all of it has been copied into the file, the log begins anew, and what it held before stands behind its end.</summary>
    [Fact]
    public async Task Start_LogThatBeganAnew_IsNotMisledByWhatItHeldBefore()
    {
        var session = new GrowingSession("session");
        string ledger;
        using (var store = await folder.StartAsync())
        {
            await store.AppendAsync([session.Open()]);
            for (var i = 0; i < 40; i++)
                await store.AppendAsync([session.Charge($"{i:000}")]);
            folder.Execute("PRAGMA wal_checkpoint(RESTART)");
            await store.AppendAsync([session.Charge("last")]);
            ledger = folder.CopyAsLeft("left");
        }

        var log = new LogOfLedger(ledger);
        Assert.InRange(log.Commits().Length, 1, log.Frames / 4);
        using var again = await folder.StartAsync(ledger);
        Assert.Equivalent(session.Entries, await again.ReadAsync("session", 1, 100, Token), strict: true);
    }

    /// <summary>
    /// A machine without power may have written the last commits in any order. That is no damage, and what is left of them must not look
    /// like damage once a shorter transaction is written over its beginning.
    /// </summary>
    [Fact]
    public async Task Start_LastCommitsThatCameToTheDiskInParts_OpensAndGoesOn()
    {
        var session = new GrowingSession("session");
        var ledger = await CrashAsync(charges: 12, session);
        var log = new LogOfLedger(ledger);
        var commits = log.Commits();
        log.Clear(LogOfLedger.OffsetOf(commits[^3] + 1), LogOfLedger.FrameBytes).WriteTo(ledger);
        using (var store = await folder.StartAsync(ledger))
        {
            var entries = await store.ReadAsync("session", 1, 100, Token);
            Assert.Equivalent(session.Entries.Take(entries.Count), entries, strict: true);
            await AssertFeedAsync(store, entries.Count);
            await store.AppendAsync([new GrowingSession("another").Open()]);
            folder.CopyAsLeft("again", ledger);
        }

        (await folder.StartAsync(folder.Within("again"))).Dispose();
    }

    /// <summary>A large transaction goes to the log before its end is known; one that is taken back stays there behind the next
    /// one.</summary>
    [Fact]
    public async Task Start_TransactionThatWasTakenBack_IsNoDamage()
    {
        using var store = await folder.StartAsync();
        await store.AppendAsync([new GrowingSession("session").Open()]);
        var frames = new LogOfLedger(folder.CopyAsLeft("left")).Frames;
        using (var connection = new SqliteConnection($"Data Source={folder.FilePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                PRAGMA cache_size = 10; BEGIN;
                INSERT INTO purge_queue WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) SELECT i, 0 FROM n;
                ROLLBACK
                """;
            command.ExecuteNonQuery();
            await store.AppendAsync([new GrowingSession("another").Open()]);
            folder.CopyAsLeft("left");
        }

        Assert.InRange(new LogOfLedger(folder.Within($"left/{SqliteLedgerOptions.FileName}")).Frames, frames + 20, 10_000);
        using var again = await folder.StartAsync(folder.Within("left"));
        Assert.NotNull(await again.LoadAsync("another", Token));
    }

    // A row for each entry, as each was written by itself.
    private static async Task AssertFeedAsync(SqliteLedgerStore store, int entries)
    {
        var rows = await store.Feed.ReadFeedAsync(0, 1, 100, EventKinds.All, Token);
        Assert.Equal(Enumerable.Range(1, entries).Select(i => (long)i), rows.Select(row => row.Position));
        Assert.All(rows, row => Assert.Equal(row.Position, Assert.Single(row.Ranges).First));
    }

    private async Task<string> CrashAsync(int charges, GrowingSession? session = null)
    {
        session ??= new GrowingSession("session");
        using var store = await folder.StartAsync();
        await store.AppendAsync([session.Open()]);
        for (var i = 0; i < charges; i++)
            await store.AppendAsync([session.Charge($"{i:000}")]);
        return folder.CopyAsLeft("left");
    }
}

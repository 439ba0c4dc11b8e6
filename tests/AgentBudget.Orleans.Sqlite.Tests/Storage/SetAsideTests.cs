using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A session that the tables do not take: the ledger opens, others go on, and nothing of it is lost.</summary>
public sealed class SetAsideTests : IDisposable
{
    private const int SetAsideEvent = 1300;
    private const string TheSession = "WHERE ledger_id = 'broken'";

    private const string RunOutOfTheWay =
        $"DELETE FROM entry_run WHERE first_sequence = 2 AND ledger_no = (SELECT no FROM ledger_head {TheSession})";

    private readonly LedgerFolder folder = new();
    private readonly GrowingSession broken = new("broken");
    private readonly GrowingSession good = new("good");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_SessionThatTheTablesDoNotTake_SetsItAsideAndOpens()
    {
        await WriteAsync();
        var charge = broken.Charge("key");
        PutRunInTheWay();
        folder.WriteToJournal(charge, good.Charge("key"));
        var logger = new CollectingLogger();
        using (var store = await folder.StartAsync(logger: logger))
        {
            await AssertSetAsideAsync(store, charge);
            Assert.Equal([AppendOutcome.Written], await store.AppendAsync([good.Charge()]));
            Assert.Equal(good.Head.Sequence, (await store.LoadAsync("good", Token))!.Head.Sequence);
        }

        var number = folder.Scalar($"SELECT no FROM ledger_head {TheSession}");
        Assert.Contains($"session number {number}", Assert.Single(logger.Of(SetAsideEvent)), StringComparison.Ordinal);
        using (var reader = await folder.StartAsync(isReadOnly: true))
        {
            Assert.Equivalent(broken.Entries, await reader.ReadAsync("broken", 1, 10, Token), strict: true);
            Assert.Equivalent(broken.Head, (await reader.LoadAsync("broken", Token))!.Head, strict: true);
        }

        folder.Execute(RunOutOfTheWay);
        using var mended = await folder.StartAsync();
        Assert.Equivalent(broken.Head, (await mended.LoadAsync("broken", Token))!.Head, strict: true);
        Assert.Equivalent(broken.Entries, await mended.ReadAsync("broken", 1, 10, Token), strict: true);
        Assert.Equal([AppendOutcome.Written], await mended.AppendAsync([broken.Charge("more")]));
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM set_aside"));
    }

    /// <summary>Without a backup there is a way to the sessions that are whole.</summary>
    [Theory]
    [InlineData("sequence = 9")]
    [InlineData("spent_nano_usd = 7")]
    [InlineData("detail = 'x'")]
    [InlineData("options = NULL")]
    [InlineData("due_at = due_at + 1")]
    public async Task Start_HeadThatWasChanged_IsRefusedAndUnverifiedIsTheTroubleOfItsSessionAlone(string change)
    {
        await WriteAsync();
        folder.WriteToJournal(broken.Charge("key"), good.Charge("key"));
        folder.Execute($"UPDATE ledger_head SET {change} {TheSession}");
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync());
        Assert.Contains(
            $"The ledger {folder.FilePath} is damaged; restore it from a backup. (In the table ledger_head",
            refused.Message,
            StringComparison.Ordinal
        );
        using var store = await folder.StartAsync(verifyAtStart: false);
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.LoadAsync("broken", Token));
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.ReadAsync("broken", 1, 10, Token));
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.FindByKeyAsync("broken", "key", Token));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([good.Charge()]));
        Assert.Equal(good.Head.Sequence, (await store.LoadAsync("good", Token))!.Head.Sequence);
        Assert.Equivalent(good.Entries, await store.ReadAsync("good", 1, 10, Token), strict: true);
    }

    [Fact]
    public async Task Start_SetAsideAgainAndAgain_LosesNothingAndKeepsTheJournalShort()
    {
        await WriteAsync();
        PutRunInTheWay();
        folder.WriteToJournal(broken.Charge(Enumerable.Range(0, 1_000).Select(i => $"key-{i}")));
        for (var round = 0; round < 3; round++)
        {
            using var store = await folder.StartAsync();
            Assert.Equivalent(broken.Entries, await store.ReadAsync("broken", 1, 2_000, Token), strict: true);
            Assert.Equal(
                broken.Entries.Skip(500).Take(10).Select(entry => entry.Sequence),
                (await store.ReadAsync("broken", 501, 10, Token)).Select(entry => entry.Sequence)
            );
            Assert.Equal("key-999", (await store.FindByKeyAsync("broken", "key-999", Token))?.Key);
            Assert.Equal(0, folder.Scalar("SELECT count(*) FROM journal"));
        }
    }

    [Fact]
    public async Task Start_SessionSetAsideWhoseHeadIsGone_IsNamedAndNotOpenedAnew()
    {
        await WriteAsync();
        PutRunInTheWay();
        var charge = broken.Charge("key");
        folder.WriteToJournal(charge);
        (await folder.StartAsync()).Dispose();
        folder.Execute($"DELETE FROM ledger_head {TheSession}");
        using var store = await folder.StartAsync();
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.LoadAsync("broken", Token));
        Assert.Contains("Session broken", refused.Message, StringComparison.Ordinal);
        Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([new GrowingSession("broken").Open()]));
        Assert.Equal(1, folder.Scalar("SELECT count(*) FROM set_aside"));
    }

    [Fact]
    public async Task Start_MoreThanMayBeSetAside_IsRefusedAndLosesNothing()
    {
        await WriteAsync();
        PutRunInTheWay();
        folder.WriteToJournal(broken.Charge(Enumerable.Range(0, JournalTail.MaxSetAside + 1).Select(_ => (string?)null).ToArray()!));
        var rows = folder.Scalar("SELECT count(*) FROM journal");
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync());
        Assert.Contains("restore the ledger from a backup", refused.Message, StringComparison.Ordinal);
        Assert.Equal(rows, folder.Scalar("SELECT count(*) FROM journal"));
    }

    private async Task WriteAsync()
    {
        using (var store = await folder.StartAsync())
            await store.AppendAsync([broken.Open(), good.Open()]);
        (await folder.StartAsync()).Dispose();
    }

    private async Task AssertSetAsideAsync(SqliteLedgerStore store, LedgerAppend last)
    {
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.LoadAsync("broken", Token));
        foreach (var word in new[] { "Session broken", folder.FilePath, "set aside", "restore the ledger from a backup" })
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.Equivalent(broken.Entries, await store.ReadAsync("broken", 1, 10, Token), strict: true);
        Assert.Equal("key", (await store.FindByKeyAsync("broken", "key", Token))?.Key);
        Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([broken.Twin().Charge("later")]));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([last]));
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.PurgeAsync("broken", last.Head.Life, 2, Token));
        Assert.DoesNotContain("broken", await store.FindDueAsync(DateTimeOffset.MaxValue, 0, 10, Token));
        Assert.Equal(1, folder.Scalar("SELECT count(*) FROM set_aside"));
    }

    /// <summary>A row is in the way of the next run; entries follow from the head all the same.</summary>
    private void PutRunInTheWay()
    {
        var number = folder.Scalar($"SELECT no FROM ledger_head {TheSession}");
        folder.Insert("entry_run", insert => insert.Bind(number).Bind(2).Bind(1).Bind(1).BindNull().BindNull().BindChecksum());
    }
}

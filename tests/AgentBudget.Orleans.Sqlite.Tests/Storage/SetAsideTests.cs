using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A session that the tables do not take: the ledger opens, others go on, and nothing of it is lost.</summary>
public sealed class SetAsideTests : IDisposable
{
    private const int SetAsideEvent = 1300;
    private const string TheSession = "WHERE ledger_id = 'broken'";

    /// <summary>A row is in the way of the next run; entries follow from the head all the same.</summary>
    private const string RunInTheWay = $"INSERT INTO entry_run SELECT no, 2, 1, 1, NULL, NULL FROM ledger_head {TheSession}";

    private const string RunOutOfTheWay = $"DELETE FROM entry_run WHERE first_sequence = 2 AND ledger_no = (SELECT no FROM ledger_head {TheSession})";

    private readonly LedgerFolder folder = new();
    private readonly GrowingSession broken = new("broken");
    private readonly GrowingSession good = new("good");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(RunInTheWay, RunOutOfTheWay, true)]
    [InlineData($"UPDATE ledger_head SET sequence = 9 {TheSession}", $"UPDATE ledger_head SET sequence = 1 {TheSession}", false)]
    [InlineData($"UPDATE ledger_head SET spent_nano_usd = 7 {TheSession}", $"UPDATE ledger_head SET spent_nano_usd = 0 {TheSession}", false)]
    [InlineData($"UPDATE ledger_head SET detail = 'x' {TheSession}", null, false)]
    public async Task Start_SessionThatTheTablesDoNotTake_SetsItAsideAndOpens(string damage, string? mend, bool canBeLookedAt)
    {
        await WriteAsync();
        var charge = broken.Charge("key");
        if (damage.Contains("sequence = 9", StringComparison.Ordinal) || damage.Contains("'x'", StringComparison.Ordinal))
        {
            // In the journal first, so that the append is not refused.
            folder.LeaveInJournal(charge, good.Charge("key"));
            folder.Execute(RunInTheWay);
            (await folder.StartAsync()).Dispose();
            folder.Execute(RunOutOfTheWay);
            folder.Execute(damage);
        }
        else
        {
            folder.Execute(damage);
            folder.LeaveInJournal(charge, good.Charge("key"));
        }

        var logger = new CollectingLogger();
        using (var store = await folder.StartAsync(logger: logger))
        {
            await AssertSetAsideAsync(store, charge);
            Assert.Equal([AppendOutcome.Written], await store.AppendAsync([good.Charge()]));
            Assert.Equal(good.Head.Sequence, (await store.LoadAsync("good", Token))!.Head.Sequence);
        }

        var number = folder.Scalar($"SELECT no FROM ledger_head {TheSession}");
        Assert.Contains($"session number {number}", Assert.Single(logger.Of(SetAsideEvent)), StringComparison.Ordinal);
        await AssertLookedAtAsync(canBeLookedAt);
        if (mend is null) return;
        folder.Execute(mend);
        using var mended = await folder.StartAsync();
        Assert.Equivalent(broken.Head, (await mended.LoadAsync("broken", Token))!.Head, strict: true);
        Assert.Equivalent(broken.Entries, await mended.ReadAsync("broken", 1, 10, Token), strict: true);
        Assert.Equal([AppendOutcome.Written], await mended.AppendAsync([broken.Charge("more")]));
        Assert.Equal(0, folder.Scalar("SELECT count(*) FROM set_aside"));
    }

    [Fact]
    public async Task Start_SetAsideAgainAndAgain_LosesNothingAndKeepsTheJournalShort()
    {
        await WriteAsync();
        folder.Execute(RunInTheWay);
        folder.LeaveInJournal(broken.Charge(Enumerable.Range(0, 1_000).Select(i => $"key-{i}")));
        for (var round = 0; round < 3; round++)
        {
            using var store = await folder.StartAsync();
            Assert.Equivalent(broken.Entries, await store.ReadAsync("broken", 1, 2_000, Token), strict: true);
            Assert.Equal(broken.Entries.Skip(500).Take(10).Select(entry => entry.Sequence), (await store.ReadAsync("broken", 501, 10, Token)).Select(entry => entry.Sequence));
            Assert.Equal("key-999", (await store.FindByKeyAsync("broken", "key-999", Token))?.Key);
            Assert.Equal(0, folder.Scalar("SELECT count(*) FROM journal"));
        }
    }

    [Fact]
    public async Task Start_SessionSetAsideWhoseHeadIsGone_IsNamedAndNotOpenedAnew()
    {
        await WriteAsync();
        folder.Execute(RunInTheWay);
        var charge = broken.Charge("key");
        folder.LeaveInJournal(charge);
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
        folder.Execute(RunInTheWay);
        folder.LeaveInJournal(broken.Charge(Enumerable.Range(0, JournalTail.MaxSetAside + 1).Select(_ => (string?)null).ToArray()!));
        var rows = folder.Scalar("SELECT count(*) FROM journal");
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync());
        Assert.Contains("restore the ledger from a backup", refused.Message, StringComparison.Ordinal);
        Assert.Equal(rows, folder.Scalar("SELECT count(*) FROM journal"));
    }

    private async Task WriteAsync()
    {
        using (var store = await folder.StartAsync()) await store.AppendAsync([broken.Open(), good.Open()]);
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
        await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.PurgeAsync("broken", 2, Token));
        Assert.DoesNotContain("broken", await store.FindDueAsync(DateTimeOffset.MaxValue, 0, 10, Token));
        Assert.Equal(1, folder.Scalar("SELECT count(*) FROM set_aside"));
    }

    private async Task AssertLookedAtAsync(bool isAnswered)
    {
        using var reader = await folder.StartAsync(isReadOnly: true);
        Assert.Equivalent(broken.Entries, await reader.ReadAsync("broken", 1, 10, Token), strict: true);
        if (isAnswered)
        {
            Assert.Equivalent(broken.Head, (await reader.LoadAsync("broken", Token))!.Head, strict: true);
            return;
        }

        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await reader.LoadAsync("broken", Token));
        Assert.Contains("Session broken", refused.Message, StringComparison.Ordinal);
    }
}

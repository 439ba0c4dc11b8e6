using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A disk that is full and a file that is damaged: said in words, and nothing is half-written.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    /// <summary>A real disk of one megabyte, where the machine lets us mount one.</summary>
    [Fact]
    public async Task Append_DiskIsFull_SaysSoAndWritesNothingOfTheBatch()
    {
        using var disk = SmallDisk.TryMount(folder.Within("disk"));
        Assert.SkipWhen(disk is null, "No file system may be mounted here.");
        using var store = await folder.StartAsync(folder.Within("disk"));
        var session = new GrowingSession("session");
        var other = new GrowingSession("other");
        await store.AppendAsync([session.Open(), other.Open()]);
        LedgerStoreUnavailableException? full = null;
        var durable = (Head: session.Head, Count: session.Entries.Count);
        for (var round = 0; full is null; round++)
        {
            Assert.InRange(round, 0, 1_000);
            var twin = session.Twin();
            // Two sessions in a batch: neither may be there without the other.
            var batch = new[]
            {
                twin.Charge(Enumerable.Range(0, 200).Select(i => $"key-{round}-{i}")),
                other.Twin().Charge($"round-{round}"),
            };
            try
            {
                await store.AppendAsync(batch);
                session = twin;
                other = await ReloadedAsync(store, other, $"round-{round}");
                durable = (session.Head, session.Entries.Count);
            }
            catch (LedgerStoreUnavailableException exception)
            {
                full = exception;
            }
        }

        Assert.Contains("is full; free some space", full.Message, StringComparison.Ordinal);
        Assert.Equivalent(durable.Head, (await store.LoadAsync("session", Token))!.Head, strict: true);
        Assert.Equal(durable.Count, (await store.ReadAsync("session", 1, int.MaxValue, Token)).Count);
        Assert.Equal(other.Head.Sequence, (await store.LoadAsync("other", Token))!.Head.Sequence);

        disk!.MakeRoom();
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([session.Charge("after")]));
        Assert.Equal(durable.Count + 1, (await store.ReadAsync("session", 1, int.MaxValue, Token)).Count);
    }

    [Fact]
    public async Task Start_FileWhosePagesAreOverwritten_IsRefusedOrSaysSoWhenRead()
    {
        var session = new GrowingSession("session");
        using (var store = await folder.StartAsync())
        {
            await store.AppendAsync([session.Open()]);
            await store.AppendAsync([session.Charge(Enumerable.Range(0, 4_000).Select(i => $"key-{i}"))]);
        }

        await using (var file = File.OpenWrite(folder.FilePath))
        {
            file.Position = 8 * 4_096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - (int)file.Position).ToArray(), Token);
        }

        var damaged = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () =>
        {
            using var store = await folder.StartAsync();
            await store.ReadAsync("session", 1, int.MaxValue, Token);
        });
        Assert.Contains("is damaged; restore it from a backup", damaged.Message, StringComparison.Ordinal);
    }

    /// <summary>A bad row must not fail what comes after it: the statement that it broke off is used again.</summary>
    [Fact]
    public async Task Append_WithARowThatCannotBeWritten_WritesNothingOfTheBatchAndGoesOn()
    {
        using var store = await folder.StartAsync();
        var good = new GrowingSession("good");
        await store.AppendAsync([good.Open()]);
        var charge = good.Charge("key");
        var bad = new GrowingSession("bad");
        var open = bad.Open();
        var broken = open with { Head = open.Head with { Options = open.Head.Options! with { Tags = null! } } };
        await Assert.ThrowsAnyAsync<Exception>(async () => await store.AppendAsync([charge, broken]));
        Assert.Equal(1, (await store.LoadAsync("good", Token))!.Head.Sequence);
        Assert.Null(await store.LoadAsync("bad", Token));
        Assert.Null(await store.FindByKeyAsync("good", "key", Token));

        Assert.Equal([AppendOutcome.Written, AppendOutcome.Written], await store.AppendAsync([charge, open]));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([new GrowingSession("another").Open()]));
        Assert.Equal(2, (await store.ReadAsync("good", 1, 10, Token)).Count);
        // The batch that was taken back has taken no position of the feed.
        var rows = await store.Feed.ReadFeedAsync(0, 1, 10, EventKinds.All, Token);
        Assert.Equal([1L, 2L, 3L], rows.Select(row => row.Position));
    }

    // The other session's own copy has to know what was written; it is read back, as an activation would.
    private static async Task<GrowingSession> ReloadedAsync(SqliteLedgerStore store, GrowingSession before, string key)
    {
        before.Charge(key);
        Assert.Equal(before.Head.Sequence, (await store.LoadAsync("other", Token))!.Head.Sequence);
        return before;
    }
}

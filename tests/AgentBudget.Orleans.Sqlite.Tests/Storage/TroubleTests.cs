using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A ledger that cannot be used says so, names itself and the mend, and is left as it was.</summary>
public sealed class TroubleTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_SchemaNewerThanKnown_IsRefusedAndLeftAlone()
    {
        (await folder.StartAsync()).Dispose();
        folder.Execute("PRAGMA user_version = 1000");
        await AssertRefusedAsync(folder.Path, "has schema 1000", "Use a newer one");
        await AssertRefusedAsync(folder.Path, isReadOnly: true, "has schema 1000", "Use a newer one");
        Assert.Equal(1000, folder.Scalar("PRAGMA user_version"));
    }

    [Fact]
    public async Task Start_EmptyFile_BecomesALedger()
    {
        await File.WriteAllBytesAsync(folder.FilePath, [], Token);
        using var store = await folder.StartAsync();
        Assert.Empty(await store.ListAsync(new SessionListing(), Token));
        Assert.InRange(folder.Scalar("PRAGMA user_version"), 1, 999);
    }

    [Fact]
    public async Task Start_SecondTimeAtOnce_IsRefusedUntilTheFirstStops()
    {
        using (var first = await folder.StartAsync())
        {
            await AssertRefusedAsync(folder.Path, folder.FilePath, "in use by another process", "stop that one", "a folder of its own");
            var session = new GrowingSession("session");
            Assert.Equal([AppendOutcome.Written], await first.AppendAsync([session.Open()]));
        }

        using var second = await folder.StartAsync();
        Assert.NotNull(await second.LoadAsync("session", Token));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public async Task Start_FileThatIsNoDatabase_IsRefusedAndLeftAlone(int length)
    {
        var text = new string('x', length);
        await File.WriteAllTextAsync(folder.Within("notes.db"), text, Token);
        await AssertRefusedAsync(folder.Within("notes.db"), "notes.db", "is not a ledger");
        Assert.Equal(text, await File.ReadAllTextAsync(folder.Within("notes.db"), Token));
    }

    [Fact]
    public async Task Start_DatabaseOfSomethingElse_IsRefusedAndLeftAlone()
    {
        folder.Execute("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ada')");
        await AssertRefusedAsync(folder.Path, folder.FilePath, "not a ledger");
        Assert.Equal(1, folder.Scalar("SELECT count(*) FROM sqlite_master"));
    }

    [Fact]
    public async Task Start_FolderThatIsMissing_IsMade()
    {
        using var store = await folder.StartAsync(folder.Within("a/b/c"));
        Assert.True(File.Exists(folder.Within("a/b/c/ledger.db")));
    }

    [Fact]
    public async Task Start_PathBelowAFile_IsRefused()
    {
        await File.WriteAllTextAsync(folder.Within("file"), "text", Token);
        await AssertRefusedAsync(folder.Within("file/below"), "below");
        Assert.Equal("text", await File.ReadAllTextAsync(folder.Within("file"), Token));
    }

    [Fact]
    public async Task Start_FileNameThatIsAFolder_PutsTheLedgerIntoIt()
    {
        Directory.CreateDirectory(folder.Within("odd.db"));
        using var store = await folder.StartAsync(folder.Within("odd.db"));
        Assert.True(File.Exists(folder.Within("odd.db/ledger.db")));
    }

    [Fact]
    public async Task Start_LedgerThatIsAFolder_IsRefused()
    {
        Directory.CreateDirectory(folder.FilePath);
        await AssertRefusedAsync(folder.Path, folder.FilePath, "cannot be opened");
    }

    [Fact]
    public async Task Start_ReadOnlyWithoutALedger_IsRefusedAndMakesNone()
    {
        await AssertRefusedAsync(folder.Path, isReadOnly: true, "There is no ledger", folder.FilePath);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Start_FileThatMayNotBeWritten_IsRefused()
    {
        // To the superuser nothing is read-only.
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Permissions do not bind the superuser.");
        (await folder.StartAsync()).Dispose();
        File.SetAttributes(folder.FilePath, FileAttributes.ReadOnly);
        await AssertRefusedAsync(folder.Path, folder.FilePath, "is read-only");
        using var reader = await folder.StartAsync(isReadOnly: true);
    }

    [Fact]
    public async Task Use_BeforeStartOrAfterStop_IsRefused()
    {
        var session = new GrowingSession("session");
        var open = session.Open();
        var store = folder.NewStore();
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(async () => await store.AppendAsync([open]));
        Assert.Contains("was not started", refused.Message, StringComparison.Ordinal);
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.AppendAsync([open]));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.LoadAsync("session", Token));
    }

    private Task AssertRefusedAsync(string path, params string[] words) => AssertRefusedAsync(path, isReadOnly: false, words);

    private async Task AssertRefusedAsync(string path, bool isReadOnly, params string[] words)
    {
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(path, isReadOnly));
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }
}

using AgentBudget.Tests.Processes;

namespace AgentBudget.Tests.Starting;

/// <summary>A ledger that cannot be used: the message names it and the mend, and nothing is harmed.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FolderInUseInThisProcess_IsRefusedWhileTheFirstGoesOn()
    {
        await using var first = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        await AssertInUseAsync();
        await using var session = await first.OpenAsync("1.00", cancellationToken: Token);
        await session.TrackAsync(0, "search", "0.10", cancellationToken: Token);
    }

    [Fact]
    public async Task Start_FolderInUseByAnotherProcess_IsRefusedUntilThatOneEnds()
    {
        await using (var other = await ChildProgram.StartAsync("hold", folder.Path))
        {
            await AssertInUseAsync();
            await other.ContinueAsync();
            Assert.Equal(0, await other.EndAsync());
        }

        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
    }

    [Fact]
    public async Task Start_FolderOfAProcessThatWasKilled_IsFree()
    {
        await using (var other = await ChildProgram.StartAsync("hold", folder.Path))
            await other.KillAsync();
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
    }

    [Fact]
    public async Task Start_WithANewWebhookWithoutASecret_IsRefusedAndNamesTheMend()
    {
        var hook = new WebhookSettings { Url = "https://example.com/hook" };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(hook));
        Assert.Contains("WebhookSettings.NewSecret()", refused.Message, StringComparison.Ordinal);

        // Once it has one, it keeps it.
        await StartAsync(hook with { Secret = WebhookSettings.NewSecret() });
        await StartAsync(hook);

        async Task StartAsync(WebhookSettings webhook)
        {
            void Configure(EmbeddedOptions options) => (options.Path, options.Webhook) = (folder.Path, webhook);
            await using var budget = await EmbeddedAgentBudget.StartAsync(Configure, Token);
            Assert.Equal("embedded", Assert.Single(await budget.Client.Webhooks.ListAsync(null, Token)).Id);
        }
    }

    [Fact]
    public async Task Start_FileThatIsNoDatabase_IsRefusedAndLeftAlone()
    {
        var file = folder.Within("notes.db");
        await File.WriteAllTextAsync(file, new string('x', 5_000), Token);
        await AssertRefusedAsync(file, "notes.db", "not a ledger");
        Assert.Equal(new string('x', 5_000), await File.ReadAllTextAsync(file, Token));
    }

    [Fact]
    public async Task Start_DatabaseOfSomethingElse_IsRefusedAndLeftAlone()
    {
        var file = folder.Within("other.db");
        Execute(file, "CREATE TABLE people (name TEXT)");
        await AssertRefusedAsync(file, "other.db", "not a ledger");
    }

    [Fact]
    public async Task Start_LedgerOfANewerVersion_IsRefused()
    {
        var file = folder.Within("newer.db");
        Execute(file, "PRAGMA user_version = 999");
        await AssertRefusedAsync(file, "newer.db", "newer");
    }

    [Fact]
    public async Task Start_FolderBelowAFile_IsRefused()
    {
        await File.WriteAllTextAsync(folder.Within("file"), "", Token);
        await AssertRefusedAsync(folder.Within("file/below"), "below", "cannot be");
    }

    [Fact]
    public async Task Start_FolderThatNobodyCanMake_IsRefused()
    {
        // Not even root makes a folder there.
        var path = OperatingSystem.IsLinux() ? "/proc/agentbudget" : folder.Within("file/below");
        await File.WriteAllTextAsync(folder.Within("file"), "", Token);
        await AssertRefusedAsync(path, path, "folder");
    }

    [Fact]
    public async Task Start_ReadOnlyFile_IsRefused()
    {
        var file = folder.Within("ledger.db");
        await using (await EmbeddedAgentBudget.StartAsync(file, Token)) { }

        new FileInfo(file).IsReadOnly = true;
        // To root nothing is read-only.
        if (Environment.IsPrivilegedProcess)
            await (await EmbeddedAgentBudget.StartAsync(file, Token)).DisposeAsync();
        else
            await AssertRefusedAsync(file, "ledger.db", "read-only");
        new FileInfo(file).IsReadOnly = false;
    }

    [Fact]
    public async Task Start_AfterARefusal_TheFolderIsFree()
    {
        var file = folder.Within("notes.db");
        await File.WriteAllTextAsync(file, new string('x', 5_000), Token);
        await AssertRefusedAsync(file, "notes.db", "not a ledger");
        File.Delete(file);
        await using var budget = await EmbeddedAgentBudget.StartAsync(file, Token);
    }

    public void Dispose() => folder.Dispose();

    private Task AssertInUseAsync() => AssertRefusedAsync(folder.Path, folder.Path, "in use", "stop that one", "folder of its own");

    private static async Task AssertRefusedAsync(string path, params string[] words)
    {
        var refused = await Assert.ThrowsAsync<AgentBudgetException>(() => EmbeddedAgentBudget.StartAsync(path, Token));
        Assert.All(words, word => Assert.Contains(word, refused.Message, StringComparison.Ordinal));
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

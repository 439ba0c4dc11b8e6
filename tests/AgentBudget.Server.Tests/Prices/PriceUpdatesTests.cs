using System.Collections.Concurrent;
using AgentBudget.Pricing.Import.Updating;
using AgentBudget.Pricing.Tests.Update;
using AgentBudget.Server.Prices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Server.Tests.Prices;

/// <summary>A server that brings its prices up to date by itself, from the real collections on a site of this machine.</summary>
public sealed class PriceUpdatesTests : IAsyncLifetime
{
    private readonly LoopbackSite site = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prices");
    private readonly LivePricesOptions prices = new() { UpdateEvery = TimeSpan.FromHours(1) };
    private readonly LogBook log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        prices.Path = folder.FullName;
        foreach (var name in new PriceCollections().Addresses.Keys)
        {
            await using var packed = typeof(PriceUpdatesTests).Assembly.GetManifestResourceStream($"collections/{name}.json.gz")!;
            using var bytes = new MemoryStream();
            await packed.CopyToAsync(bytes, Token);
            site.AnswerPacked(name, bytes.ToArray());
            prices.UpdateFrom[name] = $"{site.Root}/{name}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        folder.Delete(recursive: true);
    }

    // The collections are older than the embedded table, and take back prices by more than fivefold.
    [Fact]
    public async Task Update_ThatNeedsSomebodysWord_IsLoggedAndChangesNothing()
    {
        await UpdateAsync();

        var line = Assert.Single(log.Lines, line => line.Id == 2005);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains("moonshotai/kimi-k3: input", line.Text, StringComparison.Ordinal);
        Assert.Contains("--allow MODEL", line.Text, StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Update_OfAFolderThatFollowsThem_IsWrittenAndLogged()
    {
        var collections = new PriceCollections();
        foreach (var (name, address) in prices.UpdateFrom)
            collections.Set(name, address);
        var time = TimeProvider.System;
        var asked = await PriceUpdate.FetchAsync(folder.FullName, collections, [], time, Token);
        var allowed = asked.Refused.Select(change => change.Name).ToArray();
        (await PriceUpdate.FetchAsync(folder.FullName, collections, allowed, time, Token)).Write();
        var gone = folder.GetFiles("xai.json").Single();
        gone.Delete();

        await UpdateAsync();

        var line = Assert.Single(log.Lines);
        Assert.Equal((2004, LogLevel.Information), (line.Id, line.Level));
        Assert.True(File.Exists(gone.FullName));
    }

    [Fact]
    public async Task Update_FromACollectionThatIsAway_IsLoggedAndChangesNothing()
    {
        prices.UpdateFrom["litellm"] = $"{site.Root}/nothing";

        await UpdateAsync();

        Assert.Contains("litellm", Assert.Single(log.Lines, line => line.Id == 2005).Text, StringComparison.Ordinal);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Server_ThatWasNotToldTo_DoesNothing()
    {
        prices.UpdateEvery = TimeSpan.Zero;
        using var updates = New();

        await updates.StartAsync(Token);
        await updates.ExecuteTask!;

        Assert.Empty(log.Lines);
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Server_ThatWasTold_UpdatesAtItsStart()
    {
        prices.UpdateFrom["genai-prices"] = $"{site.Root}/nothing";
        using var updates = New();

        await updates.StartAsync(Token);
        await log.Written.Task.WaitAsync(Token);
        await updates.StopAsync(Token);

        Assert.Equal(2005, Assert.Single(log.Lines).Id);
    }

    private async Task UpdateAsync()
    {
        using var updates = New();
        await updates.UpdateAsync(prices, Token);
    }

    private PriceUpdates New() => new(Options.Create(new AgentBudgetOptions { Prices = prices }), TimeProvider.System, log);

    private sealed class LogBook : ILogger<PriceUpdates>
    {
        public ConcurrentQueue<(int Id, LogLevel Level, string Text)> Lines { get; } = new();

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            Lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));
            Written.TrySetResult();
        }
    }
}

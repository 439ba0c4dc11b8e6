using AgentBudget.Pricing.Import;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>A folder of prices that two updates write, that one is killed over, and that a program reads all the while.</summary>
public sealed class FolderWritingTests : IDisposable
{
    private const int Rounds = 60;

    private static readonly string[] Prices = ["1", "2"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prices");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Write_WhileAnotherUpdateWrites_IsRefusedAndChangesNothing()
    {
        FolderWriting.Write(folder.FullName, [Change("1")]);
        var lockPath = Path.Combine(folder.FullName, FolderWriting.LockName);
        using (new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var failed = Assert.Throws<PriceUpdateException>(() => FolderWriting.Write(folder.FullName, [Change("2")]));
            Assert.Contains(folder.FullName, failed.Message, StringComparison.Ordinal);
            Assert.Equal(Change("1").Text, File.ReadAllText(FileOf));
        }

        Assert.Equal(1, FolderWriting.Write(folder.FullName, [Change("2")]));
    }

    // A lock file that nobody holds, and files that were not finished.
    [Fact]
    public void Write_BehindOneThatWasKilled_TakesNothingOfItAndClearsItAway()
    {
        File.WriteAllText(Path.Combine(folder.FullName, FolderWriting.LockName), "");
        File.WriteAllText(FileOf + ".new", "{ \"provider\": ");
        File.WriteAllText(FileOf + ".0123.new", "{ \"provider\": ");
        using var prices = new LivePrices(new LivePricesOptions { Path = folder.FullName });

        FolderWriting.Write(folder.FullName, [Change("1")]);

        Assert.Equal([FolderWriting.LockName, "acme.json"], folder.EnumerateFileSystemInfos().Select(info => info.Name).Order());
        Assert.True(prices.Look()!.IsTaken);
    }

    [Fact]
    public async Task Write_ByTwoAtOnceWhileAProgramReads_LeavesWholeFilesOnly()
    {
        FolderWriting.Write(folder.FullName, [Change("1")]);
        using var prices = new LivePrices(new LivePricesOptions { Path = folder.FullName, LookEvery = TimeSpan.FromDays(1) });
        var token = TestContext.Current.CancellationToken;
        var writers = Prices.Select(usd => Task.Run(() => WriteAgainAndAgain(usd), token)).ToArray();
        while (!Task.WhenAll(writers).IsCompleted)
        {
            var reload = prices.Look();
            Assert.True(reload is null || reload.IsTaken, string.Join(' ', reload?.Problems ?? []));
        }

        Assert.True((await Task.WhenAll(writers)).Sum() > 0);
        Assert.Contains(File.ReadAllText(FileOf), Prices.Select(usd => Change(usd).Text));
        Assert.Equal([FolderWriting.LockName, "acme.json"], folder.EnumerateFileSystemInfos().Select(info => info.Name).Order());
    }

    private int WriteAgainAndAgain(string usd)
    {
        var written = 0;
        for (var i = 0; i < Rounds; i++)
        {
            try
            {
                written += FolderWriting.Write(folder.FullName, [Change(usd)]);
            }
            catch (PriceUpdateException)
            {
                // The other one writes.
            }
        }

        return written;
    }

    private string FileOf => Path.Combine(folder.FullName, "acme.json");

    // Long enough to be written in several steps.
    private ProviderChange Change(string usd) =>
        new(
            "acme",
            FileOf,
            $$"""
            { "provider": "acme", "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "{{usd}}", "output": "{{usd}}" },
              "source": "https://example.com", "retrieved": "2026-11-20", "note": "{{new string('x', 1500)}}" } ] } ] }
            {{new string(' ', 300_000)}}
            """,
            1,
            [],
            [],
            []
        );
}

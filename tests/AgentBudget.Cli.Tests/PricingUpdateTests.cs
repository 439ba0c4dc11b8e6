using System.Text.Json;
using AgentBudget.Cli.Tests.Screens;
using AgentBudget.Pricing.Import.Updating;
using AgentBudget.Pricing.Tests.Update;

namespace AgentBudget.Cli.Tests;

/// <summary><c>agentbudget pricing update</c> from the real collections, of a day before the embedded table's, on a site of this
/// machine.</summary>
public sealed class PricingUpdateTests : IAsyncLifetime
{
    private readonly LoopbackSite site = new();
    private readonly TempFolder folder = new();
    private readonly List<string> sources = [];

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new PriceCollections().Addresses.Keys)
        {
            await using var packed = typeof(PricingUpdateTests).Assembly.GetManifestResourceStream($"collections/{name}.json.gz")!;
            using var bytes = new MemoryStream();
            await packed.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            site.AnswerPacked(name, bytes.ToArray());
            sources.AddRange(["--source", $"{name}={site.Root}/{name}"]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Check_WhereSomethingWouldChange_ShowsItWritesNothingAndExitsWithOne()
    {
        var target = Path.Combine(folder.Path, "prices");
        string[] line = ["pricing", "update", "--to", target, "--check", .. sources];

        var wide = await Tool.RunAtAsync(1000, line);
        var narrow = await Tool.RunAtAsync(80, line);

        Assert.Equal(ExitCodes.Failed, wide.ExitCode);
        Assert.Matches(@"(?m)^anthropic: \d+ models, \d+ changes$", wide.Out);
        Assert.Matches(@"(?m)^  ~ gpt-5\.6-luna: .*input 0\.2 -> 1", wide.Out);
        Assert.Contains("refused: moonshotai/kimi-k3: input", wide.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
        Readable.Assert(narrow.Out, wide.Out, 80);
    }

    [Fact]
    public async Task Update_WhenItWasAllowed_IsWrittenAndThenThereIsNothingToDo()
    {
        var target = Path.Combine(folder.Path, "prices");
        string[] line = ["pricing", "update", "--to", target, "--json", .. sources];
        var refused = (await Tool.RunAsync([.. line, "--check"])).Error.Split('\n').Where(text => text.Contains("--allow "));
        var allow = refused.Select(text => text[(text.IndexOf("--allow ", StringComparison.Ordinal) + 8)..].Split(' ')[0]).Distinct();

        var written = (await Tool.RunAsync([.. line, .. allow.SelectMany(name => new[] { "--allow", name })])).Succeeded();
        var again = (await Tool.RunAsync([.. line, "--check"])).Succeeded();

        using var first = JsonDocument.Parse(written.Out);
        using var second = JsonDocument.Parse(again.Out);
        Assert.True(first.RootElement.GetProperty("has_changes").GetBoolean());
        Assert.Equal(Directory.GetFiles(target, "*.json").Length, first.RootElement.GetProperty("files_written").GetInt32());
        Assert.False(second.RootElement.GetProperty("has_changes").GetBoolean());
        Assert.Empty(second.RootElement.GetProperty("providers").EnumerateArray());
        Assert.Equal(ExitCodes.Ok, (await Tool.RunAsync("pricing", "check", target)).ExitCode);

        // It said that 0 files were written and that programs take them up.
        var nothing = (await Tool.RunAtAsync(1000, ["pricing", "update", "--to", target, .. sources])).Succeeded();
        Assert.Contains("is up to date already; nothing was written.", nothing.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("take them up", nothing.Out, StringComparison.Ordinal);
    }
}

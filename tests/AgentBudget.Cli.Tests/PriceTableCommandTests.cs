using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class PriceTableCommandTests
{
    private const string Ours = """
        { "provider": "ours", "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "2", "output": "1" },
          "source": "https://example.com", "retrieved": "2026-01-01" } ] } ] }
        """;

    [Fact]
    public async Task Models_WithAFilter_ShowsRowsWithPricesSourceAndDate()
    {
        var run = (await Tool.RunAsync("models", "Claude-Haiku-4-5")).Succeeded();

        Assert.Contains("anthropic/claude-haiku-4-5", run.Out, StringComparison.Ordinal);
        Assert.Contains("https://github.com/", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"anthropic/claude-haiku-4-5 .* 20\d\d-\d\d-\d\d ", run.Out);
        Assert.DoesNotContain("openai/gpt", run.Out, StringComparison.Ordinal);
    }

    // It was passed over, and the embedded table answered.
    [Theory]
    [InlineData("models", "gpt-5")]
    [InlineData("price", "gpt-5", "--input", "1")]
    public async Task Prices_OfAFolderWithoutAny_AreRefused(params string[] line)
    {
        using var folder = new TempFolder();
        (await Tool.RunAsync([.. line, "--prices", folder.Path])).FailedWith(
            ExitCodes.Failed,
            "there is no price file",
            "pricing update --to"
        );
    }

    [Fact]
    public async Task Models_AsJson_IsOneRowALine()
    {
        var run = (await Tool.RunAsync("models", "anthropic/claude-opus-4-6", "--json")).Succeeded();

        var rows = run
            .Lines.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.GetProperty("provider").GetString() == "anthropic")
            .ToArray();
        Assert.Equal(2, rows.Length);
        Assert.Equal("5", rows[1].GetProperty("usd").GetProperty("input").GetString());
        Assert.Equal("30", rows[1].GetProperty("service_tiers").GetProperty("fast").GetProperty("usd").GetProperty("input").GetString());
    }

    [Fact]
    public async Task Models_WithAFilterThatNothingHas_Fails()
    {
        var run = await Tool.RunAsync("models", "no-such-model");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("no-such-model", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prices_OfTheUsersOwn_GoBeforeTheTable()
    {
        using var folder = new TempFolder();
        var file = folder.File("ours.json", Ours);

        var priced = (
            await Tool.RunAsync("price", "m", "--provider", "ours", "--input", "1000000", "--prices", file, "--json")
        ).Succeeded();
        var listed = (await Tool.RunAsync("models", "ours/m", "--prices", folder.Path)).Succeeded();

        Assert.Contains("\"usd\":\"2.000000000\"", priced.Out, StringComparison.Ordinal);
        Assert.Contains("ours/m", listed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfGoodFiles_CountsThemAndWarnsOfOddRelations()
    {
        using var folder = new TempFolder();
        folder.File("ours.json", Ours);

        var run = await Tool.RunAsync("pricing", "check", folder.Path);

        Assert.Equal(ExitCodes.Ok, run.ExitCode);
        Assert.Contains("1 files, 1 providers, 1 models, 1 rows: fine.", run.Out, StringComparison.Ordinal);
        Assert.Contains("output costs less than input", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfABadFile_SaysWhatIsWrongWithItsPlace()
    {
        using var folder = new TempFolder();
        var file = folder.File("ours.json", Ours.Replace("\"source\"", "\"sauce\"", StringComparison.Ordinal));

        var run = await Tool.RunAsync("pricing", "check", file);

        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("ours.json.models[0].rows[0]: \"source\" is missing", run.Error, StringComparison.Ordinal);
        Assert.Contains("\"sauce\" is not a known property", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAFolderThatIsNotThere_Fails() =>
        (await Tool.RunAsync("pricing", "check", "/no/such/folder")).FailedWith(
            ExitCodes.Failed,
            "PATH \"/no/such/folder\": there is no such file or folder; name"
        );

    // The tests run outside of the repository's folder, as most users do.
    [Fact]
    public async Task Check_WithoutAPathOutsideOfTheRepository_SaysWhatToName()
    {
        Assert.False(Directory.Exists("pricing"));
        (await Tool.RunAsync("pricing", "check")).FailedWith(
            ExitCodes.Failed,
            "no folder \"pricing\" here",
            "agentbudget pricing check PATH"
        );
    }

    [Theory]
    [InlineData("--prices \"/no/such/file\"", "price", "gpt-5", "--input", "1", "--prices", "/no/such/file")]
    [InlineData("--prices \"/no/such/file\"", "models", "--prices", "/no/such/file")]
    [InlineData("--from \"/no/such/folder\"", "pricing", "import", "--from", "/no/such/folder")]
    public async Task Files_ThatAreNotThere_AreNamedWithTheirOption(string named, params string[] arguments) =>
        (await Tool.RunAsync(arguments)).FailedWith(ExitCodes.Failed, named, "there is no such");

    [Fact]
    public async Task Import_WithoutItsFolder_IsWrongUsage() =>
        (await Tool.RunAsync("pricing", "import")).FailedWith(ExitCodes.WrongUsage, "--from");
}

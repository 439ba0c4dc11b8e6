using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>Names whose characters take two columns, and a terminal whose errors nobody takes.</summary>
public sealed class WideTextTests
{
    private const string Wide = "日本語の名前";

    [Fact]
    public void Text_OfWideCharacters_IsWrappedByColumns() =>
        Assert.Equal([$"{Wide}:", "tripped at", "event 1"], TextLines.Wrap($"{Wide}: tripped at event 1", 14));

    [Theory]
    [InlineData("a b  c", 3, "a b", " c")]
    [InlineData("abcdef g", 3, "abcdef", "g")]
    [InlineData("abc def", 7, "abc def")]
    public void Text_Plain_IsWrappedBetweenWords(string text, int width, params string[] lines) =>
        Assert.Equal(lines, TextLines.Wrap(text, width));

    [Fact]
    public async Task Loops_RunsWithWideNames_StandInTheirColumns()
    {
        using var folder = new TempFolder();
        var (plain, wide) = (Path.Combine(folder.Path, "plain-name-of-a-run.jsonl"), Path.Combine(folder.Path, Wide + ".jsonl"));
        File.Copy(Tool.Sample(Tool.Fits), plain);
        File.Copy(Tool.Sample(Tool.Fits), wide);
        var lines = (await Tool.RunAtAsync(120, "loops", plain, wide)).Succeeded().Lines;

        var (left, right) = (
            lines.Single(line => line.StartsWith("plain", StringComparison.Ordinal)),
            lines.Single(line => line.StartsWith(Wide, StringComparison.Ordinal))
        );
        Assert.Equal(TextLines.Columns(left), TextLines.Columns(right));
    }

    [Fact]
    public async Task Models_VerboseOnANarrowTerminal_HasEveryRate()
    {
        var run = (await Tool.RunAtAsync(60, "models", "claude-sonnet-4-5", "--verbose")).Succeeded();

        Assert.Contains("Cache write", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "cache_read 0.6, cache_write 7.5",
            string.Join(' ', run.Lines.Select(line => line.Trim())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Sessions_OnANarrowTerminal_SayWhatHasNoRoom()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync("sqlite:" + folder.Path);
        Assert.Contains(
            "Not shown (--json has all): ",
            (await Tool.RunAtAsync(60, "sessions", "--store", "sqlite:" + folder.Path)).Succeeded().Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task PricingCheck_FolderWithoutPriceFiles_Fails()
    {
        using var folder = new TempFolder();
        (await Tool.RunAsync("pricing", "check", folder.Path)).FailedWith(ExitCodes.Failed, "no .json file");
    }

    [Fact]
    public async Task Error_NobodyTakesIt_ExitCodeStillSaysIt()
    {
        await using var full = new FullWriter();
        var exitCode = await CommandLine.RunAsync(
            ["nothing"],
            CliTerminal.For(TextWriter.Null, full),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(ExitCodes.WrongUsage, exitCode);
    }

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}

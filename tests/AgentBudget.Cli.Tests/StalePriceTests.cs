using System.Text;
using System.Text.Json;

namespace AgentBudget.Cli.Tests;

/// <summary>Answers of <c>price</c> from a table that is too old say so; a replay never does.</summary>
public sealed class StalePriceTests
{
    private const string Body = """{"choices":[],"model":"gpt-4o","usage":{"prompt_tokens":1000,"completion_tokens":0}}""";

    [Theory]
    [InlineData(45, false, "price", "gpt-5", "--input", "1", "--json")]
    [InlineData(46, true, "price", "gpt-5", "--input", "1", "--json")]
    [InlineData(46, true, "price", "gpt-5", "--input", "1", "--json", "--at", "2026-01-01")]
    [InlineData(46, true, "price", "no-such-model", "--input", "1", "--json")]
    [InlineData(45, false, "price", "--response", "-")]
    [InlineData(46, true, "price", "--response", "-")]
    [InlineData(45, false, "price")]
    [InlineData(46, true, "price")]
    public async Task Price_SoManyDaysAfterTheNewestSource_SaysWhetherItIsStale(int days, bool isStale, params string[] line)
    {
        var input = line.Length > 1 ? Body : """{"model":"gpt-5","usage":{"input":1}}""" + "\n";
        using var answer = JsonDocument.Parse((await RunAsync(days, input, width: null, line)).Out);
        Assert.Equal(isStale, answer.RootElement.TryGetProperty("stale", out var stale) && stale.GetBoolean());
    }

    [Theory]
    [InlineData("price", "gpt-5", "--input", "1")]
    [InlineData("price", "--response", "-")]
    public async Task Price_ForPeople_SaysThatItIsStaleAndWhatMendsIt(params string[] line)
    {
        Assert.Contains("agentbudget pricing update", (await RunAsync(46, Body, 120, line)).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("stale", (await RunAsync(45, Body, 120, line)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WithAnOldTable_SaysNothingOfIt()
    {
        var run = await RunAsync(4000, "", 120, "replay", Tool.Sample(Tool.Fits), "--budget", "1");
        Assert.Equal("", run.Error);
        Assert.DoesNotContain("stale", run.Out, StringComparison.Ordinal);
    }

    private static async Task<ToolRun> RunAsync(int days, string input, int? width, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var bytes = new MemoryStream();
        using var typed = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var terminal = width is { } columns
            ? CliTerminal.ForColumns(columns, output, error, typed)
            : CliTerminal.For(output, error, typed, bytes);
        terminal.Time = new Clock(new DateTimeOffset(PriceBook.EmbeddedDay, TimeOnly.MinValue, TimeSpan.Zero).AddDays(days));
        var exitCode = await CommandLine.RunAsync(line, terminal, TestContext.Current.CancellationToken);
        return new ToolRun(exitCode, output + Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

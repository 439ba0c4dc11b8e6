using System.Text.Json;

namespace AgentBudget.Cli.Tests;

public sealed class ReportCommandTests
{
    [Fact]
    public async Task Report_Session_HasLineBreakdownAndEnding()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var run = (await Tool.RunAsync("report", "spent", "--store", folder.Store)).Succeeded();

        Assert.StartsWith(
            "Total spend: $1.25 of $1.00 (overage $0.25) | Remaining: $0.00 | LLM: $0.75 | Tools: $0.50 | Calls: 2",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains("test-model", run.Out, StringComparison.Ordinal);
        Assert.Contains("1,234", run.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            "Stopped at its hard limit: search cost $0.50, which went $0.25 over the budget of $1.00.",
            run.Out.TrimEnd(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Report_OpenSession_SaysThatItGoesOn()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var run = (await Tool.RunAsync("report", "open", "--store", folder.Store)).Succeeded();

        Assert.EndsWith("Still active, $2.00 available.", run.Out.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 })]
    [InlineData(new[] { 2 }, "--from", "2", "--events", "1")]
    [InlineData(new int[0], "--events", "0")]
    [InlineData(new int[0], "--from", "2147483647")]
    public async Task Report_Json_CarriesThePageAskedFor(int[] sequences, params string[] options)
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        var run = (await Tool.RunAsync(["report", "spent", "--json", "--store", folder.Store, .. options])).Succeeded();

        using var report = JsonDocument.Parse(run.Out);
        Assert.Equal(
            sequences,
            report.RootElement.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt32())
        );
        Assert.Equal(3, report.RootElement.GetProperty("events_total").GetInt32());
        Assert.Equal(1.25m, report.RootElement.GetProperty("total_spent").GetDecimal());
    }

    [Fact]
    public async Task Report_UnknownSession_NamesItAndWhereToLook()
    {
        using var folder = new TempFolder();
        await LedgerFixture.MakeAsync(folder);

        (await Tool.RunAsync("report", "nobody", "--store", folder.Store)).FailedWith(ExitCodes.Failed, "\"nobody\"", "sessions list");
    }
}

using System.Globalization;

namespace AgentBudget.Cli.Tests.Screens;

/// <summary>What <c>models</c> shows of a row, whatever the width: the unit always, every rate where all is asked for.</summary>
public sealed class ModelsScreenTests
{
    private const string Unit = "US dollars per million";

    // The last is what a pipe or a file has.
    private static readonly int[] Widths = [60, 80, 120, 400];

    public static TheoryData<int, bool> Screens => new([.. Widths.SelectMany(width => new[] { (width, false), (width, true) })]);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Models_OnAnyScreen_SayTheUnit(int width, bool isVerbose)
    {
        var run = await RunAsync(width, "claude-opus", isVerbose);
        Assert.Contains(Unit, run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Models_WithAll_DoNotAdviseToAskForIt(int width)
    {
        var run = await RunAsync(width, "claude-opus", isVerbose: true);
        Assert.DoesNotContain("--verbose", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Not shown", run.Out, StringComparison.Ordinal);
        Assert.Contains("--verbose", (await RunAsync(width, "claude-opus", isVerbose: false)).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude-opus", 60)]
    [InlineData("claude-opus", 80)]
    [InlineData("claude-opus", 120)]
    [InlineData("openai/gpt", 60)]
    [InlineData("gemini", 60)]
    [InlineData("gemini", 80)]
    public async Task Models_WithAll_ShowEveryRateAndSource(string filter, int width)
    {
        var rows = PriceBook
            .Embedded.Rows.Where(row => row.Names.Append(row.Id).Any(name => name.Contains(filter, StringComparison.Ordinal)))
            .ToArray();
        var lines = (await RunAsync(width, filter, isVerbose: true)).Out.Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.True(rows.Length > 5);
        foreach (var row in rows)
        {
            var said = Of(row.Id, lines).ToHashSet(StringComparer.Ordinal);
            Assert.All(Rates(row), rate => Assert.True(said.Contains(rate), $"{row.Id} at {width} does not say {rate}."));
            Assert.Contains(
                lines,
                line => line.Trim() == row.Source.ToString() || line.EndsWith(" " + row.Source, StringComparison.Ordinal)
            );
        }
    }

    // The row with what is indented below it, and what stands of it below the table.
    private static IEnumerable<string> Of(string id, string[] lines)
    {
        var isIn = false;
        foreach (var line in lines)
        {
            if (!line.StartsWith(' '))
                isIn =
                    line == id
                    || line.StartsWith(id + ' ', StringComparison.Ordinal)
                    || line.StartsWith(id + ':', StringComparison.Ordinal);
            if (!isIn)
                continue;
            foreach (var word in line.Split([' ', ';', ',', '/'], StringSplitOptions.RemoveEmptyEntries))
                yield return word;
        }
    }

    private static IEnumerable<string> Rates(PriceRow row)
    {
        foreach (var dimension in Enum.GetValues<RateDimension>().Where(dimension => row.Rates[dimension] is not null))
            yield return Usd(row.Rates[dimension]!.Value);
        foreach (var rates in row.ContextTiers.Select(tier => tier.Rates).Concat(row.ServiceTiers.Select(tier => tier.Rates)))
        {
            foreach (var dimension in new[] { RateDimension.Input, RateDimension.Output })
            {
                if (rates[dimension] is { } usd)
                    yield return Usd(usd);
            }
        }
    }

    private static string Usd(decimal usd) => usd.ToString(CultureInfo.InvariantCulture);

    private static async Task<ToolRun> RunAsync(int width, string filter, bool isVerbose) =>
        (await Tool.RunAtAsync(width, isVerbose ? ["models", filter, "--verbose"] : ["models", filter])).Succeeded();
}

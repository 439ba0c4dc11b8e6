namespace AgentBudget.Replay.Tests;

/// <summary>Tier, region and speed of a recorded call decide its price and stand on its entry; a tool has none.</summary>
public sealed class ReplayTermTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    [Theory]
    [InlineData("gpt-5", "", "0.01125")] // 1,000 x 1.25 and 1,000 x 10 millionths
    [InlineData("gpt-5", ""","service_tier":"priority" """, "0.0225")]
    [InlineData("gpt-5", ""","service_tier":"flex" """, "0.005625")]
    [InlineData("gpt-5", ""","service_tier":"auto" """, "0.0225")] // nobody said which, so the dearest
    [InlineData("claude-opus-4-8", ""","region":"us" """, "0.033")] // 1,000 x 5 and 1,000 x 25 millionths, and a tenth more
    [InlineData("claude-opus-4-8", ""","region":"us","speed":"fast" """, "0.066")]
    [InlineData("claude-opus-4-8", ""","service_tier":"batch" """, "0.015")]
    public async Task Replay_CallWithTerms_CostsWhatTheyCost(string model, string members, string dollars)
    {
        var line =
            $$"""{"t":0,"kind":"llm","model":"{{model}}","usage":{"input":1000,"output":1000},"recorded_cost_usd":null{{members}}}""";

        var result = await ReplayAsync(line);

        Assert.Equal(Money.Parse(dollars), result.TotalSpent);
        Assert.Equal(Money.Parse(dollars), result.FullCost);
        Assert.Equal(0, result.UnpricedCalls);
    }

    [Fact]
    public async Task Read_TermsOfACall_StandOnItAndNotOnATool()
    {
        using var folder = new TempFolder();
        var path = folder.File(
            "run.jsonl",
            TraceText.Header,
            """{"t":0,"kind":"llm","model":"gpt-5","usage":{"input":1,"output":1},"service_tier":"flex","region":"eu","speed":"fast"}""",
            """{"t":1,"kind":"tool","tool":"bash","args":"{}","service_tier":"flex","region":"eu","speed":"fast"}"""
        );
        var trace = await TraceReader.ReadAsync(path, TestContext.Current.CancellationToken);

        var (model, tool) = (trace.Events[0].Call, trace.Events[1].Call);
        Assert.Equal(("flex", "eu", "fast"), (model.ServiceTier, model.Region, model.Speed));
        Assert.Equal((null, null, null), (tool.ServiceTier, tool.Region, tool.Speed));
    }

    [Theory]
    [InlineData(""" "usage":{"input":1,"output":1,"surprises":3} """, "surprises")]
    [InlineData(""" "usage":{"input":-1,"output":1} """, "input")]
    [InlineData(""" "usage":{"input":1,"output":1,"file_searches":9223372036854775807} """, "file_searches")]
    [InlineData(""" "usage":{"input":9223372036854775808,"output":1} """, "input")]
    [InlineData(""" "usage":{"input":1,"output":1,"cache_read_audio":1} """, "cache_read_audio")]
    public async Task Read_CountThatIsNone_IsRefusedByItsName(string usage, string named)
    {
        var refused = await Assert.ThrowsAsync<TraceException>(() => ReplayAsync($$"""{"t":0,"kind":"llm","model":"gpt-5",{{usage}}}"""));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private async Task<ReplayResult> ReplayAsync(string line)
    {
        using var folder = new TempFolder();
        var settings = new ReplaySettings { Budget = Money.Parse("10"), Mode = ReplayMode.Charge };
        return await fixture.Replayer.ReplayAsync(
            folder.File("run.jsonl", TraceText.Header, line),
            settings,
            cancellationToken: TestContext.Current.CancellationToken
        );
    }
}

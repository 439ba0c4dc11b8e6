using System.Text.Json;

namespace AgentBudget.Replay.Tests;

public sealed class ReplayResultJsonTests(ReplayerFixture fixture) : IClassFixture<ReplayerFixture>
{
    [Fact]
    public async Task Write_StoppedRun_IsOneLineWithMoneyAsDecimalStrings()
    {
        var json = ReplayResultJson.Write(await ReplayAsync(TraceText.Longer, "0.10"));

        Assert.DoesNotContain('\n', json);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal("0.100000000", root.GetProperty("budget").GetString());
        Assert.Equal("0.095132200", root.GetProperty("total_spent").GetString());
        Assert.Equal("0.000000000", root.GetProperty("overage").GetString());
        Assert.Equal("0.207344400", root.GetProperty("full_cost").GetString());
        Assert.Equal("0.112212200", root.GetProperty("saved").GetString());
        Assert.Equal("replay/mini-gemini3-django-django-12741", root.GetProperty("session_id").GetString());
        Assert.Equal("budget_exhausted", root.GetProperty("terminated_by").GetString());
        Assert.Equal(21, root.GetProperty("stopped_at_event").GetInt32());
        Assert.Equal("2025-11-19T00:16:01.000Z", root.GetProperty("stopped_at").GetString());
        Assert.Equal(19, root.GetProperty("soft_limit_at_event").GetInt32());
        Assert.Equal(46, root.GetProperty("events_total").GetInt32());
        Assert.Equal(0, root.GetProperty("unpriced_calls").GetInt32());
        Assert.Equal(JsonValueKind.String, root.GetProperty("report").GetProperty("total_spent").ValueKind);
        Assert.Equal(43, root.GetProperty("report").GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Write_RunThatEnded_HasNullsWhereNothingHappened()
    {
        using var document = JsonDocument.Parse(ReplayResultJson.Write(await ReplayAsync(TraceText.Fits, "5.00")));

        foreach (var name in new[] { "terminated_by", "stopped_at_event", "stopped_at", "soft_limit_at_event" })
            Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty(name).ValueKind);
    }

    private Task<ReplayResult> ReplayAsync(string name, string budget) =>
        fixture.Replayer.ReplayAsync(
            TraceText.Sample(name),
            new ReplaySettings { Budget = Money.Parse(budget) },
            cancellationToken: TestContext.Current.CancellationToken
        );
}

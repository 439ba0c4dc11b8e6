using System.Text.Json;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class ReportJsonTests
{
    private static readonly string[] AncestorNames =
    [
        "session_id",
        "budget",
        "total_spent",
        "remaining",
        "breakdown",
        "duration_seconds",
        "terminated_by",
        "events",
    ];

    private static readonly string[] AddedNames =
    [
        "available",
        "reserved",
        "overage",
        "tenant",
        "tags",
        "children",
        "sequence",
        "price_table_version",
        "events_total",
    ];

    [Fact]
    public void Report_Json_HasTheAncestorsNamesAndOurs()
    {
        var json = Json(Opened());
        Assert.All(AncestorNames.Concat(AddedNames), name => Assert.True(json.TryGetProperty(name, out _), name));
    }

    [Fact]
    public void Report_Json_MoneyIsANumberWithAllItsDigits()
    {
        var shell = Opened("12.5");
        shell.Charge("0.106639001");
        shell.Charge("0.000000001");
        var json = Json(shell);
        Assert.Equal("0.106639002", json.GetProperty("total_spent").GetRawText());
        Assert.Equal("12.393360998", json.GetProperty("remaining").GetRawText());
        Assert.Equal("12.5", json.GetProperty("budget").GetRawText());
        Assert.Equal("0.0", json.GetProperty("overage").GetRawText());
    }

    [Theory]
    [InlineData("0.000000001", "0.000000001")]
    [InlineData("1000000000", "1000000000.0")]
    public void Report_Json_NeverUsesAnExponent(string budget, string expected) =>
        Assert.Equal(expected, Json(Opened(budget)).GetProperty("budget").GetRawText());

    [Fact]
    public void Report_Json_OverageStaysVisible()
    {
        var shell = Opened("1.00");
        shell.Charge("0.90");
        shell.Charge("0.50");
        var json = Json(shell);
        Assert.Equal(("1.4", "0.4", "0.0"), (Raw(json, "total_spent"), Raw(json, "overage"), Raw(json, "remaining")));
        Assert.Equal("budget_exhausted", json.GetProperty("terminated_by").GetString());
    }

    [Fact]
    public void Report_Json_BreaksDownByModelAndTool()
    {
        var shell = Opened("10");
        var call = Call.Model("gpt-5") with
        {
            Usage = new TokenUsage(100, 20) { CacheRead = 40 },
            PriceTableVersion = "2026-02",
        };
        shell.Charge("1.00", call: call);
        shell.Charge("0.50", call: call);
        shell.Charge("0.25", call: Call.Tool("search"));
        var breakdown = Json(shell).GetProperty("breakdown");
        var llm = breakdown.GetProperty("llm");
        Assert.Equal(("1.5", "2", "1.5"), (Raw(llm, "total"), Raw(llm, "calls"), Raw(llm.GetProperty("by_model"), "gpt-5")));
        var tokens = llm.GetProperty("tokens_by_model").GetProperty("gpt-5");
        Assert.Equal(("200", "40", "80"), (Raw(tokens, "input"), Raw(tokens, "output"), Raw(tokens, "cache_read")));
        var tools = breakdown.GetProperty("tools");
        Assert.Equal(("0.25", "1", "0.25"), (Raw(tools, "total"), Raw(tools, "calls"), Raw(tools.GetProperty("by_tool"), "search")));
        Assert.Equal("2026-02", Json(shell).GetProperty("price_table_version").GetString());
    }

    [Fact]
    public void Report_Json_TellsTenantTagsChildrenAndDuration()
    {
        var shell = OpenedUnder(
            "acme",
            "20",
            options =>
                options with
                {
                    Agent = "planner",
                    Tags = new Dictionary<string, string> { ["run"] = "7 \"x\" ü" },
                }
        );
        shell.OpenShared("kid");
        shell.Carve("acme@carved", "2.00");
        shell.WaitSeconds(12.3456);
        var json = Json(shell);
        Assert.Equal(("acme", "planner"), (json.GetProperty("tenant").GetString(), json.GetProperty("agent").GetString()));
        Assert.Equal("7 \"x\" ü", json.GetProperty("tags").GetProperty("run").GetString());
        Assert.Equal(
            ["shared", "carved"],
            json.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("kind").GetString())
        );
        Assert.Equal("12.346", Raw(json, "duration_seconds"));
        Assert.Equal("2.0", Raw(json, "reserved"));
    }

    [Fact]
    public void Report_Ended_DurationStandsStill()
    {
        var shell = Opened();
        shell.WaitSeconds(10);
        shell.Close();
        shell.WaitSeconds(90);
        Assert.Equal(Seconds(10), shell.Report().Duration);
    }

    [Fact]
    public void Event_Json_HasTheAncestorsNames()
    {
        var shell = Opened("1.00");
        shell.Charge(
            "0.95",
            key: "k-1",
            call: Call.Model("gpt-5", "openai") with
            {
                Usage = new TokenUsage(10, 2),
                Source = CostSource.Estimated,
            }
        );
        var entry = Json(shell).GetProperty("events")[1];
        Assert.Equal(("llm", "gpt-5", "openai"), (Text(entry, "cost_type"), Text(entry, "model"), Text(entry, "provider")));
        var usage = entry.GetProperty("usage");
        Assert.Equal(("0.95", "10", "2"), (Raw(entry, "cost"), Raw(usage, "input"), Raw(usage, "output")));
        Assert.Equal(("charged", "2"), (Text(entry, "kind"), Raw(entry, "sequence")));
        Assert.Equal(("k-1", "estimated"), (Text(entry, "idempotency_key"), Text(entry, "cost_source")));
        Assert.Equal("1772366400", Raw(entry, "timestamp"));
        Assert.True(entry.GetProperty("soft_limit").GetBoolean());
    }

    [Fact]
    public void Event_Json_TellsImagesOnlyWhereTheyAreCounted()
    {
        var shell = Opened("1.00");
        shell.Charge(
            "0.10",
            call: Call.Model("gpt-image-1") with
            {
                Usage = new TokenUsage(10, 20) { InputImage = 4, OutputImage = 15 },
            }
        );
        shell.Charge("0.10", call: Call.Model("gpt-5") with { Usage = new TokenUsage(10, 20) });
        var (drawn, written) = (Json(shell).GetProperty("events")[1], Json(shell).GetProperty("events")[2]);
        Assert.Equal(("4", "15"), (Raw(drawn.GetProperty("usage"), "input_image"), Raw(drawn.GetProperty("usage"), "output_image")));
        Assert.DoesNotContain("image", written.GetRawText(), StringComparison.Ordinal);
        var tokens = Json(shell).GetProperty("breakdown").GetProperty("llm").GetProperty("tokens_by_model").GetProperty("gpt-image-1");
        Assert.Equal(("4", "15"), (Raw(tokens, "input_image"), Raw(tokens, "output_image")));
    }

    [Fact]
    public void Event_Json_TellsWhyTheBreakerOpened()
    {
        var shell = Opened("1.00", options => options with { Loops = new LoopPolicy { Rule = new LoopRule { Calls = 2 } } });
        shell.Charge("0", call: Call.Tool("t", "{}"));
        shell.Reserve("0", call: Call.Tool("t", "{}"));
        var entry = Json(shell).GetProperty("events")[2];
        Assert.Equal(("breaker_opened", "loop_detected"), (Text(entry, "kind"), Text(entry, "breaker_opened")));
        var loop = entry.GetProperty("loop");
        Assert.Equal(("t", "2", "60"), (Text(loop, "name"), Raw(loop, "count"), Raw(loop, "window_seconds")));
        Assert.Equal(
            ("window", "trip", 2, "0.0"),
            (Text(loop, "rule"), Text(loop, "action"), loop.GetProperty("sequences")[0].GetInt32(), Raw(loop, "spent"))
        );
    }

    [Fact]
    public void Event_Json_ACorrection_IsASignedCost()
    {
        var shell = Opened("1.00");
        shell.Correct(shell.Charge("0.50").EntrySequence, "-0.20");
        var entry = Json(shell).GetProperty("events")[2];
        Assert.Equal(("-0.2", "2", "invoice"), (Raw(entry, "cost"), Raw(entry, "related"), Text(entry, "reason")));
    }

    [Fact]
    public void Report_OneLine_SaysTheSums()
    {
        var shell = Opened("5.00");
        shell.Charge("1.50", call: Call.Model("gpt-5"));
        shell.Charge("0.25");
        Assert.Equal("Total spend: $1.75 of $5.00 | Remaining: $3.25 | LLM: $1.50 | Tools: $0.25 | Calls: 2", shell.Report().ToString());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Words_OfRefusals_AreInSnakeCase(RefusalReason reason) => Assert.Matches("^[a-z]+(_[a-z]+)*$", Words.Of(reason));

    public static TheoryData<RefusalReason> Refusals => new(Enum.GetValues<RefusalReason>());

    [Fact]
    public void Words_OfMoneyRefusals_AreThoseOfTheDocs()
    {
        Assert.Equal("insufficient_now", Words.Of(RefusalReason.InsufficientNow));
        Assert.Equal("budget_exhausted", Words.Of(RefusalReason.BudgetExhausted));
        Assert.Equal("too_large", Words.Of(RefusalReason.TooLarge));
    }

    private static JsonElement Json(SessionShell shell)
    {
        using var document = JsonDocument.Parse(ReportJson.Write(shell.Report(), indented: true));
        return document.RootElement.Clone();
    }

    private static string Raw(JsonElement element, string name) => element.GetProperty(name).GetRawText();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>Which altered amounts an export is found out by, and which not.</summary>
public sealed partial class EventAmountTests
{
    private const decimal Little = 0.000000001m;

    private readonly string[] lines = EventLines.Of(Session());

    public static TheoryData<int> EachEvent => new(Enumerable.Range(0, EventLines.Of(Session()).Length));

    [Fact]
    public void Export_AsItWasWritten_IsWholeAndSaysWhatIsNotProven()
    {
        var result = Verify(lines);
        Assert.Empty(result.Findings);
        // Reservations lie between the opening and the first expiry.
        Assert.Equal(1, result.SetAsideUnproven);
    }

    [Theory, MemberData(nameof(EachEvent))]
    public void Amount_OfAnEvent_AlteredByItself_IsFoundAndNamed(int at)
    {
        foreach (var path in AmountsOf(JsonNode.Parse(lines[at])!))
        {
            var findings = Verify(With(at, path)).Findings;
            if (IsUnproven(at, path))
            {
                Assert.Empty(findings);
                continue;
            }

            Assert.True(findings.Count > 0, $"{path} of {IdOf(at)} was altered, and nothing was found.");
            Assert.Equal((EventFindingKind.Altered, IdOf(at)), (findings[0].Kind, findings[0].Event));
        }
    }

    [Theory]
    [InlineData("$.after.budget", "$.after.available")]
    [InlineData("$.after.spent", "$.after.settled", "$.after.available-")]
    [InlineData("$.after.reserved", "$.after.available-")]
    public void AmountsAfterACharge_AlteredAsOneFollowsFromAnother_AreFoundAtThatEvent(params string[] paths)
    {
        var at = Array.FindIndex(lines, line => line.Contains("\"charge.recorded\"", StringComparison.Ordinal));
        var findings = Verify(With(at, paths)).Findings;
        Assert.Equal((EventFindingKind.Altered, IdOf(at)), (findings[0].Kind, findings[0].Event));
        // What was told once is not held against the event behind it; what was spent is, for it may be that one.
        Assert.InRange(findings.Count, 1, 2);
    }

    [Fact]
    public void Budget_OfAnOpeningAlteredWithAllThatFollows_IsFoundAtTheEventBehindIt()
    {
        var finding = Assert.Single(Verify(With(0, "$.data.budget", "$.after.budget", "$.after.available")).Findings);
        Assert.Equal((EventFindingKind.Altered, IdOf(1)), (finding.Kind, finding.Event));
        Assert.Contains("budget", finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SetAside_MoreThanTheBudgetHolds_IsFoundWhateverLiesBetween()
    {
        var altered = With(1, "$.data.amount", by: 1);
        var finding = Assert.Single(Verify(altered).Findings);
        Assert.Equal((EventFindingKind.Altered, IdOf(1)), (finding.Kind, finding.Event));
    }

    [Fact]
    public void SoftLimit_ThatAChildsReportReaches_IsNoAlteration()
    {
        // The entry is a report of a carved child, whose cost is in the child's own events; it comes straight after an event of the parent.
        var origin = new EventOrigin { Ledger = "parent", Life = 1 };
        var report = new EventReport { Standing = After(2, "9.50"), Breakdown = Breakdown.Empty.Add(Call.Tool("search"), Usd("9.50")) };
        string[] family =
        [
            Write(new SessionOpenedEvent { Origin = origin, Budget = Usd("10") }, 1, 0, "0"),
            Write(new SessionOpenedEvent { Origin = origin with { Ledger = "child", Parent = "parent" }, Budget = Usd("10") }, 1, 0, "0"),
            Write(
                new ChargeRecordedEvent
                {
                    Origin = origin with { Ledger = "child", Parent = "parent" },
                    Call = Call.Tool("search"),
                    Cost = Usd("9.50"),
                },
                2,
                1,
                "9.50"
            ),
            Write(
                new SoftLimitEvent
                {
                    Origin = origin,
                    Fraction = 0.9m,
                    Report = report,
                },
                2,
                1,
                "9.50"
            ),
        ];
        Assert.Empty(Verify(family).Findings);

        static Standing After(long sequence, string spent) => new(sequence, Usd("10"), Usd(spent), Money.Zero, default, EndReason.None);
        static string Write(BudgetEvent of, long sequence, long previous, string spent) =>
            BudgetEventJson.Write(
                of with
                {
                    Sequence = sequence,
                    Part = 1,
                    Parts = 1,
                    Previous = previous,
                    After = After(sequence, spent),
                }
            );
    }

    // What the first expiry gave back, with reservations before it, and what a call says of itself.
    private static bool IsUnproven(int at, string path) =>
        (at == 1 && path == "$.data.amount") || path.StartsWith("$.data.call", StringComparison.Ordinal);

    internal static SessionShell Session()
    {
        var session = Opened("1.00");
        session.Reserve("0.10", timeToLive: Seconds(1));
        session.Reserve("0.20", timeToLive: Seconds(1));
        var third = session.Reserve("0.15").EntrySequence;
        session.Wait(Minutes(2));
        session.Sweep();
        session.Run(new ChargeCommand { Call = Call.Model("gpt-5"), Cost = Usd("0.30") });
        session.Settle(third, "0.75");
        session.Run(new TopUpCommand { Amount = Usd("1.00") });
        session.Run(new ChargeCommand { Call = Call.Tool("search"), Cost = Usd("0.02") });
        session.Run(
            new CorrectCommand
            {
                EntrySequence = session.Last.Sequence,
                Difference = Usd("-0.01"),
                Reason = "refund",
            }
        );
        session.Run(new PauseCommand { Reason = "look" });
        session.Run(new ResumeCommand());
        session.Run(new CloseCommand());
        return session;
    }

    private static IEnumerable<string> AmountsOf(JsonNode node) =>
        node switch
        {
            JsonObject fields => fields.SelectMany(field => AmountsOf(field.Value!)),
            JsonArray items => items.SelectMany(item => AmountsOf(item!)),
            JsonValue value when value.TryGetValue<string>(out var text) && Amount().IsMatch(text) => [value.GetPath()],
            _ => [],
        };

    private string[] With(int at, params string[] paths) => With(at, paths, Little);

    private string[] With(int at, string path, decimal by) => With(at, [path], by);

    private string[] With(int at, string[] paths, decimal by)
    {
        var json = JsonNode.Parse(lines[at])!;
        foreach (var path in paths)
        {
            var (parent, name) = Find(json, path.TrimEnd('-'));
            var amount = decimal.Parse(parent[name]!.GetValue<string>(), CultureInfo.InvariantCulture);
            var altered = path.EndsWith('-') ? amount - by : amount + by;
            parent[name] = altered.ToString("0.000000000", CultureInfo.InvariantCulture);
        }

        return [.. lines[..at], json.ToJsonString(), .. lines[(at + 1)..]];
    }

    // Paths such as $.data.report.spend[0].total.
    private static (JsonNode Parent, string Name) Find(JsonNode json, string path)
    {
        var steps = path[2..].Split('.');
        foreach (var step in steps[..^1])
        {
            var bracket = step.IndexOf('[', StringComparison.Ordinal);
            json = bracket < 0 ? json[step]! : json[step[..bracket]]![int.Parse(step[(bracket + 1)..^1], CultureInfo.InvariantCulture)]!;
        }

        return (json, steps[^1]);
    }

    private string IdOf(int at) => JsonNode.Parse(lines[at])!["id"]!.GetValue<string>();

    private static EventVerification Verify(IEnumerable<string> lines)
    {
        var verification = new EventVerification();
        foreach (var line in lines)
            verification.Add(Encoding.UTF8.GetBytes(line));
        verification.Complete();
        return verification;
    }

    [GeneratedRegex("^-?[0-9]+\\.[0-9]{9}$")]
    private static partial Regex Amount();
}

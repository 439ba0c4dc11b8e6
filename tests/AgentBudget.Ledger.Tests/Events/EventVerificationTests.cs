using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class EventVerificationTests
{
    private const int ChargesOfASession = 40;

    public static TheoryData<string, EventFindingKind> Faults =>
        new()
        {
            { "drop", EventFindingKind.Missing },
            { "double", EventFindingKind.Doubled },
            { "alter", EventFindingKind.Altered },
            { "alter-spent", EventFindingKind.Altered },
            { "move-back", EventFindingKind.Moved },
            { "move-on", EventFindingKind.Moved },
        };

    [Fact]
    public void Verify_WholeExport_FindsNothingAndSumsEveryLedger()
    {
        var result = Verify(Export(10));

        Assert.Empty(result.Findings);
        Assert.Equal(10, result.Ledgers.Count());
        Assert.All(result.Ledgers, ledger => Assert.Equal((ledger.Spent, Money.Zero), (ledger.Billed, ledger.OfChildren)));
    }

    [Theory, MemberData(nameof(Faults))]
    public void Verify_OneFault_IsFoundAndNamedWhereverItIs(string fault, EventFindingKind kind)
    {
        var lines = Export(3).ToArray();
        // The last event of a ledger that is cut off is not told by those before it.
        for (var at = 3; at < lines.Length - 12; at++)
            AssertFound(lines, fault, kind, at);
    }

    // On demand a million: AGENTBUDGET_EXPORTED_EVENTS=1000000.
    [Theory, MemberData(nameof(Faults))]
    public void Verify_LargeExport_FindsTheOneFault(string fault, EventFindingKind kind)
    {
        var events = int.Parse(Environment.GetEnvironmentVariable("AGENTBUDGET_EXPORTED_EVENTS") ?? "20000", CultureInfo.InvariantCulture);
        var sessions = events / (ChargesOfASession + 2);
        var verification = new EventVerification();
        var at = events / 2;
        var (id, window) = ("", new List<string>());
        var index = 0;
        foreach (var line in Export(sessions))
        {
            // A few lines around the fault are put together by themselves.
            if (index++ is var here && here >= at && here < at + (4 * Interleaved))
                window.Add(line);
            else
                Add(verification, line);
            if (index == at + (4 * Interleaved))
            {
                id = Damage(window, fault, Interleaved);
                window.ForEach(one => Add(verification, one));
            }
        }

        verification.Complete();

        var finding = Assert.Single(verification.Findings);
        Assert.Equal(kind, finding.Kind);
        Assert.True(IsNamed(finding, id, fault), $"{finding} does not name {id}.");
    }

    [Fact]
    public void Verify_PartOfAnEntryDropped_NamesIt()
    {
        var session = Opened("1.00");
        session.Run(new ChargeCommand { Call = Call.Model("gpt-5"), Cost = Usd("0.95") });
        session.Run(new ChargeCommand { Call = Call.Model("gpt-5"), Cost = Usd("0.30") });
        session.Run(new CloseCommand());
        var lines = EventLines.Of(session);
        for (var at = 0; at < lines.Length - 1; at++)
        {
            var finding = Assert.Single(Verify(lines.Where((_, i) => i != at)).Findings);
            Assert.Equal(EventFindingKind.Missing, finding.Kind);
            Assert.StartsWith(finding.Event, Timeless(IdOf(lines[at])), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Verify_WindowOfTime_MayBeginInTheMiddle()
    {
        var lines = Export(1).Skip(5).ToArray();

        Assert.Equal(EventFindingKind.Missing, Assert.Single(Verify(lines).Findings).Kind);
        var window = new EventVerification(beginsAnywhere: true);
        foreach (var line in lines)
            Add(window, line);
        window.Complete();
        Assert.Empty(window.Findings);
    }

    [Fact]
    public void Verify_CarvedChildren_ExplainWhatTheirParentSpentAndNoMore()
    {
        string[] Family(string ofChild) =>
            [
                Line("parent", 1, 0, "session.opened", "0", null),
                Line("child", 1, 0, "session.opened", "0", null, "parent"),
                Line("child", 2, 1, "charge.recorded", ofChild, ofChild, "parent"),
                // The child's report has come in between.
                Line("parent", 4, 1, "charge.recorded", "0.50", "0.20"),
            ];

        var whole = Verify(Family("0.30"));
        Assert.Empty(whole.Findings);
        Assert.Equal((Usd("0.20"), Usd("0.30")), (whole.Ledgers.First().Billed, whole.Ledgers.First().OfChildren));
        var few = Assert.Single(Verify(Family("0.10")).Findings);
        Assert.Equal((EventFindingKind.Altered, "parent#0.4.1"), (few.Kind, few.Event));
        Assert.Equal("parent#0.4.1", Assert.Single(Verify([Family("0.30")[0], Family("0.30")[3]]).Findings).Event);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"charge.guessed\"}")]
    [InlineData("{\"type\":\"charge.recorded\",\"after\":3}")]
    public void Verify_LineThatIsNoEvent_IsToldWithItsNumber(string line)
    {
        var finding = Assert.Single(Verify([.. Export(1), line]).Findings);
        Assert.Equal((EventFindingKind.Unreadable, ChargesOfASession + 3L), (finding.Kind, finding.Line));
    }

    private const int Interleaved = 4;

    private static void AssertFound(string[] lines, string fault, EventFindingKind kind, int at)
    {
        var damaged = lines.ToList();
        if (IsCharge(lines[at]) || !fault.StartsWith("alter", StringComparison.Ordinal))
        {
            var id = Damage(damaged, fault, at);
            var findings = Verify(damaged).Findings;
            Assert.True(
                findings.Count == 1 && findings[0].Kind == kind && IsNamed(findings[0], id, fault),
                $"{fault} of {id}: {string.Join("; ", findings)}"
            );
        }
    }

    // A move by one place within a ledger is a move of either.
    private static bool IsNamed(EventFinding finding, string id, string fault) =>
        fault.StartsWith("move", StringComparison.Ordinal)
            ? finding.Event == id || finding.Problem.Contains(id, StringComparison.Ordinal)
            : (id.StartsWith(finding.Event, StringComparison.Ordinal) || Timeless(id).StartsWith(finding.Event, StringComparison.Ordinal));

    private static string Damage(List<string> lines, string fault, int at)
    {
        var line = lines[at];
        if (fault is "drop" or "move-back" or "move-on")
            lines.RemoveAt(at);
        if (fault == "double")
            lines.Insert(at + 1, line);
        // Past one or two of its own ledger, as the sessions take turns.
        if (fault == "move-back")
            lines.Insert(Math.Max(0, at - Interleaved), line);
        if (fault == "move-on")
            lines.Insert(at + (2 * Interleaved), line);
        if (fault == "alter")
            lines[at] = Altered(line, "data", "cost");
        if (fault == "alter-spent")
            lines[at] = Altered(line, "after", "spent");
        return IdOf(line);
    }

    private static string Altered(string line, string part, string name)
    {
        var json = JsonNode.Parse(line)!;
        var amount = decimal.Parse(json[part]![name]!.GetValue<string>(), CultureInfo.InvariantCulture);
        json[part]![name] = (amount + 0.000000001m).ToString("0.000000000", CultureInfo.InvariantCulture);
        return json.ToJsonString();
    }

    private static bool IsCharge(string line) => line.Contains("\"type\":\"charge.", StringComparison.Ordinal);

    // What is missing has no time that anybody could name.
    private static string Timeless(string id) =>
        string.Concat(
            id.AsSpan(0, id.IndexOf('#', StringComparison.Ordinal) + 1),
            "*",
            id.AsSpan(id.IndexOf('.', id.IndexOf('#', StringComparison.Ordinal)))
        );

    private static string IdOf(string line) => JsonNode.Parse(line)!["id"]!.GetValue<string>();

    private static EventVerification Verify(IEnumerable<string> lines)
    {
        var verification = new EventVerification();
        foreach (var line in lines)
            Add(verification, line);
        verification.Complete();
        return verification;
    }

    private static void Add(EventVerification verification, string line) => verification.Add(Encoding.UTF8.GetBytes(line));

    // Sessions that take turns, a few at a time, each with its own id.
    private static IEnumerable<string> Export(int sessions)
    {
        var session = Opened("100");
        for (var i = 0; i < ChargesOfASession; i++)
        {
            var reservation = session.Reserve("0.50").EntrySequence;
            session.Settle(reservation, FormattableString.Invariant($"0.{i + 10}"));
        }

        session.Run(new CloseCommand());
        var lines = EventLines.Of(session);
        for (var from = 0; from < sessions; from += Interleaved)
        {
            foreach (var line in lines)
            {
                for (var i = from; i < Math.Min(sessions, from + Interleaved); i++)
                    yield return line.Replace($"\"{session.Head.SessionId}", $"\"many-{i}", StringComparison.Ordinal);
            }
        }
    }

    private static string Line(string ledger, long sequence, long previous, string type, string spent, string? cost, string? parent = null)
    {
        var origin = new EventOrigin
        {
            Ledger = ledger,
            Life = 1,
            Parent = parent,
        };
        var after = new Standing(sequence, Usd("10"), Usd(spent), Money.Zero, default, EndReason.None);
        BudgetEvent made =
            type == "session.opened"
                ? new SessionOpenedEvent { Origin = origin, Budget = Usd("10") }
                : new ChargeRecordedEvent
                {
                    Origin = origin,
                    Call = Call.Tool("search"),
                    Cost = Usd(cost!),
                };
        return BudgetEventJson.Write(made with { Sequence = sequence, Part = 1, Parts = 1, Previous = previous, After = after });
    }
}

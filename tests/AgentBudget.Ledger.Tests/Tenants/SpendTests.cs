using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>What a tenant spent by names: nothing is lost, whatever is not told apart.</summary>
public sealed class SpendTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Noon = Midnight.AddHours(12);

    [Fact]
    public void Buckets_OfAnyCost_AreWithinAHundredth()
    {
        for (var cost = 1m; cost < 1_000_000_000_000_000_000m; cost *= 1.0037m)
        {
            var amount = Money.FromNanoDollars((long)cost);
            var middle = CostBuckets.Middle(CostBuckets.Of(amount));
            Assert.InRange(Math.Abs(middle.NanoDollars - amount.NanoDollars) * 100m, 0, amount.NanoDollars);
        }

        Assert.Equal(Money.Zero, CostBuckets.Middle(CostBuckets.Of(Money.Zero)));
        Assert.Equal(0, CostBuckets.Of(Usd("-1.00")));
        Assert.InRange(CostBuckets.Count, 1_000, 2_500);
    }

    [Fact]
    public void Report_OfASession_NamesItsModelsToolsAgentsAndTags()
    {
        var sums = SpendByName.Of(
            Head("writer", ("customer", "x")),
            [Cost(2, "0.10", Call.Model("gpt-5")), Cost(3, "0.02", Call.Tool("search") with { Agent = "helper" })]
        );
        Assert.Equal(
            ["Model gpt-5 $0.10 1", "Tool search $0.02 1", "Agent helper $0.02 1", "Agent writer $0.10 1", "Tag customer=x $0.12 2"],
            sums.Select(Text)
        );
        Assert.Empty(SpendByName.Of(new SessionHead { SessionId = "a" }, [Cost(2, "0.10", Call.Tool("x"))]));
    }

    [Fact]
    public void Report_OfASessionWithAChild_NamesWhatTheChildHasNotNamed()
    {
        var child = SpendByName.Of(
            Head(agent: null, ("customer", "y")),
            [Cost(2, "0.10", Call.Model("gpt-5")), Cost(3, "0.02", Call.Tool("search") with { Agent = "helper" })]
        );
        var reported = new Entry
        {
            Kind = EntryKind.HolderReported,
            Amount = Usd("0.12"),
            Holder = new HolderChange
            {
                Row = new HolderRow { Number = 2, HolderId = "acme@a/b" },
                SpentUp = Usd("0.12"),
                ByName = child,
            },
        };
        Assert.Equal(
            [
                "Model gpt-5 $0.10 1",
                "Tool search $0.02 1",
                "Agent helper $0.02 1",
                "Agent writer $0.10 1",
                "Tag customer=y $0.12 2",
                "Tag team=red $0.12 2",
            ],
            SpendByName.Of(Head("writer", ("customer", "x"), ("team", "red")), [reported]).Select(Text)
        );
    }

    [Fact]
    public void Report_OfManyNames_KeepsTheDearestAndPutsTheRestTogether()
    {
        var entries = Enumerable.Range(1, SpendByName.MostNames + 44).Select(i => Cost(i, $"0.{i:0000}", Call.Tool($"tool-{i}"))).ToArray();
        var sums = SpendByName.Of(Head(agent: null), entries);
        Assert.Equal(SpendByName.MostNames + 1, sums.Count);
        Assert.Equal(44, Assert.Single(sums, sum => sum.Name == Breakdown.OtherName).Calls);
        Assert.Equal(Sum(entries.Select(entry => entry.Amount)), Sum(sums.Select(sum => sum.Amount)));
        Assert.DoesNotContain(sums, sum => sum.Name == "tool-44");
    }

    // Those that a tenant further up reports by would be lost behind others that come first by the alphabet.
    [Fact]
    public void Report_OfManyTags_HasRoomForThoseThatAreReportedByFirst()
    {
        var tags = Enumerable.Range(0, SpendByName.MostTags + 8).Select(i => ($"tag-{i:00}", "x")).Append(("zone", "eu")).ToArray();
        Entry[] entries = [Cost(2, "0.10", Call.Tool("search"))];
        var sums = SpendByName.Of(Head(agent: null, tags), entries, ["zone", "absent"]);
        Assert.Equal(SpendByName.MostTags, sums.Count(sum => sum.By == SpendBy.Tag));
        Assert.Contains(sums, sum => sum.Tag == "zone");
        Assert.DoesNotContain(SpendByName.Of(Head(agent: null, tags), entries), sum => sum.Tag == "zone");
    }

    [Fact]
    public void Table_OfManyNames_SumsToWhatWasSpentWhateverItForgets()
    {
        var table = NewTable();
        var (spent, random) = (Money.Zero, new Random(7));
        for (var i = 0; i < 5_000; i++)
        {
            var amount = Money.FromNanoDollars(random.Next(1, 1_000_000) + (i % 10 == 0 ? 50_000_000 : 0));
            spent += amount;
            table.Add(Reported(i + 1, Noon, amount, $"model-{i}", $"agent-{i % 7}", $"agent-{i % 7}", amount));
        }

        var spend = table.ToSpend(Tenant(), most: 1_000, Noon);
        Assert.Equal((spent, 5_000), (spend.Spent, spend.Sequence));
        var models = spend.Find(SpendBy.Model)!.Names;
        Assert.Equal((1_001, Breakdown.OtherName), (models.Count, models[^1].Name));
        foreach (var list in new[] { models, spend.Find(SpendBy.Agent)!.Names, spend.Find(SpendBy.Tag, "team")!.Names })
        {
            Assert.Equal(spent, Sum(list.Select(line => line.Spent)));
            Assert.Equal(5_000, list.Sum(line => line.Calls));
        }

        Assert.Equal(
            (TenantSpend.NoName, 1),
            (spend.Find(SpendBy.Tag, "team")!.Names[^1].Name, spend.Find(SpendBy.Tag, "team")!.Names.Count)
        );
        Assert.Equal((5_000, spent), (spend.Runs.Runs, spend.Runs.Cost));
        Assert.Equal(7, spend.RunsByAgent.Count);
        Assert.Equal(spent, Sum(spend.RunsByAgent.Select(run => run.Cost)));
        Assert.Equal(
            Sum(models.Take(3).Select(line => line.Spent)),
            Sum(table.ToSpend(Tenant(), 3, Noon).Find(SpendBy.Model)!.Names.Take(3).Select(line => line.Spent))
        );
    }

    [Fact]
    public void Table_OfADay_LeavesOutWhatWasRecordedInAnother()
    {
        var table = NewTable();
        table.Add(Reported(1, Noon.AddDays(-1), Usd("1.00"), "before"));
        table.Add(Reported(2, Noon, Usd("0.25"), "today"));
        var spend = table.ToSpend(Tenant(), 10, Noon);
        Assert.Equal((Usd("0.25"), "today"), (spend.Spent, Assert.Single(spend.Find(SpendBy.Model)!.Names).Name));
    }

    [Fact]
    public void Percentiles_OfRuns_AreThoseOfTheirRanks()
    {
        var table = NewTable();
        for (var cents = 1; cents <= 100; cents++)
            table.Add(Reported(cents, Noon, Usd("0"), run: "a", runCost: Money.FromNanoDollars(cents * 10_000_000L)));
        var runs = table.ToSpend(Tenant(), 10, Noon).Runs;
        Within(Usd("0.50"), runs.Median);
        Within(Usd("0.90"), runs.Percentile90);
        Within(Usd("0.99"), runs.Percentile99);
        Assert.Equal((Usd("0.505"), 0.5m), (runs.Average, runs.StoppedShare));
        Assert.Equal(Money.Zero, NewTable().ToSpend(Tenant(), 10, Noon).Runs.Median);
    }

    [Fact]
    public void Burn_IsWhatWasSpentDividedByTheTime()
    {
        var table = NewTable();
        table.Add(Reported(1, Noon.AddHours(-20), Usd("2.00"), "x"));
        table.Add(Reported(2, Noon.AddMinutes(-30), Usd("0.30"), "x"));
        table.Add(Reported(3, Noon, Usd("0.20"), "x"));
        var at = Noon.AddMinutes(5);
        var spend = table.ToSpend(Tenant(), 10, at);
        Assert.Equal((Noon.AddHours(-1), TimeSpan.FromMinutes(65)), (spend.LastHour.Since, spend.LastHour.Over));
        Assert.Equal(Money.FromNanoDollars(500_000_000L * 60 / 65), spend.LastHour.PerHour);
        Assert.Equal(Usd("2.50"), spend.LastDay.Spent);
        // A dollar of $10.00 a day is left as far as the head says; nothing limits a week.
        Assert.Equal(TimeSpan.FromTicks(TimeSpan.FromMinutes(65).Ticks * 20), spend.LastHour.TimeLeft[(int)WindowKind.Day]);
        Assert.Null(spend.LastHour.TimeLeft[(int)WindowKind.Week]);
    }

    [Fact]
    public void Table_OfTagsThatAreNotListed_KeepsNone()
    {
        var table = NewTable();
        table.Add(
            new Entry
            {
                Sequence = 1,
                Kind = EntryKind.HolderReported,
                Holder = new HolderChange
                {
                    Row = new HolderRow { Number = 2, HolderId = "acme@a" },
                    ByName = [Tagged("team"), Tagged("secret")],
                },
            }
        );
        Assert.Equal(["team"], table.ToSpend(Tenant(), 10, Noon).Lists.Select(list => list.Tag).OfType<string>());
        Assert.True(table.IsLike(new SpendTable(Midnight, Midnight.AddDays(1), ["team"])));
        Assert.False(table.IsLike(new SpendTable(Midnight, Midnight.AddDays(1), ["secret"])));
    }

    private static NamedSum Tagged(string tag) =>
        new()
        {
            Quarter = QuarterSum.Of(Noon),
            By = SpendBy.Tag,
            Tag = tag,
            Name = "x",
            Amount = Usd("1.00"),
        };

    private static SpendTable NewTable() => new(Midnight, Midnight.AddDays(1), ["team"]);

    private static void Within(Money expected, Money actual) =>
        Assert.InRange(actual.NanoDollars, expected.NanoDollars * 99 / 100, expected.NanoDollars * 101 / 100);

    private static SessionHead Tenant()
    {
        var ledger = SessionLedger.New("~acme");
        var settings = new TenantSettings { DailyLimit = Usd("10.00"), TagNames = ["team"] };
        ledger.Execute(new SetTenantCommand { Settings = settings }, LookUps.None, Noon);
        return ledger.Head;
    }

    private static SessionHead Head(string? agent, params (string Name, string Value)[] tags) =>
        new()
        {
            SessionId = "acme@a",
            Options = new BudgetSessionOptions
            {
                Budget = Usd("1.00"),
                Tenant = TenantPath.Parse("acme"),
                Agent = agent,
                Tags = tags.ToDictionary(tag => tag.Name, tag => tag.Value),
            },
        };

    private static Entry Cost(int sequence, string amount, Call call) =>
        new()
        {
            Sequence = sequence,
            At = Noon,
            Kind = EntryKind.Charged,
            Amount = Usd(amount),
            Call = call,
        };

    private static Entry Reported(
        long sequence,
        DateTimeOffset at,
        Money amount,
        string? model = null,
        string? agent = null,
        string? run = null,
        Money runCost = default
    )
    {
        var quarter = QuarterSum.Of(at);
        NamedSum Named(SpendBy by, string name) =>
            new()
            {
                Quarter = quarter,
                By = by,
                Name = name,
                Amount = amount,
                Calls = 1,
            };
        return new Entry
        {
            Sequence = sequence,
            At = at,
            Kind = EntryKind.HolderReported,
            Holder = new HolderChange
            {
                Row = new HolderRow { Number = 2, HolderId = "acme@a" },
                ByQuarter = [new QuarterSum(quarter, amount)],
                ByName =
                [
                    .. model is null ? Array.Empty<NamedSum>() : [Named(SpendBy.Model, model)],
                    .. agent is null ? Array.Empty<NamedSum>() : [Named(SpendBy.Agent, agent)],
                ],
                Runs = run is null
                    ? []
                    :
                    [
                        new RunSum
                        {
                            Quarter = quarter,
                            Agent = run,
                            Bucket = CostBuckets.Of(runCost),
                            Runs = 1,
                            Cost = runCost,
                            Stopped = sequence % 2,
                        },
                    ],
            },
        };
    }

    private static string Text(NamedSum sum) => $"{sum.By} {(sum.Tag is null ? "" : sum.Tag + "=")}{sum.Name} {sum.Amount} {sum.Calls}";

    private static Money Sum(IEnumerable<Money> amounts) => amounts.Aggregate(Money.Zero, (sum, amount) => sum + amount);
}

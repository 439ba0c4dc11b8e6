using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>What is written of an event is what its schema says, property by property; and what a schema says of the objects within is
/// written.</summary>
public sealed class EventSchemaTests
{
    private static readonly EventOrigin Origin = new()
    {
        Ledger = "acme@one",
        Life = 1,
        Tenant = TenantPath.Parse("acme"),
        Agent = "writer",
        Parent = "acme@parent",
        Tags = new Dictionary<string, string> { ["ticket"] = "7" },
    };

    [Fact]
    public void SoftLimit_WithAFullReport_IsAsItsSchemaSays()
    {
        var session = Opened("100");
        for (var i = 0; i < 40; i++)
            session.Run(new ChargeCommand { Call = Call.Model($"model-{i:00}"), Cost = Usd("2") });
        session.Run(new ChargeCommand { Call = Call.Tool("search"), Cost = Usd("15") });
        var soft = EventsOf(session).OfType<SoftLimitEvent>().Single();
        Assert.Contains(soft.Report.Breakdown.Categories, category => category.Name == Breakdown.OtherName);
        Assert.Empty(Validate(soft));

        var altered = JsonNode.Parse(BudgetEventJson.Write(soft))!;
        altered["data"]!["report"]!["spend"]![0]!["total"] = 3;
        Assert.Equal("$.data.report.spend[0].total is no string", Assert.Single(Validate(altered, soft.Type)));
        altered["data"]!["report"]!.AsObject().Remove("spent");
        Assert.Contains("$.data.report has no spent", Validate(altered, soft.Type));
    }

    [Fact]
    public void Events_OfEveryType_AreAsTheirSchemasSay()
    {
        var all = Samples().ToArray();
        Assert.Equal(EventTypes.All.Select(type => type.Name).Order(), all.Select(of => of.Type).Distinct().Order());
        Assert.All(all, of => Assert.Empty(Validate(of)));
    }

    [Theory]
    [InlineData("charge.settled", "call")]
    [InlineData("charge.settled", "call", "usage")]
    [InlineData("limit.soft", "report")]
    [InlineData("limit.soft", "report", "spend")]
    [InlineData("loop.tripped", "loop")]
    [InlineData("tenant.limit_set", "limits")]
    public void Part_OfAnEvent_HasEveryFieldThatItsSchemaNames(string type, params string[] path)
    {
        var schema = path.Aggregate(SchemaOf(type)["properties"]!["data"]!, Within);
        var named = schema["properties"]!.AsObject().Select(property => property.Key);
        var written = Samples()
            .Where(of => of.Type == type)
            .Select(of => path.Aggregate(JsonNode.Parse(BudgetEventJson.Write(of))!["data"], (part, name) => First(part?[name])))
            .OfType<JsonObject>()
            .SelectMany(part => part.Select(property => property.Key));
        Assert.Equal(named.Order(), written.Distinct().Order());

        static JsonNode Within(JsonNode schema, string name) =>
            schema["properties"]![name]! is var found && found["items"] is { } items ? items : found;
        static JsonNode? First(JsonNode? of) => of is JsonArray list ? list[0] : of;
    }

    private static IEnumerable<BudgetEvent> Samples()
    {
        var call = Call.Model("gpt-5", "openai") with
        {
            Agent = "writer",
            Usage = UsageDimensions.All.Aggregate(default(TokenUsage), (usage, row) => usage.With(row.Dimension, 2)),
            ServiceTier = "flex",
            Region = "eu",
            Speed = "fast",
            PriceRow = "openai/gpt-5",
            TableCost = Usd("0.20"),
            Source = CostSource.Estimated,
        };
        var loop = new LoopEvidence
        {
            Rule = LoopKind.Cycle,
            Action = LoopAction.Throttle,
            Name = "search",
            Agent = "writer",
            Fingerprint = 7,
            Count = 4,
            Period = 2,
            WindowSeconds = 60,
            Sequences = [3, 4],
            Spent = Usd("0.10"),
            WaitingSince = 3,
            RetryAfter = Seconds(1.5),
        };
        var report = new EventReport
        {
            Standing = new Standing(9, Usd("1.00"), Usd("0.95"), Usd("0.10"), default, EndReason.None),
            Breakdown = Breakdown.Empty.Add(call, Usd("0.95")),
        };
        BudgetEvent[] own =
        [
            new ChargeSettledEvent
            {
                Origin = Origin,
                Call = call,
                Cost = Usd("0.10"),
                Reserved = Usd("0.20"),
            },
            new ChargeSettledEvent { Origin = Origin, Call = Call.Tool("search") },
            new LateChargeEvent { Origin = Origin, Call = call },
            new LoopWarnedEvent { Origin = Origin },
            new LoopTrippedEvent
            {
                Origin = Origin,
                Loop = loop,
                Report = report,
            },
            new SoftLimitEvent
            {
                Origin = Origin,
                Fraction = 0.9m,
                Report = report,
            },
            .. TenantSamples(Origin with { Ledger = "~acme" }),
        ];
        return own.Select(of =>
                of with
                {
                    Sequence = 9,
                    Part = 1,
                    Parts = 1,
                    Previous = 7,
                    At = SessionShell.Start,
                    Key = "k",
                    Child = "planner",
                    After = report.Standing,
                }
            )
            .Concat(EventsOf(EventAmountTests.Session()));
    }

    private static BudgetEvent[] TenantSamples(EventOrigin origin) =>
        [
            new TenantLimitSetEvent
            {
                Origin = origin,
                Settings = new TenantSettings
                {
                    TotalLimit = Usd("10"),
                    DailyLimit = Usd("1"),
                    WeeklyLimit = Usd("2"),
                    MonthlyLimit = Usd("3"),
                    SoftLimits = [0.5m, 0.9m],
                },
                By = "ops",
                Reason = "more",
            },
            new TenantSoftLimitEvent { Origin = origin, SoftLimitsCrossed = 3 },
            new TenantExhaustedEvent { Origin = origin, Asked = Usd("5") },
            new TenantPausedEvent { Origin = origin },
            new TenantResumedEvent { Origin = origin },
            new TenantStoppedEvent { Origin = origin },
        ];

    private static IEnumerable<BudgetEvent> EventsOf(SessionShell session)
    {
        var origin = EventOrigin.Of(session.Head);
        return session.Timeline.SelectMany(entry => BudgetEvents.Of(entry, origin, 0));
    }

    private static JsonNode SchemaOf(string type) => JsonNode.Parse(EventSchemas.Of(EventTypes.Find(type)!))!;

    private static IReadOnlyList<string> Validate(BudgetEvent of) => Validate(JsonNode.Parse(BudgetEventJson.Write(of))!, of.Type);

    private static IReadOnlyList<string> Validate(JsonNode written, string type) => [.. Problems(written, SchemaOf(type), "$")];

    // As much of JSON schema as these use; what no schema names is a problem, too.
    private static IEnumerable<string> Problems(JsonNode? value, JsonNode schema, string at)
    {
        var type = schema["type"]!.GetValue<string>();
        if (!IsOf(value, type))
            return [$"{at} is no {type}"];
        if (schema["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(value!.GetValue<string>(), pattern))
            return [$"{at} is not as it should be"];
        if (schema["const"] is { } only && !JsonNode.DeepEquals(only, value))
            return [$"{at} is not {only}"];
        return value switch
        {
            JsonArray list => list.SelectMany((item, i) => Problems(item, schema["items"]!, $"{at}[{i}]")),
            JsonObject fields => ProblemsOf(fields, schema, at),
            _ => [],
        };
    }

    private static IEnumerable<string> ProblemsOf(JsonObject fields, JsonNode schema, string at)
    {
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>());
        var missing = required.Where(name => !fields.ContainsKey(name)).Select(name => $"{at} has no {name}");
        return missing.Concat(
            fields.SelectMany(field =>
                (schema["properties"]?[field.Key] ?? schema["additionalProperties"]) is { } named
                    ? Problems(field.Value, named, $"{at}.{field.Key}")
                    : [$"{at} has a {field.Key} that nobody knows"]
            )
        );
    }

    private static bool IsOf(JsonNode? value, string type) =>
        value?.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.Object => type == "object",
            System.Text.Json.JsonValueKind.Array => type == "array",
            System.Text.Json.JsonValueKind.String => type == "string",
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => type == "boolean",
            System.Text.Json.JsonValueKind.Number => type == "number" || (type == "integer" && value.AsValue().TryGetValue<long>(out _)),
            _ => false,
        };
}

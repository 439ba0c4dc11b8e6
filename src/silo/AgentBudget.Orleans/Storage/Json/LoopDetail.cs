namespace AgentBudget.Orleans.Storage.Json;

/// <summary>Why a call was taken for a loop, as it is stored. Names are names in stored data.</summary>
internal sealed record LoopDetail
{
    public string Name { get; init; } = "";

    public ulong Fingerprint { get; init; }

    public int Count { get; init; }

    public int WindowSeconds { get; init; }

    public LoopKind Rule { get; init; }

    public LoopAction Action { get; init; }

    public string? Agent { get; init; }

    public int Period { get; init; }

    public long[]? Sequences { get; init; }

    public long SpentNanoUsd { get; init; }

    public long RetryAfterTicks { get; init; }

    public static LoopDetail From(LoopEvidence loop) => new()
    {
        Name = loop.Name,
        Fingerprint = loop.Fingerprint,
        Count = loop.Count,
        WindowSeconds = loop.WindowSeconds,
        Rule = loop.Rule,
        Action = loop.Action,
        Agent = loop.Agent,
        Period = loop.Period,
        Sequences = loop.Sequences.Count == 0 ? null : [.. loop.Sequences],
        SpentNanoUsd = loop.Spent.NanoDollars,
        RetryAfterTicks = loop.RetryAfter?.Ticks ?? 0,
    };

    public LoopEvidence ToEvidence() => new()
    {
        Name = Name,
        Fingerprint = Fingerprint,
        Count = Count,
        WindowSeconds = WindowSeconds,
        Rule = Rule,
        Action = Action,
        Agent = Agent,
        Period = Period,
        Sequences = Sequences ?? [],
        Spent = Money.FromNanoDollars(SpentNanoUsd),
        RetryAfter = RetryAfterTicks == 0 ? null : TimeSpan.FromTicks(RetryAfterTicks),
    };
}

/// <summary>A loop rule. What is missing is as shipped.</summary>
internal sealed record LoopRuleDetail
{
    public bool Enabled { get; init; }

    public int Calls { get; init; }

    public long WindowTicks { get; init; }

    public int? WarnAt { get; init; }

    public int ThrottleAt { get; init; }

    public long? ThrottleForTicks { get; init; }

    public int? Last { get; init; }

    public static LoopRuleDetail From(LoopRule rule) => new()
    {
        Enabled = rule.Enabled,
        Calls = rule.Calls,
        WindowTicks = rule.Window.Ticks,
        WarnAt = rule.WarnAt,
        ThrottleAt = rule.ThrottleAt,
        ThrottleForTicks = rule.ThrottleFor.Ticks,
        Last = rule.Last,
    };

    public LoopRule ToRule() => new()
    {
        Enabled = Enabled,
        Calls = Calls,
        Window = TimeSpan.FromTicks(WindowTicks),
        WarnAt = WarnAt ?? LoopRule.Default.WarnAt,
        ThrottleAt = ThrottleAt,
        ThrottleFor = ThrottleForTicks is { } ticks ? TimeSpan.FromTicks(ticks) : LoopRule.Default.ThrottleFor,
        Last = Last ?? LoopRule.Default.Last,
    };
}

/// <summary>What a policy has that the shipped one has not; its rule for a time window stands beside it.</summary>
internal sealed record LoopPolicyDetail
{
    public bool Disabled { get; init; }

    public LoopRuleDetail? Row { get; init; }

    public LoopRuleDetail? BlindRow { get; init; }

    public LoopRuleDetail? Repeat { get; init; }

    public LoopRuleDetail? Cycle { get; init; }

    public LoopRuleDetail? Stall { get; init; }

    public LoopRuleDetail? SameResult { get; init; }

    public LoopRuleDetail? SameFailure { get; init; }

    public LoopRuleDetail? ModelOnly { get; init; }

    public LoopRuleDetail? CounterRow { get; init; }

    public WaitingDetail? Waiting { get; init; }

    public SpendDetail? Spend { get; init; }

    public RateDetail? Rate { get; init; }

    public Dictionary<string, ToolLoopsDetail>? ByName { get; init; }

    public static LoopPolicyDetail? From(LoopPolicy policy)
    {
        var shipped = LoopPolicy.Default;
        var detail = new LoopPolicyDetail
        {
            Disabled = !policy.Enabled,
            Row = Unless(policy.Row, shipped.Row),
            BlindRow = Unless(policy.BlindRow, shipped.BlindRow),
            Repeat = Unless(policy.Repeat, shipped.Repeat),
            Cycle = Unless(policy.Cycle, shipped.Cycle),
            Stall = Unless(policy.Stall, shipped.Stall),
            SameResult = Unless(policy.SameResult, shipped.SameResult),
            SameFailure = Unless(policy.SameFailure, shipped.SameFailure),
            ModelOnly = Unless(policy.ModelOnly, shipped.ModelOnly),
            CounterRow = Unless(policy.CounterRow, shipped.CounterRow),
            Waiting = policy.Waiting == shipped.Waiting ? null : WaitingDetail.From(policy.Waiting),
            Spend = policy.Spend == shipped.Spend ? null : SpendDetail.From(policy.Spend),
            Rate = policy.Rate == RateCeiling.Off ? null : RateDetail.From(policy.Rate),
            ByName = policy.ByName.Count == 0 ? null : policy.ByName.ToDictionary(pair => pair.Key, pair => ToolLoopsDetail.From(pair.Value)),
        };
        return detail == new LoopPolicyDetail() ? null : detail;
    }

    public static LoopPolicy ToPolicy(LoopRuleDetail loop, LoopPolicyDetail? detail)
    {
        var rule = loop.ToRule();
        if (detail is null) return rule == LoopRule.Default ? LoopPolicy.Default : new LoopPolicy { Rule = rule };
        var shipped = LoopPolicy.Default;
        return new LoopPolicy
        {
            Enabled = !detail.Disabled,
            Rule = rule,
            Row = detail.Row?.ToRule() ?? shipped.Row,
            BlindRow = detail.BlindRow?.ToRule() ?? shipped.BlindRow,
            Repeat = detail.Repeat?.ToRule() ?? shipped.Repeat,
            Cycle = detail.Cycle?.ToRule() ?? shipped.Cycle,
            Stall = detail.Stall?.ToRule() ?? shipped.Stall,
            SameResult = detail.SameResult?.ToRule() ?? shipped.SameResult,
            SameFailure = detail.SameFailure?.ToRule() ?? shipped.SameFailure,
            ModelOnly = detail.ModelOnly?.ToRule() ?? shipped.ModelOnly,
            CounterRow = detail.CounterRow?.ToRule() ?? shipped.CounterRow,
            Waiting = detail.Waiting?.ToRule() ?? shipped.Waiting,
            Spend = detail.Spend?.ToRule() ?? shipped.Spend,
            Rate = detail.Rate?.ToCeiling() ?? RateCeiling.Off,
            ByName = detail.ByName?.ToDictionary(pair => pair.Key, pair => pair.Value.ToTool()) ?? LoopPolicy.NoTools,
        };
    }

    private static LoopRuleDetail? Unless(LoopRule rule, LoopRule shipped) => rule == shipped ? null : LoopRuleDetail.From(rule);
}

/// <summary>When a repetition is waiting.</summary>
internal sealed record WaitingDetail
{
    public bool Enabled { get; init; }

    public long IntervalTicks { get; init; }

    public int Calls { get; init; }

    public decimal Share { get; init; }

    public static WaitingDetail From(WaitingRule rule) =>
        new() { Enabled = rule.Enabled, IntervalTicks = rule.Interval.Ticks, Calls = rule.Calls, Share = rule.Share };

    public WaitingRule ToRule() => new() { Enabled = Enabled, Interval = TimeSpan.FromTicks(IntervalTicks), Calls = Calls, Share = Share };
}

/// <summary>The rule of money.</summary>
internal sealed record SpendDetail
{
    public bool Enabled { get; init; }

    public decimal WarnAt { get; init; }

    public decimal TripAt { get; init; }

    public long WindowTicks { get; init; }

    public int Calls { get; init; }

    public static SpendDetail From(SpendRule rule) =>
        new() { Enabled = rule.Enabled, WarnAt = rule.WarnAt, TripAt = rule.TripAt, WindowTicks = rule.Window.Ticks, Calls = rule.Calls };

    public SpendRule ToRule() =>
        new() { Enabled = Enabled, WarnAt = WarnAt, TripAt = TripAt, Window = TimeSpan.FromTicks(WindowTicks), Calls = Calls };
}

/// <summary>A rate ceiling.</summary>
internal sealed record RateDetail
{
    public int Calls { get; init; }

    public long SpendNanoUsd { get; init; }

    public long WindowTicks { get; init; }

    public LoopAction Action { get; init; }

    public static RateDetail From(RateCeiling rate) =>
        new() { Calls = rate.Calls, SpendNanoUsd = rate.Spend.NanoDollars, WindowTicks = rate.Window.Ticks, Action = rate.Action };

    public RateCeiling ToCeiling() =>
        new() { Calls = Calls, Spend = Money.FromNanoDollars(SpendNanoUsd), Window = TimeSpan.FromTicks(WindowTicks), Action = Action };
}

/// <summary>What is different about one tool.</summary>
internal sealed record ToolLoopsDetail
{
    public LoopMatching Matching { get; init; }

    public decimal Similarity { get; init; }

    public LoopRuleDetail? Rule { get; init; }

    public bool? Changes { get; init; }

    public static ToolLoopsDetail From(ToolLoops tool) =>
        new() { Matching = tool.Matching, Similarity = tool.Similarity, Changes = tool.Changes, Rule = tool.Rule is null ? null : LoopRuleDetail.From(tool.Rule) };

    public ToolLoops ToTool() => new() { Matching = Matching, Similarity = Similarity, Changes = Changes, Rule = Rule?.ToRule() };
}

using F = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.LoopEvidence>;
using FPolicy = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.LoopPolicy>;
using FRate = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.RateCeiling>;
using FRule = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.LoopRule>;
using FSpend = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.SpendRule>;
using FTool = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.ToolLoops>;
using FWaiting = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.WaitingRule>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>Loop rules, and why a call was taken for a loop. Of a policy only what the shipped one has not is stored.</summary>
internal static class LoopForms
{
    public static readonly StoredForm<LoopEvidence> Evidence = new(
        () => new LoopEvidence { Name = "" },
        F.Number("rule", loop => (long)loop.Rule, (loop, value) => loop with { Rule = (LoopKind)value }),
        F.Number("action", loop => (long)loop.Action, (loop, value) => loop with { Action = (LoopAction)value }),
        F.Text("name", loop => loop.Name, (loop, value) => loop with { Name = value }),
        F.Text("agent", loop => loop.Agent, (loop, value) => loop with { Agent = value }),
        F.Number("fingerprint", loop => (long)loop.Fingerprint, (loop, value) => loop with { Fingerprint = (ulong)value }),
        F.Number("count", loop => loop.Count, (loop, value) => loop with { Count = (int)value }),
        F.Number("period", loop => loop.Period, (loop, value) => loop with { Period = (int)value }),
        F.Number("window_seconds", loop => loop.WindowSeconds, (loop, value) => loop with { WindowSeconds = (int)value }),
        F.List("sequences", StoredValues.Number, loop => loop.Sequences, (loop, value) => loop with { Sequences = value }),
        F.Number("spent_nano_usd", loop => loop.Spent.NanoDollars, (loop, value) => loop with { Spent = Money.FromNanoDollars(value) }),
        F.Number("retry_after_ticks", loop => loop.RetryAfter?.Ticks ?? 0, (loop, value) => loop with { RetryAfter = new TimeSpan(value) }),
        F.Number("waiting_since", loop => loop.WaitingSince, (loop, value) => loop with { WaitingSince = value })
    );

    private static readonly StoredForm<LoopRule> Rule = new(
        () => new LoopRule(),
        FRule.Flag("enabled", rule => rule.Enabled, (rule, value) => rule with { Enabled = value }),
        FRule.Number("calls", rule => rule.Calls, (rule, value) => rule with { Calls = (int)value }),
        FRule.Number("window_ticks", rule => rule.Window.Ticks, (rule, value) => rule with { Window = new TimeSpan(value) }),
        FRule.Number("warn_at", rule => rule.WarnAt, (rule, value) => rule with { WarnAt = (int)value }),
        FRule.Number("throttle_at", rule => rule.ThrottleAt, (rule, value) => rule with { ThrottleAt = (int)value }),
        FRule.Number(
            "throttle_for_ticks",
            rule => rule.ThrottleFor.Ticks,
            (rule, value) => rule with { ThrottleFor = new TimeSpan(value) }
        ),
        FRule.Number("last", rule => rule.Last, (rule, value) => rule with { Last = (int)value })
    );

    private static readonly StoredForm<RateCeiling> Rate = new(
        () => new RateCeiling(),
        FRate.Number("calls", rate => rate.Calls, (rate, value) => rate with { Calls = (int)value }),
        FRate.Number("spend_nano_usd", rate => rate.Spend.NanoDollars, (rate, value) => rate with { Spend = Money.FromNanoDollars(value) }),
        FRate.Number("window_ticks", rate => rate.Window.Ticks, (rate, value) => rate with { Window = new TimeSpan(value) }),
        FRate.Number("action", rate => (long)rate.Action, (rate, value) => rate with { Action = (LoopAction)value })
    );

    private static readonly StoredForm<WaitingRule> Waiting = new(
        () => new WaitingRule(),
        FWaiting.Flag("enabled", rule => rule.Enabled, (rule, value) => rule with { Enabled = value }),
        FWaiting.Number("interval_ticks", rule => rule.Interval.Ticks, (rule, value) => rule with { Interval = new TimeSpan(value) }),
        FWaiting.Number("calls", rule => rule.Calls, (rule, value) => rule with { Calls = (int)value }),
        FWaiting.Fraction("share", rule => rule.Share, (rule, value) => rule with { Share = value })
    );

    private static readonly StoredForm<SpendRule> Spend = new(
        () => new SpendRule(),
        FSpend.Flag("enabled", rule => rule.Enabled, (rule, value) => rule with { Enabled = value }),
        FSpend.Fraction("warn_at", rule => rule.WarnAt, (rule, value) => rule with { WarnAt = value }),
        FSpend.Fraction("trip_at", rule => rule.TripAt, (rule, value) => rule with { TripAt = value }),
        FSpend.Number("window_ticks", rule => rule.Window.Ticks, (rule, value) => rule with { Window = new TimeSpan(value) }),
        FSpend.Number("calls", rule => rule.Calls, (rule, value) => rule with { Calls = (int)value })
    );

    private static readonly StoredForm<ToolLoops> Tool = new(
        () => new ToolLoops(),
        FTool.Number("matching", tool => (long)tool.Matching, (tool, value) => tool with { Matching = (LoopMatching)value }),
        FTool.Fraction("similarity", tool => tool.Similarity, (tool, value) => tool with { Similarity = value }),
        FTool.Optional("changes", tool => tool.Changes, (tool, value) => tool with { Changes = value }),
        FTool.Part("rule", Rule, tool => tool.Rule, (tool, value) => tool with { Rule = value })
    );

    public static readonly StoredForm<LoopPolicy> Policy = new(
        () => new LoopPolicy(),
        FPolicy.Flag("enabled", policy => policy.Enabled, (policy, value) => policy with { Enabled = value }),
        RuleNamed("rule", policy => policy.Rule, (policy, value) => policy with { Rule = value }),
        RuleNamed("row", policy => policy.Row, (policy, value) => policy with { Row = value }),
        RuleNamed("blind_row", policy => policy.BlindRow, (policy, value) => policy with { BlindRow = value }),
        RuleNamed("counter_row", policy => policy.CounterRow, (policy, value) => policy with { CounterRow = value }),
        RuleNamed("repeat", policy => policy.Repeat, (policy, value) => policy with { Repeat = value }),
        RuleNamed("cycle", policy => policy.Cycle, (policy, value) => policy with { Cycle = value }),
        RuleNamed("stall", policy => policy.Stall, (policy, value) => policy with { Stall = value }),
        RuleNamed("same_result", policy => policy.SameResult, (policy, value) => policy with { SameResult = value }),
        RuleNamed("same_failure", policy => policy.SameFailure, (policy, value) => policy with { SameFailure = value }),
        RuleNamed("model_only", policy => policy.ModelOnly, (policy, value) => policy with { ModelOnly = value }),
        FPolicy.Part(
            "waiting",
            Waiting,
            policy => policy.Waiting == WaitingRule.Default ? null : policy.Waiting,
            (policy, value) => policy with { Waiting = value }
        ),
        FPolicy.Part(
            "spend",
            Spend,
            policy => policy.Spend == SpendRule.Default ? null : policy.Spend,
            (policy, value) => policy with { Spend = value }
        ),
        FPolicy.Part(
            "rate",
            Rate,
            policy => policy.Rate == RateCeiling.Off ? null : policy.Rate,
            (policy, value) => policy with { Rate = value }
        ),
        FPolicy.Map(
            "by_name",
            Tool,
            policy => policy.ByName.Count == 0 ? null : policy.ByName,
            (policy, value) => policy with { ByName = value }
        )
    );

    private static StoredField<LoopPolicy> RuleNamed(
        string name,
        Func<LoopPolicy, LoopRule> get,
        Func<LoopPolicy, LoopRule, LoopPolicy> put
    ) => FPolicy.Part(name, Rule, policy => get(policy) == get(LoopPolicy.Default) ? null : get(policy), put);
}

namespace AgentBudget.Abstractions.Wire;

[GenerateSerializer, Alias(WireNames.LoopEvidence)]
internal struct LoopEvidenceWire
{
    [Id(0)] public string Name;
    [Id(1)] public ulong Fingerprint;
    [Id(2)] public int Count;
    [Id(3)] public int WindowSeconds;
    [Id(4)] public LoopKind Rule;
    [Id(5)] public LoopAction Action;
    [Id(6)] public string? Agent;
    [Id(7)] public int Period;
    [Id(8)] public long[] Sequences;
    [Id(9)] public Money Spent;
    [Id(10)] public TimeSpan? RetryAfter;
}

[RegisterConverter]
internal sealed class LoopEvidenceConverter : IConverter<LoopEvidence, LoopEvidenceWire>
{
    public LoopEvidence ConvertFromSurrogate(in LoopEvidenceWire wire) => new()
    {
        Name = wire.Name,
        Fingerprint = wire.Fingerprint,
        Count = wire.Count,
        WindowSeconds = wire.WindowSeconds,
        Rule = wire.Rule,
        Action = wire.Action,
        Agent = wire.Agent,
        Period = wire.Period,
        Sequences = wire.Sequences,
        Spent = wire.Spent,
        RetryAfter = wire.RetryAfter,
    };

    public LoopEvidenceWire ConvertToSurrogate(in LoopEvidence value) => new()
    {
        Name = value.Name,
        Fingerprint = value.Fingerprint,
        Count = value.Count,
        WindowSeconds = value.WindowSeconds,
        Rule = value.Rule,
        Action = value.Action,
        Agent = value.Agent,
        Period = value.Period,
        Sequences = [.. value.Sequences],
        Spent = value.Spent,
        RetryAfter = value.RetryAfter,
    };
}

[GenerateSerializer, Alias(WireNames.LoopRule)]
internal struct LoopRuleWire
{
    [Id(0)] public bool Enabled;
    [Id(1)] public int Calls;
    [Id(2)] public TimeSpan Window;
    [Id(3)] public int WarnAt;
    [Id(4)] public int ThrottleAt;
    [Id(5)] public TimeSpan ThrottleFor;
    [Id(6)] public int Last;
}

[RegisterConverter]
internal sealed class LoopRuleConverter : IConverter<LoopRule, LoopRuleWire>
{
    public LoopRule ConvertFromSurrogate(in LoopRuleWire wire) => new()
    {
        Enabled = wire.Enabled,
        Calls = wire.Calls,
        Window = wire.Window,
        WarnAt = wire.WarnAt,
        ThrottleAt = wire.ThrottleAt,
        ThrottleFor = wire.ThrottleFor,
        Last = wire.Last,
    };

    public LoopRuleWire ConvertToSurrogate(in LoopRule value) => new()
    {
        Enabled = value.Enabled,
        Calls = value.Calls,
        Window = value.Window,
        WarnAt = value.WarnAt,
        ThrottleAt = value.ThrottleAt,
        ThrottleFor = value.ThrottleFor,
        Last = value.Last,
    };
}

[GenerateSerializer, Alias(WireNames.RateCeiling)]
internal struct RateCeilingWire
{
    [Id(0)] public int Calls;
    [Id(1)] public Money Spend;
    [Id(2)] public TimeSpan Window;
    [Id(3)] public LoopAction Action;
}

[RegisterConverter]
internal sealed class RateCeilingConverter : IConverter<RateCeiling, RateCeilingWire>
{
    public RateCeiling ConvertFromSurrogate(in RateCeilingWire wire) =>
        new() { Calls = wire.Calls, Spend = wire.Spend, Window = wire.Window, Action = wire.Action };

    public RateCeilingWire ConvertToSurrogate(in RateCeiling value) =>
        new() { Calls = value.Calls, Spend = value.Spend, Window = value.Window, Action = value.Action };
}

[GenerateSerializer, Alias(WireNames.ToolLoops)]
internal struct ToolLoopsWire
{
    [Id(0)] public LoopMatching Matching;
    [Id(1)] public decimal Similarity;
    [Id(2)] public LoopRule? Rule;
}

[RegisterConverter]
internal sealed class ToolLoopsConverter : IConverter<ToolLoops, ToolLoopsWire>
{
    public ToolLoops ConvertFromSurrogate(in ToolLoopsWire wire) => new() { Matching = wire.Matching, Similarity = wire.Similarity, Rule = wire.Rule };

    public ToolLoopsWire ConvertToSurrogate(in ToolLoops value) => new() { Matching = value.Matching, Similarity = value.Similarity, Rule = value.Rule };
}

[GenerateSerializer, Alias(WireNames.LoopPolicy)]
internal struct LoopPolicyWire
{
    // Number 1 belonged to rules by name before anything was published.
    [Id(0)] public LoopRule Rule;
    [Id(2)] public bool Enabled;
    [Id(3)] public Dictionary<string, ToolLoops> ByName;
    [Id(4)] public LoopRule Row;
    [Id(5)] public LoopRule BlindRow;
    [Id(6)] public LoopRule Repeat;
    [Id(7)] public LoopRule Cycle;
    [Id(8)] public LoopRule Stall;
    [Id(9)] public LoopRule SameResult;
    [Id(10)] public LoopRule SameFailure;
    [Id(11)] public LoopRule ModelOnly;
    [Id(12)] public RateCeiling Rate;
}

[RegisterConverter]
internal sealed class LoopPolicyConverter : IConverter<LoopPolicy, LoopPolicyWire>
{
    public LoopPolicy ConvertFromSurrogate(in LoopPolicyWire wire)
    {
        var policy = new LoopPolicy
        {
            Rule = wire.Rule,
            Enabled = wire.Enabled,
            ByName = wire.ByName.Count == 0 ? LoopPolicy.NoTools : wire.ByName,
            Row = wire.Row,
            BlindRow = wire.BlindRow,
            Repeat = wire.Repeat,
            Cycle = wire.Cycle,
            Stall = wire.Stall,
            SameResult = wire.SameResult,
            SameFailure = wire.SameFailure,
            ModelOnly = wire.ModelOnly,
            Rate = wire.Rate,
        };
        // Most sessions have the default policy: they share one.
        return policy.Equals(LoopPolicy.Default) ? LoopPolicy.Default : policy;
    }

    public LoopPolicyWire ConvertToSurrogate(in LoopPolicy value) => new()
    {
        Rule = value.Rule,
        Enabled = value.Enabled,
        ByName = new(value.ByName),
        Row = value.Row,
        BlindRow = value.BlindRow,
        Repeat = value.Repeat,
        Cycle = value.Cycle,
        Stall = value.Stall,
        SameResult = value.SameResult,
        SameFailure = value.SameFailure,
        ModelOnly = value.ModelOnly,
        Rate = value.Rate,
    };
}

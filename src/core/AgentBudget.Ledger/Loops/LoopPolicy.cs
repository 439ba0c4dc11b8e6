using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// When an agent is stuck. Rules combine: the hardest that any of them calls for is done. The defaults, and the figures that they were
/// chosen by, stand in <c>docs/loops.md</c>.
/// </summary>
/// <remarks>
/// A result that a call has not had before is progress: a streak does not reach back beyond it. Results are known when they are reported,
/// see <see cref="Call.Result"/>. Each agent label, and each shared child, has streaks of its own.
/// </remarks>
[GenerateSerializer, Immutable, Alias("agentbudget.loop-policy")]
public sealed record LoopPolicy
{
    // The first of these are needed by the last: their order counts.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly LoopRule DefaultRow = Within(warnAt: 4, calls: 6);
    private static readonly LoopRule DefaultBlindRow = Within(warnAt: 10, calls: 16);
    private static readonly LoopRule DefaultCounterRow = Within(warnAt: 8, calls: 0);
    private static readonly LoopRule DefaultRepeat = Within(warnAt: 6, calls: 8);
    private static readonly LoopRule DefaultCycle = Within(warnAt: 2, calls: 3);
    private static readonly LoopRule DefaultStall = Within(warnAt: 4, calls: 6);
    private static readonly LoopRule DefaultSameResult = Within(warnAt: 24, calls: 0);
    private static readonly LoopRule DefaultSameFailure = Within(warnAt: 12, calls: 20);
    private static readonly LoopRule DefaultModelOnly = Within(warnAt: 6, calls: 10);

    /// <summary>Nothing is different by name.</summary>
    public static readonly IReadOnlyDictionary<string, ToolLoops> NoTools = new Dictionary<string, ToolLoops>(0);

    [Id(11)]
    private readonly Dictionary<string, ToolLoops> byName = Owned.MapOf(NoTools);

    /// <summary>The shipped policy.</summary>
    public static readonly LoopPolicy Default = new();

    /// <summary>No loop detection.</summary>
    public static readonly LoopPolicy Off = new() { Enabled = false };

    /// <summary>Whether any rule applies. Default: yes.</summary>
    [Id(0)]
    public bool Enabled { get; init; } = true;

    /// <summary>Counts calls with similar arguments within a time window, other calls between them or not. Default: 10 within 60
    /// seconds.</summary>
    [Id(1)]
    public LoopRule Rule { get; init; } = LoopRule.Default;

    /// <summary>Counts the same call in a row, as long as its results are reported and not new. Default: warn at 4, trip at 6.</summary>
    [Id(2)]
    public LoopRule Row { get; init; } = DefaultRow;

    /// <summary>Counts the same call in a row when its results are not reported. Default: warn at 10, trip at 16.</summary>
    [Id(3)]
    public LoopRule BlindRow { get; init; } = DefaultBlindRow;

    /// <summary>Counts the same call in a row when its results are the same but for their numbers. Default: warn at 8, never
    /// trip.</summary>
    [Id(12)]
    public LoopRule CounterRow { get; init; } = DefaultCounterRow;

    /// <summary>
    /// Counts the same call with the same result among the last calls, back to the last change that succeeded and was not made before.
    /// Default: warn at 6, trip at 8 of 60.
    /// </summary>
    [Id(4)]
    public LoopRule Repeat { get; init; } = DefaultRepeat;

    /// <summary>
    /// Counts rounds of a cycle of 2 to 12 calls. Default: warn when the second is complete, of two calls when the third has begun; trip
    /// when the third is complete.
    /// </summary>
    [Id(5)]
    public LoopRule Cycle { get; init; } = DefaultCycle;

    /// <summary>
    /// Counts turns in a row in which every call was made before and got a result that it had before. Default: warn at 4, trip at 6.
    /// Calls between two model calls are one turn; without model calls each call is.
    /// </summary>
    [Id(6)]
    public LoopRule Stall { get; init; } = DefaultStall;

    /// <summary>Counts changing arguments of one tool, no other tool between, that all had the same result. Default: warn at 24, never
    /// trip.</summary>
    [Id(7)]
    public LoopRule SameResult { get; init; } = DefaultSameResult;

    /// <summary>
    /// Counts changing arguments of one tool that all failed alike, no success of it and no change that succeeded between: see
    /// <see cref="ResultFingerprint.OfFailure"/>. Default: warn at 12, trip at 20.
    /// </summary>
    [Id(8)]
    public LoopRule SameFailure { get; init; } = DefaultSameFailure;

    /// <summary>
    /// Counts model calls in a row without a tool call, of an agent that has called tools: a plain chat never meets it. Default: warn
    /// at 6, trip at 10.
    /// </summary>
    [Id(9)]
    public LoopRule ModelOnly { get; init; } = DefaultModelOnly;

    /// <summary>What repeats at long or growing intervals: it warns, and trips only far beyond.</summary>
    [Id(13)]
    public WaitingRule Waiting { get; init; } = WaitingRule.Default;

    /// <summary>How much of its budget the session spends in a time. Default: warn at half of it within 60 seconds and 12 calls or more,
    /// never trip.</summary>
    [Id(14)]
    public SpendRule Spend { get; init; } = SpendRule.Default;

    /// <summary>A ceiling on calls or dollars in a time window. Default: none.</summary>
    [Id(10)]
    public RateCeiling Rate { get; init; } = RateCeiling.Off;

    /// <summary>What is different about single tools or models, by name; up to 64.</summary>
    public IReadOnlyDictionary<string, ToolLoops> ByName
    {
        get => byName;
        init => byName = Owned.MapOf(value);
    }

    /// <summary>The longest window that any rule looks back.</summary>
    public TimeSpan LongestWindow => FindLongestWindow();

    /// <summary>What is different about a tool or model; null for nothing.</summary>
    public ToolLoops? For(string name) => ByName.Count > 0 && ByName.TryGetValue(name, out var tool) ? tool : null;

    /// <summary>Whether two policies say the same.</summary>
    public bool Equals(LoopPolicy? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (
            other is null
            || Enabled != other.Enabled
            || Rate != other.Rate
            || Waiting != other.Waiting
            || Spend != other.Spend
            || ByName.Count != other.ByName.Count
        )
            return false;
        for (var i = 0; i < RuleCount; i++)
        {
            if (RuleAt(i) != other.RuleAt(i))
                return false;
        }

        return ByName.All(pair => other.ByName.TryGetValue(pair.Key, out var tool) && tool == pair.Value);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Enabled, Rule, Row, Repeat, Cycle, ModelOnly, Rate, ByName.Count);

    internal void Validate()
    {
        for (var i = 0; i < RuleCount; i++)
        {
            var what = i == 0 ? "The loop rule" : $"The loop rule {RuleNames[i]}";
            Checks.Given(RuleAt(i), what);
            RuleAt(i).Validate(what);
        }

        Checks.Given(Waiting, "The loop rule for waiting");
        Waiting.Validate();
        Checks.Given(Spend, "The loop rule of money");
        Spend.Validate();
        Checks.Given(Rate, "The rate ceiling");
        Checks.Given(byName, "Loop rules by name");
        Rate.Validate();
        Checks.AtMost(ByName.Count, Bounds.ToolLoopRules, "Loop rules by name");
        foreach (var (name, tool) in ByName)
        {
            Checks.Name(name, "A loop rule's name");
            Checks.Given(tool, $"The loop rule of {name}");
            tool.Validate(name);
        }
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Enabled ? 1 : 0);
        for (var i = 0; i < RuleCount; i++)
            RuleAt(i).AddTo(ref hash);
        Waiting.AddTo(ref hash);
        Spend.AddTo(ref hash);
        Rate.AddTo(ref hash);
        foreach (var (name, tool) in ByName.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.Add(name);
            tool.AddTo(ref hash);
        }
    }

    private const int RuleCount = 10;

    private static readonly string[] RuleNames =
    [
        nameof(Rule),
        nameof(Row),
        nameof(BlindRow),
        nameof(Repeat),
        nameof(Cycle),
        nameof(Stall),
        nameof(SameResult),
        nameof(SameFailure),
        nameof(ModelOnly),
        nameof(CounterRow),
    ];

    private LoopRule RuleAt(int index) =>
        index switch
        {
            0 => Rule,
            1 => Row,
            2 => BlindRow,
            3 => Repeat,
            4 => Cycle,
            5 => Stall,
            6 => SameResult,
            7 => SameFailure,
            8 => ModelOnly,
            _ => CounterRow,
        };

    private TimeSpan FindLongestWindow()
    {
        var longest = TimeSpan.FromTicks(1);
        if (!Enabled)
            return longest;
        for (var i = 0; i < RuleCount; i++)
            Take(RuleAt(i));
        foreach (var tool in ByName.Values)
            Take(tool.Rule);
        if (Spend.Enabled && Spend.Window > longest)
            longest = Spend.Window;
        return Rate.Enabled && Rate.Window > longest ? Rate.Window : longest;

        void Take(LoopRule? rule)
        {
            if (rule is { Enabled: true } && rule.Window > longest)
                longest = rule.Window;
        }
    }

    private static LoopRule Within(int warnAt, int calls) =>
        new()
        {
            WarnAt = warnAt,
            Calls = calls,
            Window = Hour,
        };
}

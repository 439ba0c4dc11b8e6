namespace AgentBudget.Ledger;

/// <summary>How often the same call may come within a window.</summary>
public sealed record LoopRule
{
    /// <summary>The shipped rule.</summary>
    public static readonly LoopRule Default = new();

    /// <summary>Whether the rule applies. Default: yes.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The count at which the call is a loop. Default 10; 2 to 256.</summary>
    public int Calls { get; init; } = 10;

    /// <summary>The window that is looked back. Default 60 seconds; 1 second to 24 hours.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    internal void Validate(string what)
    {
        if (Calls is < 2 or > Bounds.LoopCalls)
            throw new ArgumentException($"{what}: {Calls} calls given; a loop takes from 2 to {Bounds.LoopCalls} of them.");
        Checks.Range(Window, Bounds.LoopWindow, $"{what}: the window");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Enabled ? 1 : 0);
        hash.Add(Calls);
        hash.Add(Window);
    }
}

/// <summary>When repeated calls are a loop: the same call with the same normalised arguments, N times within a window.</summary>
public sealed record LoopPolicy
{
    /// <summary>No rules by name.</summary>
    public static readonly IReadOnlyDictionary<string, LoopRule> NoRules = new Dictionary<string, LoopRule>(0);

    /// <summary>The shipped policy: the same call 10 times within 60 seconds.</summary>
    public static readonly LoopPolicy Default = new();

    /// <summary>No loop detection.</summary>
    public static readonly LoopPolicy Off = new() { Rule = new LoopRule { Enabled = false } };

    /// <summary>The rule for every call that has none of its own.</summary>
    public LoopRule Rule { get; init; } = LoopRule.Default;

    /// <summary>Rules by tool or model name; up to 64.</summary>
    public IReadOnlyDictionary<string, LoopRule> ByName { get; init; } = NoRules;

    /// <summary>The rule for a call.</summary>
    public LoopRule RuleFor(string name) => ByName.Count > 0 && ByName.TryGetValue(name, out var rule) ? rule : Rule;

    internal void Validate()
    {
        Rule.Validate("The loop rule");
        Checks.AtMost(ByName.Count, Bounds.ToolLoopRules, "Loop rules by name");
        foreach (var (name, rule) in ByName)
        {
            Checks.Name(name, "A loop rule's name");
            rule.Validate($"The loop rule of {name}");
        }
    }

    internal void AddTo(ref BodyHash hash)
    {
        Rule.AddTo(ref hash);
        foreach (var (name, rule) in ByName.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.Add(name);
            rule.AddTo(ref hash);
        }
    }
}

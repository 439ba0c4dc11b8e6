using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What is different about one tool, or model.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tool-loops")]
public sealed record ToolLoops
{
    /// <summary>When two calls of it are the same. Default: when their normalised arguments are.</summary>
    [Id(0)]
    public LoopMatching Matching { get; init; }

    /// <summary>For <see cref="LoopMatching.Similar"/>: how alike two calls must be, by the share of words they have in common. Default
    /// 0.8; 0.5 to 1.</summary>
    [Id(1)]
    public decimal Similarity { get; init; } = 0.8m;

    /// <summary>
    /// Whether a call of it changes something, so that a check made again after it is no repetition; null (default): what
    /// <see cref="Call.Changes"/> says.
    /// </summary>
    [Id(3)]
    public bool? Changes { get; init; }

    /// <summary>Its own rule in place of <see cref="LoopPolicy.Rule"/>; null (default): the policy's.</summary>
    [Id(2)]
    public LoopRule? Rule { get; init; }

    internal void Validate(string name)
    {
        Checks.Defined(Matching, $"The matching of {name}");
        if (Similarity is < 0.5m or > 1m)
            throw new ArgumentException($"The similarity of {name} is {Similarity}; it must be from 0.5 to 1.");
        Rule?.Validate($"The loop rule of {name}");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add((long)Matching);
        hash.Add(Similarity);
        if (Changes is { } changes)
            hash.Add(changes ? 2 : 1);
        Rule?.AddTo(ref hash);
    }
}

namespace AgentBudget;

/// <summary>What a tenant's spend is told apart by.</summary>
public enum SpendBy : byte
{
    /// <summary>The model of a call.</summary>
    Model = 1,

    /// <summary>The tool of a call.</summary>
    Tool = 2,

    /// <summary>The agent that made the call; where the call names none, the agent or workflow of its session.</summary>
    Agent = 3,

    /// <summary>The value of a tag of the session.</summary>
    Tag = 4,
}

/// <summary>What was spent under one name in a quarter hour.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.named-sum")]
public sealed record NamedSum
{
    /// <summary>The quarter hour in which it was recorded, as in <see cref="QuarterSum"/>.</summary>
    [Id(0)]
    public required long Quarter { get; init; }

    /// <summary>What the name is one of.</summary>
    [Id(1)]
    public required SpendBy By { get; init; }

    /// <summary>The tag's name, where the name is the value of a tag; null otherwise.</summary>
    [Id(2)]
    public string? Tag { get; init; }

    /// <summary>The name; <see cref="Breakdown.OtherName"/> for those that are not told apart.</summary>
    [Id(3)]
    public required string Name { get; init; }

    /// <summary>Dollars, corrections included; below zero when more was taken back than spent.</summary>
    [Id(4)]
    public required Money Amount { get; init; }

    /// <summary>How many calls were paid for.</summary>
    [Id(5)]
    public long Calls { get; init; }
}

/// <summary>Sessions that ended in a quarter hour at about the same cost.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.run-sum")]
public sealed record RunSum
{
    /// <summary>The quarter hour in which they ended.</summary>
    [Id(0)]
    public required long Quarter { get; init; }

    /// <summary>The agent or workflow that they were opened for; null for none.</summary>
    [Id(1)]
    public string? Agent { get; init; }

    /// <summary>The class of the histogram that each one's cost is in.</summary>
    [Id(2)]
    public required int Bucket { get; init; }

    /// <summary>How many they are.</summary>
    [Id(3)]
    public required long Runs { get; init; }

    /// <summary>What they cost together, exactly, by the time that they ended.</summary>
    [Id(4)]
    public required Money Cost { get; init; }

    /// <summary>How many of them were stopped: by a budget, a loop, their tenant or an operator.</summary>
    [Id(5)]
    public long Stopped { get; init; }
}

namespace AgentBudget;

/// <summary>One recorded call of a model or a tool.</summary>
public sealed record TraceEvent
{
    /// <summary>The name that a model call has when the record names no model. No price book knows it.</summary>
    public const string UnnamedModel = "(unnamed)";

    /// <summary>Which event of the run it is, from 1; the header is not counted.</summary>
    public required int Number { get; init; }

    /// <summary>Time since the start of the run.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>
    /// The call: model with provider and usage, or tool with the fingerprints of its arguments and, where they are recorded, of its result;
    /// whether it failed, and the sub-agent's label. It carries no price.
    /// </summary>
    public required Call Call { get; init; }

    /// <summary>Whether this is no call, but a message of the user. It costs nothing, and resets the sense of loops.</summary>
    public bool IsUserMessage { get; init; }

    /// <summary>Whether the record says what the call used. Without it the usage of <see cref="Call"/> means nothing.</summary>
    public bool HasUsage { get; init; }

    /// <summary>What the source says the call cost, rounded up to the next nano-dollar; null when it says nothing.</summary>
    public Money? RecordedCost { get; init; }
}

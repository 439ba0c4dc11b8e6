namespace AgentBudget;

/// <summary>How much of what a call used stands in the part of its response that was read.</summary>
public enum UsageCompleteness : byte
{
    /// <summary>Nothing: the provider has not said. That is not a usage of zero.</summary>
    None = 0,

    /// <summary>Something, and not all: the response has not come to its end, or does not say its input, or its output, in a count that
    /// can be read. It can have used more.</summary>
    Partial = 1,

    /// <summary>All of it: the provider stated input and output, and its response came to its end.</summary>
    Final = 2,
}

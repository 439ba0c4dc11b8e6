namespace AgentBudget;

/// <summary>When two calls of a tool are the same.</summary>
public enum LoopMatching : byte
{
    /// <summary>When their normalised arguments are.</summary>
    Exact = 0,

    /// <summary>When their arguments are alike: see <see cref="ArgumentSketch"/>.</summary>
    Similar = 1,

    /// <summary>Never: for polling, and other tools whose repeats are asked for. They still count as tool calls.</summary>
    Off = 2,
}

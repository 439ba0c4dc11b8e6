namespace AgentBudget;

/// <summary>Which events are somewhere, in two: what a bill is made of, and all else. Costs are most of a feed; who asks for limits alone
/// need not look at them.</summary>
[Flags]
public enum EventKinds : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Costs and corrections of costs.</summary>
    Charges = 1,

    /// <summary>Limits, loops, transitions.</summary>
    Others = 2,

    /// <summary>All of them.</summary>
    All = Charges | Others,
}

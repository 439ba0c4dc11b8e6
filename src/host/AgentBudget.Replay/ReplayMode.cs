namespace AgentBudget;

/// <summary>How the calls of a recorded run meet the budget.</summary>
public enum ReplayMode
{
    /// <summary>
    /// Each call reserves its recorded cost and settles it. A refused call is not made, and the run stops there: what an agent does
    /// whose calls are wrapped.
    /// </summary>
    Reserve = 0,

    /// <summary>
    /// Each cost is charged after the fact. The run stops after the first event that leaves the breaker not closed: what an agent does
    /// that only reports its costs.
    /// </summary>
    Charge = 1,
}

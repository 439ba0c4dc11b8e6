namespace AgentBudget;

/// <summary>What a rule does, from mild to hard.</summary>
public enum LoopAction : byte
{
    /// <summary>An event, and a line for the model. The call is made.</summary>
    Warn = 0,

    /// <summary>The call is refused, with the time after which it may be made. The breaker stays closed.</summary>
    Throttle = 1,

    /// <summary>The breaker opens.</summary>
    Trip = 2,
}

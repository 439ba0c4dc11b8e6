namespace AgentBudget;

/// <summary>What a session is to those who look for it in a list.</summary>
public enum SessionStatus : byte
{
    /// <summary>It takes calls.</summary>
    Open = 1,

    /// <summary>Its breaker is open: its budget or its tenant is exhausted, or it runs in a loop.</summary>
    Exhausted = 2,

    /// <summary>Somebody has paused it, whatever its breaker says.</summary>
    Paused = 3,

    /// <summary>It has ended.</summary>
    Closed = 4,
}

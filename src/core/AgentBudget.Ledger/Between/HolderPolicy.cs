namespace AgentBudget;

/// <summary>How a parent's money reaches a holder of it.</summary>
public enum HolderPolicy : byte
{
    /// <summary>Granted in full at opening, never called back: a carved child, whose budget it is.</summary>
    Carved = 0,

    /// <summary>In slices, which are called back when others need them: a session under a tenant, or a tenant under a tenant.</summary>
    Sliced = 1,

    /// <summary>The whole budget at opening, never called back: a session under a tenant that wants it so.</summary>
    FullReservation = 2,
}

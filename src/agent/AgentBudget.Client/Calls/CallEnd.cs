namespace AgentBudget;

/// <summary>How the reservation of a call has ended, as far as this client knows.</summary>
public enum CallEnd
{
    /// <summary>It has not, or the ledger refused its end.</summary>
    Open = 0,

    /// <summary>It was turned into spend.</summary>
    Settled = 1,

    /// <summary>It was given back.</summary>
    Released = 2,

    /// <summary>It went back by its own clock.</summary>
    Expired = 3,
}

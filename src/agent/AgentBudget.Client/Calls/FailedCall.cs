namespace AgentBudget;

/// <summary>What becomes of the money set aside for a call that failed.</summary>
public enum FailedCall
{
    /// <summary>It goes back: the provider cannot have billed.</summary>
    Release = 0,

    /// <summary>All of it counts as spent: the provider may have billed, and nobody knows how much. Each attempt without an answer that the
    /// exception tells of counts in full.</summary>
    SettleReserved = 1,

    /// <summary>
    /// It stays set aside until somebody who learns the outcome settles it or gives it back: by the call's handle, or by its number on the
    /// session's grain. A reservation whose handle is lost expires, and its cost is missing until it is settled, late. Where no handle
    /// reaches the program (<c>WrapAsync</c> and <c>WrapStreamAsync</c> without one, <c>AgentBudget.Http</c>), it is taken for
    /// <see cref="SettleReserved"/>.
    /// </summary>
    KeepOpen = 2,
}

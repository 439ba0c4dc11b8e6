namespace AgentBudget;

/// <summary>
/// The call was made, but its cost could not be recorded: the ledger cannot be reached, or refused it, as the inner exception says
/// (somebody else has ended the call). The result is here, so that it is not lost. Where the ledger was away, the client sends the
/// settlement again behind its caller until it arrives; a program that ends before can send it itself, for it counts once. Until then the
/// cost is missing.
/// </summary>
public sealed class UnsettledCallException : AgentBudgetException
{
    internal UnsettledCallException(object? result, SettleCommand settle, BudgetUnavailableException unavailable)
        : base($"{unavailable.Message} The call was made; its cost of {settle.Cost} is not settled.", unavailable)
    {
        Result = result;
        Settle = settle;
    }

    internal UnsettledCallException(object? result, SettleCommand settle, RefusedException refused)
        : base($"{refused.Message} The call was made; its cost of {settle.Cost} is not settled.", refused)
    {
        Result = result;
        Settle = settle;
    }

    /// <summary>What the call returned.</summary>
    public object? Result { get; }

    /// <summary>The settlement, with its key: send it with <see cref="IBudgetSession.SettleAsync"/>, as often as need be; it counts
    /// once.</summary>
    public SettleCommand Settle { get; }
}

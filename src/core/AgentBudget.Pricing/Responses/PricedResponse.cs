namespace AgentBudget;

/// <summary>What a call cost by what its response says.</summary>
/// <param name="Cost">What is to be recorded: the provider's own figure where there is one, else the table's. Null where neither has
/// one.</param>
/// <param name="IsProviderCost">Whether <paramref name="Cost"/> is the provider's own figure.</param>
/// <param name="TableCost">What the table makes of the usage; null where it has no price for all of it.</param>
/// <param name="Priced">The answering model's usage as the table prices it, with row, version and warnings.</param>
public sealed record PricedResponse(Money? Cost, bool IsProviderCost, Money? TableCost, PricedCall Priced)
{
    /// <summary>What other models used in the same call, each with its price; the first without one leaves <see cref="TableCost"/>
    /// null.</summary>
    public IReadOnlyList<PricedCall> OtherParts { get; init; } = [];
}

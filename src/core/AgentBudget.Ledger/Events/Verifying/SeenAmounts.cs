using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>The amounts of an event's own data of which the chain of its ledger's events can prove something.</summary>
internal readonly record struct SeenAmounts
{
    /// <summary>What it cost, for a charge; zero for any other.</summary>
    public Money Cost { get; init; }

    /// <summary>What was set aside and is so no more; null where the event ends no reservation.</summary>
    public Money? Freed { get; init; }

    /// <summary>The budget from now on; null where the event does not change it.</summary>
    public Money? Budget { get; init; }

    /// <summary>What the entry added to the overage; null where the event does not say.</summary>
    public Money? Overage { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="type">The event's type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="amountOf">Reads an amount.</param>
    public static SeenAmounts Read(EventType type, JsonElement data, Func<JsonElement, string, Money> amountOf)
    {
        var amounts = default(SeenAmounts);
        foreach (var field in type.Fields.Where(field => field.Role != AmountRole.None))
        {
            var amount = amountOf(data, field.Name);
            amounts = field.Role switch
            {
                AmountRole.Cost => amounts with { Cost = amount },
                AmountRole.Frees => amounts with { Freed = amount },
                AmountRole.Budget => amounts with { Budget = amount },
                _ => amounts with { Overage = amount },
            };
        }

        return amounts;
    }
}

using System.Globalization;
using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Sinks;

/// <summary>What a billing system is told of a cost besides amount, customer and time: what it may group and filter by, all of it
/// text.</summary>
internal static class CostProperties
{
    /// <summary>The properties, the amount first.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="amountName">What the amount is called.</param>
    /// <param name="amount">The amount, in the system's own unit.</param>
    public static Dictionary<string, object> Of(BilledCost cost, string amountName, object amount)
    {
        var all = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [amountName] = amount,
            ["type"] = cost.Type,
            ["session"] = cost.Ledger,
            ["sequence"] = cost.Sequence.ToString(CultureInfo.InvariantCulture),
        };
        Add(all, "tenant", cost.Tenant);
        Add(all, "agent", cost.Agent);
        all["cost_type"] = cost.CostType;
        all["name"] = cost.Name;
        Add(all, "provider", cost.Provider);
        all["cost_source"] = cost.CostSource;
        return all;
    }

    private static void Add(Dictionary<string, object> all, string name, string? value)
    {
        if (value is not null)
            all[name] = value;
    }
}

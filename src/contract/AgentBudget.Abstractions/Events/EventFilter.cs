using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Which events are asked for: those that meet all that is said.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-filter")]
public sealed record EventFilter
{
    /// <summary>The most types of one filter.</summary>
    public const int MaxTypes = 64;

    [Id(2)]
    private readonly string[] types = [];

    /// <summary>Only those of a tenant and of all below it; null for all.</summary>
    [Id(0)]
    public TenantPath? Tenant { get; init; }

    /// <summary>Only those of one ledger: a session's id, or a tenant's path behind <c>~</c>; null for all.</summary>
    [Id(1)]
    public string? Ledger { get; init; }

    /// <summary>Only those of these types, such as <c>limit.soft</c>; none for all.</summary>
    public IReadOnlyList<string> Types
    {
        get => types;
        init => types = Owned.ListOf(value);
    }

    /// <summary>Only those that are costs, or correct one: what a bill is made of.</summary>
    [Id(3)]
    public bool BillableOnly { get; init; }

    /// <summary>Which kinds of events are asked for.</summary>
    public EventKinds Kinds
    {
        get
        {
            if (BillableOnly)
                return EventKinds.Charges;
            if (types.Length == 0)
                return EventKinds.Charges | EventKinds.Others;
            return types.Aggregate(
                EventKinds.None,
                static (kinds, name) => kinds | (EventTypes.Find(name)?.IsBillable == true ? EventKinds.Charges : EventKinds.Others)
            );
        }
    }

    /// <summary>Whether an event is asked for.</summary>
    public bool Has(BudgetEvent of)
    {
        ArgumentNullException.ThrowIfNull(of);
        if (Ledger is not null && Ledger != of.Origin.Ledger)
            return false;
        if (Tenant is not null && of.Origin.Tenant?.IsWithin(Tenant) != true)
            return false;
        var type = EventTypes.Of(of);
        return (!BillableOnly || type.IsBillable) && (types.Length == 0 || Array.IndexOf(types, type.Name) >= 0);
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A type that there is not; the message names it and those that there are.</exception>
    public void Validate()
    {
        Checks.AtMost(types.Length, MaxTypes, "Types of events");
        foreach (var type in types)
        {
            if (EventTypes.Find(type) is null)
                throw new ArgumentException(
                    $"There is no event '{type}'; there are {string.Join(", ", EventTypes.All.Select(one => one.Name))}."
                );
        }
    }
}

using AgentBudget.Ledger;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>The ledger that an event comes from, as all of its events say it.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-origin")]
public sealed record EventOrigin
{
    [Id(5)]
    private readonly Dictionary<string, string> tags = Owned.MapOf(BudgetSessionOptions.NoTags);

    [Id(6)]
    private readonly decimal[] softLimits = [];

    /// <summary>The ledger: a session's id, or a tenant's path behind <c>~</c>.</summary>
    [Id(0)]
    public required string Ledger { get; init; }

    /// <summary>Tells an id that was purged and opened anew from what it was before.</summary>
    [Id(1)]
    public long Life { get; init; }

    /// <summary>The tenant that pays, or that the ledger is; null where there is none.</summary>
    [Id(2)]
    public TenantPath? Tenant { get; init; }

    /// <summary>The agent's or workflow's name; null for none.</summary>
    [Id(3)]
    public string? Agent { get; init; }

    /// <summary>The session's mode: what an observed session cost is real all the same. Enforce for a tenant's own events.</summary>
    [Id(4)]
    public SessionMode Mode { get; init; }

    /// <summary>The session's tags.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get => tags;
        init => tags = Owned.MapOf(value);
    }

    /// <summary>The session's soft limits, fractions of its budget, in the order in which it was opened with them.</summary>
    public IReadOnlyList<decimal> SoftLimits
    {
        get => softLimits;
        init => softLimits = Owned.ListOf(value);
    }

    /// <summary>The session that it is a carved child of; null where there is none. What it costs is reported there as well, and billed
    /// here alone.</summary>
    [Id(7)]
    public string? Parent { get; init; }

    /// <summary>Whether the ledger is a tenant's.</summary>
    public bool IsTenant => TenantLedgers.IsId(Ledger);

    /// <summary>The origin of a ledger's events, of which the options never change.</summary>
    /// <param name="head">The ledger's head, once it is opened.</param>
    public static EventOrigin Of(SessionHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        return Of(head.SessionId, head.Life, head.Options, head.Link);
    }

    /// <summary>The same, from the first entry of a ledger: all that is needed stands in it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="opened">Its first entry.</param>
    public static EventOrigin Of(string ledger, Entry opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return Of(ledger, TenantLedgers.IsId(ledger) ? TenantLedgers.Life : opened.At.UtcTicks, opened.Options, opened.Link);
    }

    private static EventOrigin Of(string ledger, long life, BudgetSessionOptions? options, ParentLink? link) =>
        TenantLedgers.IsId(ledger)
            ? new EventOrigin
            {
                Ledger = ledger,
                Life = life,
                Tenant = TenantLedgers.PathOf(ledger),
            }
            : new EventOrigin
            {
                Ledger = ledger,
                Life = life,
                Tenant = options?.Tenant,
                Agent = options?.Agent,
                Parent = link is { ParentId: var parent } && !TenantLedgers.IsId(parent) ? parent : null,
                Mode = options?.Mode ?? SessionMode.Enforce,
                Tags = options?.Tags ?? BudgetSessionOptions.NoTags,
                SoftLimits = options?.SoftLimits ?? [],
            };
}

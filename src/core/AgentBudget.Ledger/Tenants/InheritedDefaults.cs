using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;

namespace AgentBudget;

/// <summary>What the tenants above say of how sessions are opened: it holds where nobody nearer says otherwise.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.inherited-defaults")]
public sealed record InheritedDefaults
{
    /// <summary>Nobody is above, or nobody says anything.</summary>
    public static readonly InheritedDefaults None = new();

    [Id(2)]
    private readonly string[] tagNames = [];

    /// <summary>What sessions are opened with where their callers say nothing.</summary>
    [Id(0)]
    public SessionDefaults Defaults { get; init; } = SessionDefaults.None;

    /// <summary>Whether a call on an id that was never opened opens it, under a tenant that was never set.</summary>
    [Id(1)]
    public bool OpensSessions { get; init; }

    /// <summary>Names of tags by which tenants above report: where there is not room for all in a report, these come first.</summary>
    public IReadOnlyList<string> TagNames
    {
        get => tagNames;
        init => tagNames = Owned.ListOf(value);
    }

    /// <summary>Tells one from another, so that it travels only when it has changed. Never zero.</summary>
    internal long Mark
    {
        get
        {
            var hash = default(BodyHash);
            Defaults.AddTo(ref hash);
            hash.Add(OpensSessions ? 1 : 0);
            hash.Add(TagNames.Count);
            foreach (var name in TagNames)
                hash.Add(name);
            return hash.Value == 0 ? 1 : hash.Value;
        }
    }

    /// <summary>What holds at a tenant, for its sessions and for the tenants below it: what it says itself, and where it says nothing
    /// this.</summary>
    /// <param name="tenant">The tenant; one that was never set says nothing.</param>
    internal InheritedDefaults Below(TenantState? tenant) =>
        tenant is { IsSet: true, Settings: var settings }
            ? new InheritedDefaults
            {
                Defaults = settings.Defaults.Over(Defaults),
                OpensSessions = settings.OpensSessions,
                TagNames = [.. TagNames.Concat(settings.TagNames).Distinct().Take(SpendByName.MostTags)],
            }
            : this;
}

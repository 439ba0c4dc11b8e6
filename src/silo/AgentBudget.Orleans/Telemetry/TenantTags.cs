using System.Collections.Concurrent;

namespace AgentBudget.Orleans.Telemetry;

/// <summary>Whose a measurement is, where an operator wants metrics to say so: the first names of its tenant's path, of so many.</summary>
/// <param name="levels">How many names; 0 for nothing.</param>
internal sealed class TenantTags(int levels)
{
    /// <summary>Tenants that one silo tells apart.</summary>
    public const int Most = 1_000;

    private const string Tag = "tenant";
    private const string Other = "other";

    private readonly ConcurrentDictionary<string, string> known = new();

    /// <summary>The tag of what is measured of a tenant; null for none.</summary>
    public static KeyValuePair<string, object?>? Of(string? name) => name is null ? null : new(Tag, name);

    /// <summary>The name on what a ledger measures, one object for all ledgers that share it; null for none.</summary>
    public string? NameOf(string ledgerId)
    {
        if (levels == 0 || SessionIds.TenantOf(ledgerId)?.ToString() is not { } path)
            return null;
        var end = -1;
        for (var level = 0; level < levels; level++)
        {
            end = path.IndexOf('/', end + 1);
            if (end < 0)
                return Shared(path);
        }

        return Shared(path[..end]);
    }

    private string Shared(string name)
    {
        if (known.TryGetValue(name, out var first))
            return first;
        return known.Count < Most ? known.GetOrAdd(name, name) : Other;
    }
}

using System.Collections.Concurrent;

namespace AgentBudget.Orleans.Telemetry;

/// <summary>Whose a measurement is, where an operator wants metrics to say so: the first names of its tenant's path, of so many.</summary>
/// <param name="levels">How many names; 0 for nothing.</param>
internal sealed class TenantTags(int levels)
{
    /// <summary>Tenants that one silo tells apart.</summary>
    public const int Most = 1_000;

    private const string Name = "tenant";
    private const string Other = "other";

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> known = new();

    /// <summary>The tag of what a ledger measures; null for none.</summary>
    public KeyValuePair<string, object?>? Of(string ledgerId)
    {
        if (levels == 0 || SessionIds.TenantOf(ledgerId)?.ToString() is not { } path)
            return null;
        var end = -1;
        for (var level = 0; level < levels; level++)
        {
            end = path.IndexOf('/', end + 1);
            if (end < 0)
                return TagOf(path);
        }

        return TagOf(path[..end]);
    }

    private KeyValuePair<string, object?> TagOf(string path)
    {
        if (known.TryGetValue(path, out var tag))
            return tag;
        return known.Count < Most ? known.GetOrAdd(path, new KeyValuePair<string, object?>(Name, path)) : new(Name, Other);
    }
}

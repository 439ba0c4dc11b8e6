namespace AgentBudget.Cli.Views;

/// <summary>One entry of a tenant's history, with the settings that it changed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Before">What was set before it; null where it set nothing, or that is not known any more.</param>
/// <param name="Now">What it set; null where it set nothing.</param>
internal sealed record TenantChange(Entry Entry, TenantSettings? Before, TenantSettings? Now)
{
    /// <summary>How many older entries are looked at for what was set before the oldest that is shown.</summary>
    public const int LookedAtBefore = 10;

    /// <summary>The newest of a history, with what each changed.</summary>
    /// <param name="history">Entries, newest first.</param>
    /// <param name="count">How many are wanted; older ones say what was set before.</param>
    /// <param name="isWhole">Whether nothing was done to the tenant before the last of them.</param>
    public static IReadOnlyList<TenantChange> Of(IReadOnlyList<Entry> history, int count, bool isWhole)
    {
        var changes = new List<TenantChange>();
        for (var i = 0; i < Math.Min(count, history.Count); i++)
        {
            var now = history[i].Kind == EntryKind.TenantSet ? history[i].Tenant?.Settings : null;
            var before = now is null
                ? null
                : history.Skip(i + 1).FirstOrDefault(entry => entry.Kind == EntryKind.TenantSet)?.Tenant?.Settings
                    ?? (isWhole ? TenantSettings.None : null);
            changes.Add(new TenantChange(history[i], before, now));
        }

        return changes;
    }

    /// <summary>The settings that it changed.</summary>
    public IEnumerable<TenantSettingRow> Settings => Before is not null && Now is not null ? TenantSettingRow.Changed(Before, Now) : [];
}

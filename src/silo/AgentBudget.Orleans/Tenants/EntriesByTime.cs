using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tenants;

/// <summary>Finds entries of a timeline by their time, in whose order they stand.</summary>
internal static class EntriesByTime
{
    /// <summary>The last entry before a time, by halving; 0 for none. What is not there was trimmed, and is older than all that
    /// is.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="through">The last entry to look at; it must be durable, or what is not yet there would pass for trimmed.</param>
    /// <param name="time">The time.</param>
    public static async Task<long> FindLastBeforeAsync(ITimeline timeline, long through, DateTimeOffset time)
    {
        var (older, younger) = (0L, through + 1);
        while (younger - older > 1)
        {
            var middle = older + ((younger - older) / 2);
            var entries = await timeline.ReadAsync(middle, 1);
            if (entries.Count == 0 || entries[0].At < time)
                older = middle;
            else
                younger = middle;
        }

        return older;
    }
}

using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tenants;

/// <summary>What a tenant spent in one day, read page by page from its timeline as far as that is durable.</summary>
/// <param name="timeline">The timeline.</param>
/// <param name="table">The day's table.</param>
/// <param name="now">The time: the last 24 hours are read as well.</param>
internal sealed class TenantSpendDay(ITimeline timeline, SpendTable table, DateTimeOffset now)
{
    private const int PageLength = 1_000;

    private readonly DateTimeOffset from = table.FirstOf(now);
    private Task? reading;
    private bool hasBegun;

    public SpendTable Table => table;

    /// <summary>The day that runs, and the one before.</summary>
    public static TenantWindow DayOf(TenantState tenant) => tenant.Windows.First(window => window.Kind == WindowKind.Day);

    /// <summary>An empty table for the day that runs, or for the one before.</summary>
    public static SpendTable TableOf(TenantState tenant, bool isDayBefore)
    {
        var runs = DayOf(tenant);
        var (start, end) = isDayBefore ? (runs.PreviousStart, runs.Start) : (runs.Start, runs.End);
        return new SpendTable(start, end, tenant.Settings.TagNames);
    }

    /// <summary>Reads on through an entry that is durable. Callers that come together share it.</summary>
    public async Task CatchUpAsync(long through)
    {
        while (!hasBegun || table.Through < through)
        {
            var (before, had) = (table.Through, hasBegun);
            if (reading is not { IsCompleted: false })
                reading = hasBegun ? ReadPageAsync(through) : BeginAsync(through);
            await reading;
            // The store has no more: what it does not give is not counted as read.
            if (had && table.Through == before)
                return;
        }
    }

    private async Task BeginAsync(long through)
    {
        table.Through = await EntriesByTime.FindLastBeforeAsync(timeline, through, from);
        hasBegun = true;
    }

    private async Task ReadPageAsync(long through)
    {
        var count = (int)Math.Min(PageLength, through - table.Through);
        foreach (var entry in await timeline.ReadAsync(table.Through + 1, count))
            table.Add(entry);
    }
}

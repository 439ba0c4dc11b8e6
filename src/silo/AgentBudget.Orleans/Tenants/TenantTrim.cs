using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tenants;

/// <summary>
/// Deletes of a tenant, for it never ends, what is older than it is kept for and what nobody has to be told of any more: entries of its
/// timeline, and the rows of holders that were closed by then and are no more. Its head and its other rows, and so its money, its limits
/// and its reports, stand beside the timeline and stay. Runs on the activation's scheduler.
/// </summary>
internal sealed class TenantTrim(ISessionExecutor ledger, TimeSpan keptFor)
{
    private const int RowsAtOnce = 256;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(12);

    private DateTimeOffset nextAt = DateTimeOffset.MinValue;

    /// <summary>Does it if it is time. Safe to repeat.</summary>
    public async Task TrimAsync()
    {
        var now = await ledger.ExpireDueAsync();
        if (now < nextAt)
            return;
        nextAt = now + Interval;
        // One that is ahead of a restored store would take what is not there for trimmed.
        await ledger.EnsureCurrentAsync();
        // What is not in the store, not yet or not any more, passes for trimmed: it is looked for only among what the ledger has, and
        // before the wait, for what is decided meanwhile is not durable.
        var decided = await ledger.LedgerAsync();
        var last = Math.Min(decided.ToldThrough, decided.Head.Sequence - 1);
        await ledger.WhenDurableAsync();
        var olderThan = now - keptFor;
        var through = await EntriesByTime.FindLastBeforeAsync(ledger, last, olderThan);
        if (through == 0)
            return;
        await DropHoldersAsync(through, olderThan);
        await ledger.TrimAsync(through);
    }

    // Before the entries, which are what leads here again after a crash.
    private async Task DropHoldersAsync(long through, DateTimeOffset olderThan)
    {
        var after = 0L;
        IReadOnlyList<HolderRow> closed;
        do
        {
            closed = await ledger.ReadClosedHoldersAsync(after, RowsAtOnce);
            await ledger.DropHoldersAsync([.. closed.Where(row => row.ClosedAt < olderThan)]);
            after = closed.Count == 0 ? after : closed[^1].Number;
        } while (closed.Count == RowsAtOnce && after < through);
    }
}

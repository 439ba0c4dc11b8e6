using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tenants;

/// <summary>
/// Gathers what a tenant spent in a day from its timeline, as far as that is durable. What has been read is kept as long as the ledger is in
/// memory, for the day that runs and the one before; each reading goes on from there. Runs on the activation's scheduler.
/// </summary>
internal sealed class TenantSpendReader(ISessionExecutor ledger)
{
    private const int PageLength = 1_000;

    private readonly List<Day> days = [];
    private SessionLedger? readFor;

    /// <summary>The spend of the day that runs, or of the one before; null where there is no such tenant.</summary>
    public async Task<TenantSpend?> ReadAsync(TenantSpendQuery query)
    {
        var now = await ledger.ExpireDueAsync();
        var asked = await ledger.LedgerAsync();
        // Before the wait: what is decided meanwhile is not in the store yet, and would be passed over for good.
        var head = asked.Head;
        await ledger.WhenDurableAsync();
        if (head.Tenant is not { } tenant)
            return null;
        ForgetOfAnother(asked);
        var runs = tenant.Windows.First(window => window.Kind == WindowKind.Day);
        days.RemoveAll(day => day.Table.End <= runs.PreviousStart);
        var (start, end) = query.DayBefore ? (runs.PreviousStart, runs.Start) : (runs.Start, runs.End);
        var tags = tenant.Settings.TagNames;
        var day = days.Find(other => other.Table.IsOf(start, end, tags));
        if (day is null)
        {
            days.RemoveAll(other => other.Table.End == end);
            days.Add(day = new Day(ledger, new SpendTable(start, end, tags), SpendTable.From(start, now)));
        }

        await day.CatchUpAsync(head.Sequence);
        return day.Table.ToSpend(head, query.Names, now);
    }

    // One that was loaded anew may be of a store that was restored: what was read may stand there no more.
    private void ForgetOfAnother(SessionLedger asked)
    {
        if (!ReferenceEquals(readFor, asked))
            days.Clear();
        readFor = asked;
    }

    private sealed class Day(ISessionExecutor ledger, SpendTable table, DateTimeOffset from)
    {
        private Task? reading;
        private bool hasBegun;

        public SpendTable Table => table;

        // Callers that come together share what is read, and what one of them did not wait for is there for the next.
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
            table.Through = await FindFirstAsync(through) - 1;
            hasBegun = true;
        }

        private async Task ReadPageAsync(long through)
        {
            var count = (int)Math.Min(PageLength, through - table.Through);
            foreach (var entry in await ledger.ReadAsync(table.Through + 1, count))
                table.Add(entry);
        }

        // Entries stand in the order of their time; what was trimmed is older than all that is asked for.
        private async Task<long> FindFirstAsync(long through)
        {
            var (least, behind) = (1L, through + 1);
            while (least < behind)
            {
                var middle = least + ((behind - least) / 2);
                var entries = await ledger.ReadAsync(middle, 1);
                if (entries.Count == 0 || entries[0].At < from)
                    least = middle + 1;
                else
                    behind = middle;
            }

            return least;
        }
    }
}

using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Tenants;

/// <summary>
/// Gathers what a tenant spent in a day from its timeline, as far as that is durable. What has been read is kept as long as the ledger is
/// in memory, for the day that runs and the one before; each reading goes on from there. Runs on the activation's scheduler.
/// </summary>
internal sealed class TenantSpendReader(ISessionExecutor ledger)
{
    private readonly List<TenantSpendDay> days = [];
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
        var table = TenantSpendDay.TableOf(tenant, query.DayBefore);
        days.RemoveAll(other => other.Table.End <= TenantSpendDay.DayOf(tenant).PreviousStart);
        var day = days.Find(other => other.Table.IsLike(table));
        if (day is null)
        {
            days.RemoveAll(other => other.Table.End == table.End);
            days.Add(day = new TenantSpendDay(ledger, table, now));
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
}

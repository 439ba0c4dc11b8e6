using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Customers;

namespace AgentBudget.Billing.Exporting;

/// <summary>What should have been sent of each customer, from the ledger's side: read off the feed anew, and not what an export
/// remembers.</summary>
internal static class SentTotals
{
    private const int EventsOfPage = 1_000;

    private static readonly EventFilter Billable = new() { BillableOnly = true };

    /// <summary>Sums up costs by customer.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="customers">Who pays.</param>
    /// <param name="except">Ids of costs that are dead.</param>
    /// <param name="from">From this on.</param>
    /// <param name="until">Before this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyDictionary<string, Money>> ReadAsync(
        IBudgetEventFeed feed,
        CustomerTable customers,
        IReadOnlySet<string> except,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var totals = new Dictionary<string, Money>(StringComparer.Ordinal);
        var partitions = await feed.PartitionsAsync().WaitAsync(cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            var cursor = EventCursor.Start(partition);
            for (var hasMore = true; hasMore; )
            {
                var page = await feed.ReadAsync(cursor, EventsOfPage, Billable).WaitAsync(cancellationToken);
                foreach (var cost in page.Events.OfType<ChargeEvent>().Select(BilledCost.Of))
                {
                    // Billing systems are told whole seconds.
                    var isIn =
                        cost.Time.ToUnixTimeSeconds() >= from.ToUnixTimeSeconds()
                        && cost.Time.ToUnixTimeSeconds() < until.ToUnixTimeSeconds();
                    if (isIn && !except.Contains(cost.Id) && customers.Find(cost.Tenant) is { } customer)
                        totals[customer] = totals.GetValueOrDefault(customer) + cost.Amount;
                }

                (cursor, hasMore) = (page.Next, page.HasMore);
            }
        }

        return totals;
    }
}

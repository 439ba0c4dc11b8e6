using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Customers;

namespace AgentBudget.Billing.Exporting;

/// <summary>What should have been sent of each customer, from the ledger's side: read off the feed anew, and not what an export
/// remembers.</summary>
/// <param name="feed">The feed.</param>
/// <param name="customers">Who pays.</param>
/// <param name="except">Ids of costs that are dead.</param>
internal sealed class SentTotals(IBudgetEventFeed feed, CustomerTable customers, IReadOnlySet<string> except)
{
    private const int EventsOfPage = 1_000;

    private static readonly EventFilter Billable = new() { BillableOnly = true };

    private readonly Dictionary<string, Money> byCustomer = new(StringComparer.Ordinal);

    /// <summary>The sums.</summary>
    public IReadOnlyDictionary<string, Money> ByCustomer => byCustomer;

    /// <summary>Costs for which nobody pays, and which are in no sum.</summary>
    public long WithoutCustomer { get; private set; }

    /// <summary>From when on events are kept, where that is later than what was asked for: what was before it is in no sum. Null where all
    /// of it is kept.</summary>
    public DateTimeOffset? KeptSince { get; private set; }

    /// <summary>Sums up costs.</summary>
    /// <param name="from">From this on.</param>
    /// <param name="until">Before this.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentBudgetException">Events went while they were read.</exception>
    public async Task ReadAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var partitions = await feed.PartitionsAsync().WaitAsync(cancellationToken);
        for (var partition = 0; partition < partitions; partition++)
        {
            await LookAtOldestAsync(partition, from, cancellationToken);
            await ReadAsync(partition, from, until, cancellationToken);
        }
    }

    private async Task ReadAsync(int partition, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var cursor = EventCursor.Start(partition);
        for (var hasMore = true; hasMore; )
        {
            var page = await feed.ReadAsync(cursor, EventsOfPage, Billable).WaitAsync(cancellationToken);
            if (page.State != EventCursorState.Good)
                throw new AgentBudgetException("Events were let go, or the ledger was restored, while they were read; compare again.");
            foreach (var cost in page.Events.OfType<ChargeEvent>().Select(BilledCost.Of))
            {
                // Billing systems are told whole seconds.
                var second = cost.Time.ToUnixTimeSeconds();
                if (second >= from.ToUnixTimeSeconds() && second < until.ToUnixTimeSeconds() && !except.Contains(cost.Id))
                    Add(cost);
            }

            (cursor, hasMore) = (page.Next, page.HasMore);
        }
    }

    private void Add(BilledCost cost)
    {
        if (customers.Find(cost.Tenant) is { } customer)
            byCustomer[customer] = byCustomer.GetValueOrDefault(customer) + cost.Amount;
        else
            WithoutCustomer++;
    }

    private async Task LookAtOldestAsync(int partition, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var page = await feed.ReadAsync(EventCursor.Start(partition), 1, null).WaitAsync(cancellationToken);
        if (page is { From: > 1, Events: [var oldest, ..] } && oldest.At > from && !(KeptSince >= oldest.At))
            KeptSince = oldest.At;
    }
}

using AgentBudget.Billing.Costs;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Billing.Notes;

/// <summary>Notes in the ledger's store, each in the partition of its cost: beside the place in the feed which has passed it.</summary>
internal sealed class StoredNotes(ILedgerStore store, string export) : IExportNotes
{
    private const int RowsAtOnce = 1_000;
    private const string Begun = "begun";

    private readonly string deadList = $"billing/{export}/dead";
    private readonly string pageList = $"billing/{export}/page";

    public async Task<IReadOnlyList<DeadCost>> ReadDeadAsync(CancellationToken cancellationToken)
    {
        var all = new List<DeadCost>();
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            IReadOnlyList<DeliveryRow> rows = [];
            do
            {
                var after = rows.Count == 0 ? null : rows[^1].Name;
                rows = await store.Deliveries.ReadAsync(partition, deadList, after, RowsAtOnce, cancellationToken);
                all.AddRange(rows.Select(row => CostJson.ReadDead(row.Detail)));
            } while (rows.Count == RowsAtOnce);
        }

        return all;
    }

    public async Task WriteDeadAsync(
        IReadOnlyCollection<DeadCost> put,
        IReadOnlyCollection<DeadCost> gone,
        CancellationToken cancellationToken
    )
    {
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            var at = partition;
            var rows = put.Where(dead => IsIn(dead, at)).Select(RowOf).ToArray();
            var keys = gone.Where(dead => IsIn(dead, at)).Select(dead => new DeliveryKey(deadList, dead.Cost.Id)).ToArray();
            if (rows.Length + keys.Length > 0)
                await store.Deliveries.WriteAsync(partition, rows, keys, cancellationToken);
        }
    }

    public async Task<BegunPage?> ReadBegunAsync(int partition, CancellationToken cancellationToken) =>
        await store.Deliveries.ReadAsync(partition, pageList, null, 1, cancellationToken) is [var row]
            ? CostJson.ReadBegun(row.Detail)
            : null;

    public async Task WriteBegunAsync(int partition, BegunPage? begun, CancellationToken cancellationToken) =>
        await store.Deliveries.WriteAsync(
            partition,
            begun is null ? [] : [new DeliveryRow(pageList, Begun, CostJson.Write(begun))],
            begun is null ? [new DeliveryKey(pageList, Begun)] : [],
            cancellationToken
        );

    private bool IsIn(DeadCost dead, int partition) => store.PartitionOf(dead.Cost.Ledger) == partition;

    private DeliveryRow RowOf(DeadCost dead) => new(deadList, dead.Cost.Id, CostJson.Write(dead));
}

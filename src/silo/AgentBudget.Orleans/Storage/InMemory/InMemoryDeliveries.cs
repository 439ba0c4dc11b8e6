namespace AgentBudget.Orleans.Storage.InMemory;

/// <summary>Lists of deliveries in memory: gone with the process, as all of the store is.</summary>
internal sealed class InMemoryDeliveries : IDeliveryStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<string, string>> lists = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<DeliveryRow>> ReadAsync(
        int partition,
        string list,
        string? after,
        int count,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            if (!lists.TryGetValue(list, out var rows))
                return ValueTask.FromResult<IReadOnlyList<DeliveryRow>>([]);
            var behind = rows.Where(row => after is null || string.CompareOrdinal(row.Key, after) > 0);
            return ValueTask.FromResult<IReadOnlyList<DeliveryRow>>([
                .. behind.Take(count).Select(row => new DeliveryRow(list, row.Key, row.Value)),
            ]);
        }
    }

    public ValueTask WriteAsync(
        int partition,
        IReadOnlyList<DeliveryRow> put,
        IReadOnlyList<DeliveryKey> deleted,
        CancellationToken cancellationToken
    )
    {
        lock (gate)
        {
            foreach (var row in put)
            {
                if (!lists.TryGetValue(row.List, out var rows))
                    lists[row.List] = rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
                rows[row.Name] = row.Detail;
            }

            foreach (var key in deleted)
            {
                if (lists.TryGetValue(key.List, out var rows) && rows.Remove(key.Name) && rows.Count == 0)
                    lists.Remove(key.List);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(int partition, string list, CancellationToken cancellationToken)
    {
        lock (gate)
            lists.Remove(list);
        return ValueTask.CompletedTask;
    }
}

using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite.Feed;

/// <summary>Lists of deliveries in an embedded ledger. Written on the writer's thread, between batches.</summary>
internal sealed class SqliteDeliveries(SqliteReaders readers, WritingSide side) : IDeliveryStore
{
    public ValueTask<IReadOnlyList<DeliveryRow>> ReadAsync(
        int partition,
        string list,
        string? after,
        int count,
        CancellationToken cancellationToken
    ) => readers.ReadAsync(reader => reader.ReadDeliveries(list, after, count), cancellationToken);

    public async ValueTask WriteAsync(
        int partition,
        IReadOnlyList<DeliveryRow> put,
        IReadOnlyList<DeliveryKey> deleted,
        CancellationToken cancellationToken
    ) =>
        await side.Get()
            .RunAsync(writing =>
            {
                using var transaction = writing.BeginTransaction();
                using var insert = new Statement(writing, "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, ?)");
                foreach (var row in put)
                    insert.Bind(row.List).Bind(row.Name).Bind(row.Detail).BindChecksum().Run();
                using var delete = new Statement(writing, "DELETE FROM delivery WHERE list = ? AND name = ?");
                foreach (var key in deleted)
                    delete.Bind(key.List).Bind(key.Name).Run();
                transaction.Commit();
                return 0;
            });

    public async ValueTask DeleteAsync(int partition, string list, CancellationToken cancellationToken) =>
        await side.Get().RunAsync(writing => SqlitePurge.Execute(writing, "DELETE FROM delivery WHERE list = $list", ("$list", list)));
}

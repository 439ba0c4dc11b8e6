using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.PostgreSql;

/// <summary>Lists of deliveries, in the database of each partition.</summary>
internal sealed class PostgreSqlDeliveries(LedgerPartition[] partitions) : IDeliveryStore
{
    public async ValueTask<IReadOnlyList<DeliveryRow>> ReadAsync(
        int partition,
        string list,
        string? after,
        int count,
        CancellationToken cancellationToken
    ) =>
        await partitions[partition]
            .Database.ReadAsync(
                async (connection, token) =>
                {
                    await using var command = await Statements.PrepareAsync(
                        connection,
                        "SELECT list, name, detail FROM delivery WHERE list = $1 AND name > $2 ORDER BY name LIMIT $3",
                        token,
                        Statements.Of(list),
                        Statements.Of(after ?? ""),
                        Statements.Of((long)count)
                    );
                    await using var reader = await command.ExecuteReaderAsync(token);
                    var rows = new List<DeliveryRow>();
                    while (await reader.ReadAsync(token))
                        rows.Add(new DeliveryRow(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
                    return rows;
                },
                cancellationToken
            );

    // One statement, so that all of it is written or nothing.
    public async ValueTask WriteAsync(
        int partition,
        IReadOnlyList<DeliveryRow> put,
        IReadOnlyList<DeliveryKey> deleted,
        CancellationToken cancellationToken
    ) =>
        await partitions[partition]
            .Database.RunAsync(
                async (connection, token) =>
                {
                    await using var command = await Statements.PrepareAsync(
                        connection,
                        "WITH deleted AS (DELETE FROM delivery d USING unnest($4, $5) AS k (list, name) "
                            + "WHERE d.list = k.list AND d.name = k.name) "
                            + "INSERT INTO delivery SELECT * FROM unnest($1, $2, $3) "
                            + "ON CONFLICT (list, name) DO UPDATE SET detail = excluded.detail",
                        token,
                        Statements.Of(put.Select(row => row.List).ToArray()),
                        Statements.Of(put.Select(row => row.Name).ToArray()),
                        Statements.Of(put.Select(row => row.Detail).ToArray()),
                        Statements.Of(deleted.Select(key => key.List).ToArray()),
                        Statements.Of(deleted.Select(key => key.Name).ToArray())
                    );
                    return await command.ExecuteNonQueryAsync(token);
                },
                cancellationToken
            );

    public async ValueTask DeleteAsync(int partition, string list, CancellationToken cancellationToken) =>
        await partitions[partition]
            .Database.RunAsync(
                async (connection, token) =>
                {
                    await using var command = await Statements.PrepareAsync(
                        connection,
                        "DELETE FROM delivery WHERE list = $1",
                        token,
                        Statements.Of(list)
                    );
                    return await command.ExecuteNonQueryAsync(token);
                },
                cancellationToken
            );
}

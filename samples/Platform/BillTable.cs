using AgentBudget;
using Npgsql;

namespace Platform;

/// <summary>The bill: a row for each cost and correction, by the event's id.</summary>
internal sealed class BillTable(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);

    public async Task CreateAsync()
    {
        await using var command = database.CreateCommand(
            "CREATE TABLE IF NOT EXISTS bill (id text PRIMARY KEY, tenant text NOT NULL, model text NOT NULL, nano_dollars bigint NOT NULL)"
        );
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Adds a cost; one that is there already is left as it is.</summary>
    public async Task AddAsync(ChargeEvent charge)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO bill (id, tenant, model, nano_dollars) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"
        );
        command.Parameters.AddWithValue(charge.Id);
        command.Parameters.AddWithValue(charge.Origin.Tenant?.ToString() ?? "");
        command.Parameters.AddWithValue(charge.Call.Name);
        command.Parameters.AddWithValue(charge.Cost.NanoDollars);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>All of it.</summary>
    public async Task<(Money Total, long Rows)> TotalAsync()
    {
        await using var command = database.CreateCommand("SELECT coalesce(sum(nano_dollars), 0)::bigint, count(*) FROM bill");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (Money.FromNanoDollars(reader.GetInt64(0)), reader.GetInt64(1));
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}

using Npgsql;
using NpgsqlTypes;

namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>
/// Makes commands and prepares them: a statement is parsed once a connection, and the pool keeps that with the connection. A value's
/// type is told by its own, but for texts that are bytes already.
/// </summary>
internal static class Statements
{
    /// <summary>A prepared command.</summary>
    public static async Task<NpgsqlCommand> PrepareAsync(
        NpgsqlConnection connection,
        string sql,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters
    )
    {
        var command = new NpgsqlCommand(sql, connection);
        // Copies, for what is tried again comes with the values of the attempt before, and a value belongs to one command for good.
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter.Clone());
        try
        {
            await command.PrepareAsync(cancellationToken);
            return command;
        }
        catch
        {
            await command.DisposeAsync();
            throw;
        }
    }

    /// <summary>Texts of a command, as UTF-8.</summary>
    public static NpgsqlParameter OfTexts(List<ReadOnlyMemory<byte>> utf8) =>
        new NpgsqlParameter<List<ReadOnlyMemory<byte>>> { TypedValue = utf8, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>A value of a command.</summary>
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
}

using AgentBudget.Orleans.PostgreSql.Appending;
using AgentBudget.Orleans.PostgreSql.Reading;

namespace AgentBudget.Orleans.PostgreSql.Partitions;

/// <summary>One partition: a database, and what is done with it.</summary>
internal sealed class LedgerPartition : IDisposable
{
    public LedgerPartition(PostgreSqlLedgerOptions options, int index)
    {
        var numbers = new SessionNumbers();
        Database = new PartitionDatabase(options, index);
        Writer = new BatchWriter(Database, numbers);
        Reader = new PartitionReader(Database, numbers);
        Feed = new PartitionFeed(Database);
        Purge = new PartitionPurge(Database, numbers);
    }

    public PartitionDatabase Database { get; }

    public BatchWriter Writer { get; }

    public PartitionReader Reader { get; }

    public PartitionFeed Feed { get; }

    public PartitionPurge Purge { get; }

    /// <summary>Sets a due time if the head is at the sequence.</summary>
    public Task RescheduleAsync(string ledgerId, long life, long sequence, DateTimeOffset dueAt, CancellationToken cancellationToken) =>
        Database.RunAsync(
            async (connection, token) =>
            {
                await using var command = await Statements.PrepareAsync(
                    connection,
                    "UPDATE ledger_head h SET due_at = $4 FROM ledger l WHERE l.ledger_id = $1 AND h.ledger_no = l.no AND h.life = $2 "
                        + "AND h.sequence = $3 AND h.sequence > 0",
                    token,
                    Statements.Of(ledgerId),
                    Statements.Of(life),
                    Statements.Of(sequence),
                    Statements.Of(dueAt.UtcTicks)
                );
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken
        );

    public void Dispose()
    {
        Writer.Dispose();
        Database.Dispose();
    }
}

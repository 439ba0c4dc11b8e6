using System.Collections.Concurrent;
using AgentBudget.Orleans.PostgreSql.Failures;
using AgentBudget.Orleans.PostgreSql.Partitions;
using AgentBudget.Orleans.Storage;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// Writes batches to one partition, two at a time and each in one statement. The statement writes all or nothing; when a head was moved
/// by somebody else, or a key stands already, the writer looks which one it was, settles its outcome and sends the others again. That
/// is slow and rare.
/// </summary>
internal sealed class BatchWriter(PartitionDatabase database, SessionNumbers numbers) : IDisposable
{
    /// <summary>Rounds in which at least one append is settled; more mean that others write the same sessions all the time.</summary>
    private const int MaxRounds = 16;

    private readonly SemaphoreSlim slots = new(PartitionDatabase.WritersAtOnce);
    private readonly ConcurrentStack<BatchArrays> free = new();

    /// <summary>Writes appends; durable on return.</summary>
    /// <param name="batch">All appends of the silo's batch.</param>
    /// <param name="mine">The places of those that stand in this partition.</param>
    /// <param name="outcomes">Takes the outcomes, at the same places.</param>
    public async Task AppendAsync(IReadOnlyList<LedgerAppend> batch, List<int> mine, AppendOutcome[] outcomes)
    {
        await slots.WaitAsync();
        var arrays = free.TryPop(out var used) ? used : new BatchArrays();
        try
        {
            // A session stands at most once in a statement; its second append follows in the next.
            while (mine.Count > 0)
            {
                var sessions = new HashSet<string>(mine.Count, StringComparer.Ordinal);
                var later = mine.FindAll(place => !sessions.Add(batch[place].Head.SessionId));
                var now = later.Count == 0 ? mine : mine.FindAll(place => !later.Contains(place));
                await WriteAsync(arrays, await NumberedAsync(batch, now, outcomes), outcomes);
                mine = later;
            }
        }
        finally
        {
            arrays.Clear();
            free.Push(arrays);
            slots.Release();
        }
    }

    public void Dispose()
    {
        // Not the slots: a write that is on its way still gives its own back, and there is nothing to be let go of.
        foreach (var arrays in free)
            arrays.Dispose();
    }

    private async Task WriteAsync(BatchArrays arrays, List<Numbered> pending, AppendOutcome[] outcomes)
    {
        // In one order everywhere, so that two silos never wait for each other; and neighbours share pages.
        pending.Sort((left, right) => left.LedgerNo.CompareTo(right.LedgerNo));
        for (var round = 0; pending.Count > 0; round++)
        {
            if (round == MaxRounds)
                throw new LedgerStoreUnavailableException(
                    $"Sessions in the ledger database {database.Name} are being written from elsewhere; try again."
                );
            if (await TryWriteAsync(arrays, pending) is not { } refused)
            {
                foreach (var append in pending)
                    outcomes[append.Place] = AppendOutcome.Written;
                return;
            }

            if (refused.SqlState == PostgreSqlErrors.HeadMoved)
                await SettleByHeadsAsync(pending, outcomes);
            else
                await SettleByKeysAsync(pending, outcomes, refused);
        }
    }

    // Null: all of it is durable. Otherwise nothing of it was written, and this is why.
    private Task<PostgresException?> TryWriteAsync(BatchArrays arrays, List<Numbered> pending)
    {
        arrays.Clear();
        foreach (var append in pending)
            arrays.Add(append.LedgerNo, append.Append);
        return database.RunAsync(
            async (connection, cancellationToken) =>
            {
                try
                {
                    await using var command = await arrays.MakeCommandAsync(connection, cancellationToken);
                    await command.ExecuteNonQueryAsync(cancellationToken);
                    return null;
                }
                catch (PostgresException exception) when (IsOfOneAppend(exception))
                {
                    return (PostgresException?)exception;
                }
            },
            CancellationToken.None
        );
    }

    private static bool IsOfOneAppend(PostgresException exception) =>
        exception.SqlState == PostgreSqlErrors.HeadMoved
        || exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "entry_by_key" };

    // The append that a head names as its last was written: its answer was lost. One whose head is not where it should be is fenced.
    private async Task SettleByHeadsAsync(List<Numbered> pending, AppendOutcome[] outcomes)
    {
        var heads = await database.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using var command = await Statements.PrepareAsync(
                    connection,
                    "SELECT ledger_no, life, sequence, append_id FROM ledger_head WHERE ledger_no = ANY ($1)",
                    cancellationToken,
                    Statements.Of(pending.Select(append => append.LedgerNo).ToArray())
                );
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var found = new Dictionary<long, (long Life, long Sequence, long AppendId)>(pending.Count);
                while (await reader.ReadAsync(cancellationToken))
                    found[reader.GetInt64(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
                return found;
            },
            CancellationToken.None
        );
        pending.RemoveAll(append =>
        {
            var isThere = heads.TryGetValue(append.LedgerNo, out var head);
            var isLast = isThere && head.Sequence > 0 && head.AppendId == append.Append.AppendId;
            if (!isLast && isThere && (head.Life, head.Sequence) == (append.Append.ExpectedLife, append.Append.ExpectedSequence))
                return false;
            if (isLast)
                outcomes[append.Place] = AppendOutcome.Written;
            else
                Fence(append.Place, append.Append, outcomes);
            return true;
        });
    }

    // The last fence of the law that a key stands once: it is reached only when a caller called a key fresh that was not.
    private async Task SettleByKeysAsync(List<Numbered> pending, AppendOutcome[] outcomes, PostgresException cause)
    {
        var keyed = pending
            .SelectMany(append => append.Append.Entries, (append, entry) => (append.LedgerNo, entry.Key))
            .Where(pair => pair.Key is not null)
            .ToArray();
        var standing = await database.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using var command = await Statements.PrepareAsync(
                    connection,
                    // Key by key: joined as a whole, the planner reads every entry that there is.
                    "SELECT DISTINCT k.no FROM unnest($1, $2) AS k (no, hash) CROSS JOIN LATERAL (SELECT 1 FROM entry e "
                        + "WHERE e.ledger_no = k.no AND e.key_hash = k.hash AND e.key IS NOT NULL LIMIT 1) e",
                    cancellationToken,
                    Statements.Of(keyed.Select(pair => pair.LedgerNo).ToArray()),
                    Statements.Of(keyed.Select(pair => (long)BodyHash.Of(pair.Key!)).ToArray())
                );
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var found = new HashSet<long>();
                while (await reader.ReadAsync(cancellationToken))
                    found.Add(reader.GetInt64(0));
                return found;
            },
            CancellationToken.None
        );
        // None stands: an append holds one key twice. That is its own fault, and nobody else's.
        if (standing.Count == 0)
            throw cause;
        foreach (var append in pending.Where(append => standing.Contains(append.LedgerNo)))
            Fence(append.Place, append.Append, outcomes);
        pending.RemoveAll(append => standing.Contains(append.LedgerNo));
    }

    private async Task<List<Numbered>> NumberedAsync(IReadOnlyList<LedgerAppend> batch, List<int> places, AppendOutcome[] outcomes)
    {
        var known = new Dictionary<string, long>(places.Count, StringComparer.Ordinal);
        List<string> first = [];
        List<string> later = [];
        foreach (var place in places)
        {
            var append = batch[place];
            if (numbers.TryGet(append.Head.SessionId, out var number))
                known[append.Head.SessionId] = number;
            else
                (append.ExpectedSequence == 0 ? first : later).Add(append.Head.SessionId);
        }

        await LearnAsync("SELECT id, ledger_no FROM number_ledgers($1)", first, known);
        await LearnAsync("SELECT ledger_id, no FROM ledger WHERE ledger_id = ANY ($1)", later, known);
        var numbered = new List<Numbered>(places.Count);
        foreach (var place in places)
        {
            if (known.TryGetValue(batch[place].Head.SessionId, out var number))
                numbered.Add(new Numbered(place, number, batch[place]));
            else
                Fence(place, batch[place], outcomes);
        }

        return numbered;
    }

    private async Task LearnAsync(string sql, List<string> ids, Dictionary<string, long> known)
    {
        if (ids.Count == 0)
            return;
        await database.RunAsync(
            async (connection, cancellationToken) =>
            {
                await using var command = await Statements.PrepareAsync(connection, sql, cancellationToken, Statements.Of(ids));
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                    known[reader.GetString(0)] = reader.GetInt64(1);
                return true;
            },
            CancellationToken.None
        );
        foreach (var id in ids)
        {
            if (known.TryGetValue(id, out var number))
                numbers.Remember(id, number);
        }
    }

    private void Fence(int place, LedgerAppend append, AppendOutcome[] outcomes)
    {
        numbers.Forget(append.Head.SessionId);
        outcomes[place] = AppendOutcome.Fenced;
    }

    private readonly record struct Numbered(int Place, long LedgerNo, LedgerAppend Append);
}

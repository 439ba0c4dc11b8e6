using System.Text.Json;
using AgentBudget.Orleans.Storage;

namespace AgentBudget;

/// <summary>
/// What consumers of the streams did not take while they took later events, kept in the ledger's store until it is removed:
/// <c>services.GetRequiredService&lt;BudgetStreamDeadLetters&gt;()</c> on any silo with <c>AddAgentBudgetStreams</c>.
/// </summary>
public sealed class BudgetStreamDeadLetters
{
    /// <summary>How many are kept of a partition. With so many, streams whose next one it would be wait until some are
    /// removed.</summary>
    public const int MaxKept = 1_000;

    private const string List = "streams/dead";

    private readonly ILedgerStore store;

    // How many there are in each partition, as far as is known here: others add, and remove.
    private readonly int[] known;

    internal BudgetStreamDeadLetters(ILedgerStore store)
    {
        this.store = store;
        known = new int[store.Partitions];
        Array.Fill(known, MaxKept);
    }

    /// <summary>Those that are kept, the oldest first.</summary>
    /// <param name="count">How many at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    /// <exception cref="LedgerStoreUnavailableException">The store is away.</exception>
    public async Task<IReadOnlyList<BudgetStreamDeadLetter>> ListAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 10_000);
        var all = new List<BudgetStreamDeadLetter>();
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            var rows = await store.Deliveries.ReadAsync(partition, List, null, count, cancellationToken);
            all.AddRange(rows.Select(row => JsonSerializer.Deserialize(row.Detail, StreamForms.Default.BudgetStreamDeadLetter)!));
        }

        return [.. all.OrderBy(one => one.At).Take(count)];
    }

    /// <summary>Removes one that was seen to. One that is not there any more is no error.</summary>
    /// <param name="deadLetter">One of the list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerStoreUnavailableException">The store is away.</exception>
    public async Task RemoveAsync(BudgetStreamDeadLetter deadLetter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deadLetter);
        await store.Deliveries.WriteAsync(deadLetter.Partition, [], [new DeliveryKey(List, deadLetter.Row)], cancellationToken);
    }

    /// <summary>Keeps one, durably on return.</summary>
    /// <returns>Whether there was a place for it. Silos that add at the same time may keep a few more.</returns>
    internal async Task<bool> TryAddAsync(BudgetStreamDeadLetter deadLetter, CancellationToken cancellationToken)
    {
        var partition = deadLetter.Partition;
        if (Volatile.Read(ref known[partition]) >= MaxKept)
            Volatile.Write(
                ref known[partition],
                (await store.Deliveries.ReadAsync(partition, List, null, MaxKept, cancellationToken)).Count
            );
        if (Volatile.Read(ref known[partition]) >= MaxKept)
            return false;
        var detail = JsonSerializer.Serialize(deadLetter, StreamForms.Default.BudgetStreamDeadLetter);
        await store.Deliveries.WriteAsync(partition, [new DeliveryRow(List, deadLetter.Row, detail)], [], cancellationToken);
        Interlocked.Increment(ref known[partition]);
        return true;
    }
}

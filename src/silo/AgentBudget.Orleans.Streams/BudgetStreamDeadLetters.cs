using System.Text.Json;
using AgentBudget.Orleans.Storage;

namespace AgentBudget;

/// <summary>
/// What consumers of the streams did not take in time, kept in the ledger's store until it is removed:
/// <c>services.GetRequiredService&lt;BudgetStreamDeadLetters&gt;()</c> on any silo with <c>AddAgentBudgetStreams</c>.
/// </summary>
public sealed class BudgetStreamDeadLetters
{
    /// <summary>How many are kept of a partition; the oldest go first, some time after there are more.</summary>
    public const int MaxKept = 1_000;

    private const string List = "streams/dead";

    // How many are added between two looks at how many there are.
    private const int LookEvery = 64;

    private readonly ILedgerStore store;
    private int added;

    internal BudgetStreamDeadLetters(ILedgerStore store) => this.store = store;

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
    internal async Task AddAsync(BudgetStreamDeadLetter deadLetter, CancellationToken cancellationToken)
    {
        var detail = JsonSerializer.Serialize(deadLetter, StreamForms.Default.BudgetStreamDeadLetter);
        var row = new DeliveryRow(List, deadLetter.Row, detail);
        await store.Deliveries.WriteAsync(deadLetter.Partition, [row], [], cancellationToken);
        if (Interlocked.Increment(ref added) % LookEvery == 1)
            await LetOldestGoAsync(deadLetter.Partition, cancellationToken);
    }

    private async Task LetOldestGoAsync(int partition, CancellationToken cancellationToken)
    {
        var rows = await store.Deliveries.ReadAsync(partition, List, null, 2 * MaxKept, cancellationToken);
        var oldest = rows.Take(rows.Count - MaxKept).Select(row => new DeliveryKey(List, row.Name)).ToArray();
        if (oldest.Length > 0)
            await store.Deliveries.WriteAsync(partition, [], oldest, cancellationToken);
    }
}

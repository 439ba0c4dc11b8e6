namespace AgentBudget;

/// <summary>
/// What a command needs that a session does not keep in memory: of the timeline, and of the prices. The caller reads it before the turn
/// and hands it in: the ledger itself reads nothing.
/// </summary>
public sealed record LookUps
{
    /// <summary>Nothing was looked up, for nothing had to be.</summary>
    public static readonly LookUps None = new();

    /// <summary>The entry that stands under the command's idempotency key.</summary>
    public Entry? Prior { get; init; }

    /// <summary>The entry that the command names: see <see cref="SessionLedger.EntryToLookUp"/>.</summary>
    public Entry? Target { get; init; }

    /// <summary>The entries that end, settle late or correct that entry: those with <see cref="Entry.IsRelatedLookup"/>.</summary>
    public IReadOnlyList<Entry> Related { get; init; } = [];

    /// <summary>What the tenant answered to a session that is to be opened: leave and its first money, or a refusal; null where there is no
    /// tenant.</summary>
    public LedgerMessage? Admission { get; init; }

    /// <summary>What a call without an amount costs, for a command that <see cref="SessionCommand.NeedsPrice"/>; null: nobody has a price
    /// for it.</summary>
    public PricedUsage? Price { get; init; }
}

/// <summary>What a usage costs.</summary>
/// <param name="Cost">The cost.</param>
/// <param name="Call">The call, with the row and the version of the prices that the cost comes from.</param>
public sealed record PricedUsage(Money Cost, Call Call);

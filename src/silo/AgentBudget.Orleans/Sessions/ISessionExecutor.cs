namespace AgentBudget.Orleans.Sessions;

/// <summary>What protocol and upkeep ask of the session that they are there for. It is the session itself, and no grain.</summary>
internal interface ISessionExecutor : ITimeline
{
    /// <summary>The session's id.</summary>
    string SessionId { get; }

    /// <summary>The ledger as decided, which may be ahead of what is durable.</summary>
    /// <exception cref="BudgetUnavailableException">The store cannot be read, or the activation is about to end.</exception>
    ValueTask<SessionLedger> LedgerAsync();

    /// <summary>Hears another ledger, and says what is to be said to that when it is durable; null for nothing.</summary>
    /// <exception cref="BudgetUnavailableException">Whether anything was recorded is unknown, or nothing was.</exception>
    Task<LedgerMessage?> ReceiveAsync(LedgerMessage message);

    /// <summary>What is to be said to the parent, with a report of these entries; given when all that it stands on is durable.</summary>
    Task<HolderWord> WordForParentAsync(IReadOnlyList<Entry> entries);

    /// <summary>What is to be said to a holder, which is to answer; given when all that it stands on is durable.</summary>
    /// <param name="row">The holder's row.</param>
    /// <param name="wantsProof">Whether it is to look at its store before.</param>
    Task<LedgerMessage?> WordForHolderAsync(HolderRow row, bool wantsProof);

    /// <summary>Ends when the parent has answered what it was asked for, or after a while.</summary>
    Task WhenParentAnsweredAsync(TimeSpan atMost);

    /// <summary>Makes sure that what is decided here is not behind the store.</summary>
    /// <exception cref="BudgetUnavailableException">It is; this activation ends.</exception>
    Task EnsureCurrentAsync();

    /// <summary>Ends when everything decided so far is durable.</summary>
    Task WhenDurableAsync();

    /// <summary>Expires what is due, and gives the session's time.</summary>
    Task<DateTimeOffset> ExpireDueAsync();

    /// <summary>Stores a new due time when nothing was written that carries one.</summary>
    Task RescheduleAsync(DateTimeOffset dueAt);

    /// <summary>Deletes the entries up to a sequence, and nothing else.</summary>
    Task TrimAsync(long throughSequence);

    /// <summary>Rows of holders that are closed, by number, behind one of them.</summary>
    Task<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(long afterNumber, int count);

    /// <summary>Deletes rows of holders that are closed and are no more: the store has no ledger of that id and life.</summary>
    Task DropHoldersAsync(IReadOnlyList<HolderRow> closed);

    /// <summary>Whether nobody waits for the session's events any more.</summary>
    ValueTask<bool> MayPurgeAsync(SessionHead head, DateTimeOffset now);

    /// <summary>Deletes the session whole if it still stands as it does in this head.</summary>
    Task PurgeAsync(SessionHead head);
}

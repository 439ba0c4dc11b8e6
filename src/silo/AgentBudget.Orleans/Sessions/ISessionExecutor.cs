namespace AgentBudget.Orleans.Sessions;

/// <summary>What protocol and upkeep ask of the session that they are there for. It is the session itself, and no grain.</summary>
internal interface ISessionExecutor
{
    /// <summary>The session's id.</summary>
    string SessionId { get; }

    /// <summary>The ledger as decided, which may be ahead of what is durable.</summary>
    /// <exception cref="BudgetUnavailableException">The store cannot be read, or the activation is about to end.</exception>
    ValueTask<SessionLedger> LedgerAsync();

    /// <summary>Decides a command, and answers when all that the answer stands on is durable.</summary>
    /// <exception cref="BudgetUnavailableException">Whether it was recorded is unknown, or it was not.</exception>
    ValueTask<SessionAnswer> ExecuteAsync(SessionCommand command);

    /// <summary>Ends when everything decided so far is durable.</summary>
    Task WhenDurableAsync();

    /// <summary>Durable entries from a sequence on.</summary>
    ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count);

    /// <summary>Durable entries that depend on another.</summary>
    ValueTask<IReadOnlyList<Entry>> FindRelatedAsync(long sequence);

    /// <summary>Expires what is due, and gives the session's time.</summary>
    Task<DateTimeOffset> ExpireDueAsync();

    /// <summary>Stores a new due time when nothing was written that carries one.</summary>
    Task RescheduleAsync(DateTimeOffset dueAt);

    /// <summary>Deletes the session whole if it is still at the sequence.</summary>
    Task PurgeAsync(long sequence);
}

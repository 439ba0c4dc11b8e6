namespace AgentBudget.Orleans.Sessions;

/// <summary>What is stored of one ledger's timeline.</summary>
internal interface ITimeline
{
    /// <summary>Durable entries from a sequence on, oldest first.</summary>
    ValueTask<IReadOnlyList<Entry>> ReadAsync(long fromSequence, int count);
}

namespace AgentBudget.Orleans.Sessions;

/// <summary>An answer, and the task that ends when it may be given.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Durable">Ends when all that the answer stands on is durable; fails when that is unknown.</param>
/// <param name="Ended">The answer once other ledgers have done their part; null when none has a part in it.</param>
/// <param name="LacksParentsMoney">Whether it was refused for lack of the parent's money alone.</param>
internal readonly record struct Decided(SessionAnswer Answer, Task Durable, Task<SessionAnswer>? Ended, bool LacksParentsMoney)
{
    /// <summary>A refusal that writes nothing.</summary>
    public static Decided Refused(SessionAnswer answer, Task durable) => new(answer, durable, Ended: null, LacksParentsMoney: false);
}

/// <summary>What is said to a message, and the task that ends when it may be said.</summary>
/// <param name="Reply">What is said; null for nothing.</param>
/// <param name="Durable">Ends when all that it stands on is durable; fails when that is unknown.</param>
internal readonly record struct Heard(LedgerMessage? Reply, Task Durable);

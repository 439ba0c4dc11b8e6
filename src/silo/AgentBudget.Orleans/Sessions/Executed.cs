namespace AgentBudget.Orleans.Sessions;

/// <summary>What came of a command on its own ledger, durable.</summary>
/// <param name="Answer">The answer; of no account while an end is awaited.</param>
/// <param name="Ended">The answer once other ledgers have done their part; null when none has a part in it.</param>
/// <param name="LacksParentsMoney">Whether it was refused for lack of the parent's money alone: to be decided again when the parent has
/// answered.</param>
internal readonly record struct Executed(SessionAnswer Answer, Task<SessionAnswer>? Ended, bool LacksParentsMoney = false);

namespace AgentBudget;

/// <summary>Why a session has ended.</summary>
public enum EndReason : byte
{
    /// <summary>It has not.</summary>
    None = 0,

    /// <summary>Its owner closed it.</summary>
    Closed = 1,

    /// <summary>An operator, or the end of the parent session, stopped it.</summary>
    Stopped = 2,

    /// <summary>Its time to live or idle time-out passed.</summary>
    Expired = 3,
}

/// <summary>
/// The money and state of a session at one sequence. Three amounts are stored, three are derived:
/// settled = min(spent, budget - reserved), overage = spent - settled, available = budget - reserved - settled.
/// </summary>
/// <param name="Sequence">The number of the last entry, 0 before the first.</param>
/// <param name="Budget">Dollars that the session may authorise, top-ups included.</param>
/// <param name="Spent">All real cost recorded.</param>
/// <param name="Reserved">Money set aside for reservations and carved children.</param>
/// <param name="Breaker">Breaker and pause.</param>
/// <param name="End">Why the session ended, or none.</param>
[GenerateSerializer, Alias("agentbudget.standing")]
public readonly record struct Standing(long Sequence, Money Budget, Money Spent, Money Reserved, BreakerStatus Breaker, EndReason End)
{
    /// <summary>The part of what was spent that the budget covers.</summary>
    public Money Settled => Money.Min(Spent, Budget - Reserved);

    /// <summary>The part of what was spent that it does not.</summary>
    public Money Overage => Spent - Settled;

    /// <summary>Money that can still be authorised, limits aside.</summary>
    public Money Available => Budget - Reserved - Settled;

    /// <summary>Whether the session takes no new money any more.</summary>
    public bool IsEnded => End != EndReason.None;

    /// <summary>What the session is to those who look for it in a list.</summary>
    public SessionStatus Status => StatusOf(End, Breaker);

    internal static SessionStatus StatusOf(EndReason end, BreakerStatus breaker) =>
        end != EndReason.None ? SessionStatus.Closed
        : breaker.PausedBy != PauseSources.None ? SessionStatus.Paused
        : breaker.OpenReason != OpenReason.None ? SessionStatus.Exhausted
        : SessionStatus.Open;
}

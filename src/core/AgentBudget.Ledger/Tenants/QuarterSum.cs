using AgentBudget.Ledger.Tenants;

namespace AgentBudget;

/// <summary>What was spent in a quarter hour, corrections included: sums by quarter hours serve the days of every time zone.</summary>
/// <param name="Quarter">Which: quarter hours since the beginning of year 1, UTC.</param>
/// <param name="Amount">Dollars; below zero when more was taken back than spent.</param>
[GenerateSerializer, Alias("agentbudget.quarter-sum")]
public readonly record struct QuarterSum(long Quarter, Money Amount)
{
    /// <summary>When the quarter hour begins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none that there will ever be.</exception>
    public DateTimeOffset FindStart() => new(checked(Quarter * CalendarWindows.Quarter.Ticks), TimeSpan.Zero);

    /// <summary>The quarter hour of an instant.</summary>
    internal static long Of(DateTimeOffset instant) => instant.UtcTicks / CalendarWindows.Quarter.Ticks;
}

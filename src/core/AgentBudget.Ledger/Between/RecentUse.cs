namespace AgentBudget.Ledger.Between;

/// <summary>How much a ledger used in this minute and the one before, and how large its calls are.</summary>
internal readonly record struct RecentUse(long Minute, Money InIt, Money Before, int Calls, Money Last)
{
    public RecentUse With(Money amount, DateTimeOffset now)
    {
        var minute = MinuteOf(now);
        return minute == Minute ? new(minute, InIt + amount, Before, Calls + 1, amount)
            : minute == Minute + 1 ? new(minute, amount, InIt, 1, amount)
            : new(minute, amount, Money.Zero, 1, amount);
    }

    public Money Average => Calls == 0 ? Money.Zero : Money.FromNanoDollars(InIt.NanoDollars / Calls);

    public Money Slice(int calls, DateTimeOffset now)
    {
        var used = MinuteOf(now) <= Minute + 1 ? Money.Max(InIt, Before) : Money.Zero;
        var few = Int128.Min((Int128)Average.NanoDollars * calls, Money.MaxAmount.NanoDollars);
        return Money.Max(used, Money.FromNanoDollars((long)few));
    }

    private static long MinuteOf(DateTimeOffset now) => now.UtcTicks / TimeSpan.TicksPerMinute;
}

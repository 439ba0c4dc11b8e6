namespace AgentBudget.Ledger;

/// <summary>Points in time as UTC ticks, for what is copied or kept by the million. Zero stands for none.</summary>
internal static class UtcTicks
{
    public static DateTimeOffset ToTime(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? ToOptionalTime(long ticks) => ticks == 0 ? null : ToTime(ticks);

    public static long Of(DateTimeOffset? time) => time?.UtcTicks ?? 0;
}

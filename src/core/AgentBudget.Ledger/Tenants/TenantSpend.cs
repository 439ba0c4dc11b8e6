namespace AgentBudget;

/// <summary>
/// What a tenant spent in a day of its calendar, by names, as far as its sessions have reported. Money is exact; percentiles are within
/// 1 %.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.tenant-spend")]
public sealed record TenantSpend
{
    /// <summary>The name under which that is summed which has none: calls without an agent, sessions without the tag.</summary>
    public const string NoName = "(none)";

    /// <summary>The tenant.</summary>
    [Id(0)]
    public required TenantPath Path { get; init; }

    /// <summary>The entry of its ledger that this is as of.</summary>
    [Id(1)]
    public required long Sequence { get; init; }

    /// <summary>When the day began.</summary>
    [Id(2)]
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ends.</summary>
    [Id(3)]
    public required DateTimeOffset End { get; init; }

    /// <summary>Dollars spent in it, corrections included.</summary>
    [Id(4)]
    public required Money Spent { get; init; }

    /// <summary>By model, tool, agent and each tag that the settings list. The sums of models and tools together are what was spent, and so
    /// are those of each other list.</summary>
    [Id(5)]
    public required IReadOnlyList<SpendList> Lists { get; init; }

    /// <summary>Sessions that ended in the day, of all agents.</summary>
    [Id(6)]
    public required RunCosts Runs { get; init; }

    /// <summary>The same by the agent or workflow that they were opened for, the dearest first: up to 1,000, the rest as one.</summary>
    [Id(7)]
    public required IReadOnlyList<RunCosts> RunsByAgent { get; init; }

    /// <summary>How fast money goes, by the last hour.</summary>
    [Id(8)]
    public required BurnRate LastHour { get; init; }

    /// <summary>How fast money goes, by the last 24 hours.</summary>
    [Id(9)]
    public required BurnRate LastDay { get; init; }

    /// <summary>The list of one kind of names.</summary>
    /// <param name="by">Which.</param>
    /// <param name="tag">The tag's name, for tags.</param>
    public SpendList? Find(SpendBy by, string? tag = null) => Lists.FirstOrDefault(list => list.By == by && list.Tag == tag);
}

/// <summary>What was spent under the names of one kind, the dearest first.</summary>
/// <param name="By">Models, tools, agents or values of a tag.</param>
/// <param name="Tag">The tag's name; null for other kinds.</param>
/// <param name="Names">Up to 1,000 names; after them <see cref="Breakdown.OtherName"/> and <see cref="TenantSpend.NoName"/>, where there
/// is something under them.</param>
[GenerateSerializer, Immutable, Alias("agentbudget.spend-list")]
public sealed record SpendList(SpendBy By, string? Tag, IReadOnlyList<SpendLine> Names);

/// <summary>What was spent under one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Spent">Dollars, corrections included.</param>
/// <param name="Calls">How many calls were paid for.</param>
[GenerateSerializer, Immutable, Alias("agentbudget.spend-line")]
public sealed record SpendLine(string Name, Money Spent, long Calls);

/// <summary>What sessions cost that have ended, by the time that they did: what comes later is spend, and no part of the run.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.run-costs")]
public sealed record RunCosts
{
    /// <summary>The agent or workflow; null for those of all.</summary>
    [Id(0)]
    public string? Agent { get; init; }

    /// <summary>How many ended.</summary>
    [Id(1)]
    public long Runs { get; init; }

    /// <summary>What they cost together.</summary>
    [Id(2)]
    public Money Cost { get; init; }

    /// <summary>What half of them cost at most, within 1 %; zero when there was none.</summary>
    [Id(3)]
    public Money Median { get; init; }

    /// <summary>What nine in ten of them cost at most, within 1 %.</summary>
    [Id(4)]
    public Money Percentile90 { get; init; }

    /// <summary>What 99 in 100 of them cost at most, within 1 %.</summary>
    [Id(5)]
    public Money Percentile99 { get; init; }

    /// <summary>How many were stopped: by a budget, a loop, their tenant or an operator.</summary>
    [Id(6)]
    public long Stopped { get; init; }

    /// <summary>What one cost on average, rounded down to a nano-dollar.</summary>
    public Money Average => Runs == 0 ? Money.Zero : Money.FromNanoDollars(Cost.NanoDollars / Runs);

    /// <summary>The share that was stopped, from 0 to 1.</summary>
    public decimal StoppedShare => Runs == 0 ? 0 : (decimal)Stopped / Runs;
}

/// <summary>How fast money goes: what was spent in a stretch of time, divided by it.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.burn-rate")]
public sealed record BurnRate
{
    /// <summary>When the stretch began: at a quarter hour, so long before now.</summary>
    [Id(0)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long it is.</summary>
    [Id(1)]
    public required TimeSpan Over { get; init; }

    /// <summary>Dollars spent in it, corrections included.</summary>
    [Id(2)]
    public required Money Spent { get; init; }

    /// <summary>
    /// How long each limit lasts at this rate: what is available of it, divided by the rate. Null where there is no such limit, or nothing
    /// goes. In the order total, day, week, month; a window can end before.
    /// </summary>
    [Id(3)]
    public required IReadOnlyList<TimeSpan?> TimeLeft { get; init; }

    /// <summary>Dollars an hour, rounded down to a nano-dollar.</summary>
    public Money PerHour =>
        Over <= TimeSpan.Zero ? Money.Zero : Money.FromNanoDollars((long)((Int128)Spent.NanoDollars * TimeSpan.TicksPerHour / Over.Ticks));
}

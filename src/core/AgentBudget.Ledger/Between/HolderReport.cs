namespace AgentBudget;

/// <summary>What a holder did in a range of its own entries.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.holder-report")]
public sealed record HolderReport
{
    /// <summary>The entry before the first that is reported.</summary>
    [Id(0)]
    public required long From { get; init; }

    /// <summary>The last that is.</summary>
    [Id(1)]
    public required long To { get; init; }

    /// <summary>The holder's epoch.</summary>
    [Id(2)]
    public required int Epoch { get; init; }

    /// <summary>Whether these are totals since the beginning: the holder was restored to an earlier moment.</summary>
    [Id(3)]
    public bool IsRestart { get; init; }

    /// <summary>All that was given back until the last entry; null when nothing was in the range.</summary>
    [Id(4)]
    public Money? GivenBack { get; init; }

    /// <summary>What was spent in the range, corrections included, where that is more than nothing.</summary>
    [Id(5)]
    public Money SpentUp { get; init; }

    /// <summary>What corrections took back in the range beyond what was spent in it.</summary>
    [Id(6)]
    public Money CorrectedDown { get; init; }

    /// <summary>All that the holder has spent after the last entry: what is booked has to lead there.</summary>
    [Id(7)]
    public required Money SpentAfter { get; init; }

    /// <summary>The difference of the two, by model and tool.</summary>
    [Id(8)]
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;

    /// <summary>Whether the holder had ended by the last entry: it has given back all that is left.</summary>
    [Id(9)]
    public bool IsSealed { get; init; }

    /// <summary>The difference of the two by the quarter hours in which it was recorded; empty in a report of totals.</summary>
    [Id(10)]
    public IReadOnlyList<QuarterSum> ByQuarter { get; init; } = [];

    /// <summary>The same by model, tool, agent and tag, for a tenant; empty in a report of totals.</summary>
    [Id(11)]
    public IReadOnlyList<NamedSum> ByName { get; init; } = [];

    /// <summary>The sessions that ended in the range, for a tenant.</summary>
    [Id(12)]
    public IReadOnlyList<RunSum> Runs { get; init; } = [];
}

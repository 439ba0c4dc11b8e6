namespace AgentBudget;

/// <summary>What a report is asked for.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.report-query")]
public sealed record ReportQuery
{
    /// <summary>The shared child to report on; null for the whole session.</summary>
    [Id(0)]
    public string? Child { get; init; }

    /// <summary>The first entry of the page of events. Default: the first.</summary>
    [Id(1)]
    public long FromSequence { get; init; } = 1;

    /// <summary>
    /// The first child of the page of children, as the number of the entry that opened it. Default: the first. A report lists at most
    /// <see cref="SessionReport.MaxChildren"/>; the next page begins behind the last of them.
    /// </summary>
    [Id(3)]
    public long FromChild { get; init; } = 1;

    /// <summary>How many events. Default 0; up to <see cref="SessionReport.MaxEvents"/>.</summary>
    [Id(2)]
    public int Events { get; init; }
}

/// <summary>One page of a timeline.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.timeline-page")]
public sealed record TimelinePage
{
    /// <summary>The entries, oldest first.</summary>
    [Id(0)]
    public required Entry[] Entries { get; init; }

    /// <summary>How many entries the timeline has.</summary>
    [Id(1)]
    public long Total { get; init; }
}

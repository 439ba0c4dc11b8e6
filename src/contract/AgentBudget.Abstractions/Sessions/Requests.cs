namespace AgentBudget;

/// <summary>Asks for a carved child.</summary>
[GenerateSerializer, Alias("agentbudget.open-child")]
public sealed record OpenCarvedChildRequest
{
    /// <summary>The child's session id.</summary>
    [Id(0)]
    public required string Child { get; init; }

    /// <summary>The child's options; its budget is what is carved from the parent.</summary>
    [Id(1)]
    public required BudgetSessionOptions Options { get; init; }

    /// <summary>The idempotency key of the carve.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>Whether the key was made just now and never sent before.</summary>
    [Id(3)]
    public bool IsKeyFresh { get; init; }
}

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

/// <summary>What a child answers its parent that asked it to seal.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.seal-answer")]
public sealed record SealAnswer
{
    /// <summary>Whether the child authorises nothing more. False: it is open and goes on.</summary>
    [Id(0)]
    public bool IsSealed { get; init; }

    /// <summary>What it had spent when it was sealed.</summary>
    [Id(1)]
    public Money Spent { get; init; }

    /// <summary>The same, by model and tool.</summary>
    [Id(2)]
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;
}

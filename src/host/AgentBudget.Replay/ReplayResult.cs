namespace AgentBudget;

/// <summary>What a budget would have done to a recorded run.</summary>
public sealed record ReplayResult
{
    /// <summary>The file, as it was named.</summary>
    public required string File { get; init; }

    /// <summary>The session that the run was replayed in.</summary>
    public required string SessionId { get; init; }

    /// <summary>How calls met the budget.</summary>
    public required ReplayMode Mode { get; init; }

    /// <summary>The budget.</summary>
    public required Money Budget { get; init; }

    /// <summary>What the run spent before it ended or was stopped, overage included.</summary>
    public required Money TotalSpent { get; init; }

    /// <summary>The part of it beyond the budget.</summary>
    public required Money Overage { get; init; }

    /// <summary>What all priced events of the file cost: the run without a budget.</summary>
    public required Money FullCost { get; init; }

    /// <summary>What the budget saved.</summary>
    public Money Saved => FullCost - TotalSpent;

    /// <summary>Calls of the whole file that have no price. They are in none of the sums, and the session never saw them.</summary>
    public required int UnpricedCalls { get; init; }

    /// <summary>The models of those calls, each once, as <c>provider/model</c>; at most 16.</summary>
    public required IReadOnlyList<string> UnpricedModels { get; init; }

    /// <summary>
    /// What terminated the session, as its report says it. Null when the run came to its end, and when a refusal stopped it that leaves the
    /// session going: a call larger than the whole budget (<c>too_large</c>), or one that waits for other reservations
    /// (<c>insufficient_now</c>).
    /// </summary>
    public required string? TerminatedBy { get; init; }

    /// <summary>In mode reserve: why the call that stopped the run was refused; none when none was.</summary>
    public RefusalReason Refusal { get; init; }

    /// <summary>Why the run was stopped, in one word: what terminated the session, or else the refusal. Null when the run came to its
    /// end.</summary>
    public string? StoppedBy => TerminatedBy ?? (Refusal == RefusalReason.None ? null : Words.Of(Refusal));

    /// <summary>
    /// The event at which the run was stopped, from 1, the header not counted. In mode reserve it was refused; in mode charge it is the
    /// last one charged. Null when the run came to its end.
    /// </summary>
    public required int? StoppedAtEvent { get; init; }

    /// <summary>The recorded time of that event.</summary>
    public required DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The event at which the first soft limit was crossed; null when none was.</summary>
    public required int? SoftLimitAtEvent { get; init; }

    /// <summary>The event that looked like the beginning of a loop first; null when none did.</summary>
    public int? LoopWarningAtEvent { get; init; }

    /// <summary>How many events the file has.</summary>
    public required int EventsTotal { get; init; }

    /// <summary>The session's final report, with the first page of its timeline.</summary>
    public required SessionReport Report { get; init; }
}

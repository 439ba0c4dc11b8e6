namespace AgentBudget;

/// <summary>One session in a list: where it stands and what it was opened with, without what it spent on which model.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.session-summary")]
public sealed record SessionSummary
{
    /// <summary>The session's id.</summary>
    [Id(0)]
    public required string SessionId { get; init; }

    /// <summary>Money and state, as of its last durable entry.</summary>
    [Id(1)]
    public required Standing Standing { get; init; }

    /// <summary>What it was opened with, tenant, agent and tags among it.</summary>
    [Id(2)]
    public required BudgetSessionOptions Options { get; init; }

    /// <summary>When it was opened.</summary>
    [Id(3)]
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>The time of its last entry.</summary>
    [Id(4)]
    public DateTimeOffset LastEntryAt { get; init; }

    /// <summary>When it ended; null while it is open.</summary>
    [Id(5)]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it was stopped, as <see cref="SessionReport.TerminatedBy"/> says it.</summary>
    [Id(6)]
    public string? TerminatedBy { get; init; }

    /// <summary>Children ever opened.</summary>
    [Id(7)]
    public long ChildrenTotal { get; init; }

    /// <summary>How many reservations are open; null in a list, which does not look.</summary>
    [Id(8)]
    public int? OpenReservations { get; init; }

    /// <summary>What it is to those who look for it in a list.</summary>
    public SessionStatus Status => Standing.Status;

    /// <summary>The summary of a session that was opened.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="openReservations">How many reservations are open; null when nobody has looked.</param>
    /// <exception cref="ArgumentException">It was never opened.</exception>
    public static SessionSummary Of(SessionHead head, int? openReservations = null)
    {
        ArgumentNullException.ThrowIfNull(head);
        return new SessionSummary
        {
            SessionId = head.SessionId,
            Standing = head.Standing,
            Options = head.Options ?? throw new ArgumentException("The session was never opened; there is nothing to say of it."),
            OpenedAt = head.OpenedAt,
            LastEntryAt = head.LastEntryAt,
            EndedAt = head.EndedAt,
            TerminatedBy = SessionReport.TerminatedByOf(head),
            ChildrenTotal = head.ChildrenTotal,
            OpenReservations = openReservations,
        };
    }
}

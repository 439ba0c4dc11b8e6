namespace AgentBudget;

/// <summary>A recorded run, read and checked as a whole.</summary>
public sealed record Trace
{
    /// <summary>The format that this version reads.</summary>
    public const int Format = 1;

    /// <summary>The most events that a run may have.</summary>
    public const int MaxEvents = 100_000;

    /// <summary>The most bytes that a line may have: 1 MiB.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>The longest run: ten years.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(3650);

    /// <summary>When a run without a recorded start counts as started: 2025-01-01T00:00:00Z. Prices are those of the time of the
    /// call.</summary>
    public static readonly DateTimeOffset DefaultStart = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The file, as it was named.</summary>
    public required string File { get; init; }

    /// <summary>The agent that ran, for reports across sessions; null when the header does not say.</summary>
    public string? Agent { get; init; }

    /// <summary>When the run started, UTC: the header's, or <see cref="DefaultStart"/>.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The events in time order.</summary>
    public required IReadOnlyList<TraceEvent> Events { get; init; }
}

using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Exporting;

/// <summary>Where costs go. One of them is asked for one batch at a time.</summary>
internal interface IBillingSink : IAsyncDisposable
{
    /// <summary>What it can take.</summary>
    SinkLimits Limits { get; }

    /// <summary>Sends a batch, and says what came of it; throws only when it is given up from outside.</summary>
    /// <param name="costs">At most <see cref="SinkLimits.BatchSize"/>, each with its customer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken);
}

/// <summary>What a billing system can take.</summary>
internal sealed record SinkLimits
{
    /// <summary>What it is called in a sentence.</summary>
    public required string Name { get; init; }

    /// <summary>The most costs of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>How long ago a cost may be; null for as long as it likes.</summary>
    public TimeSpan? Oldest { get; init; }

    /// <summary>How far ahead of our clock; null for as far as it likes.</summary>
    public TimeSpan? Newest { get; init; }

    /// <summary>For how long it knows the ids that it has had; null for good.</summary>
    public TimeSpan? RemembersFor { get; init; }

    /// <summary>Whether it hears of costs of $0.</summary>
    public bool TakesZero { get; init; }
}

namespace AgentBudget;

/// <summary>The budget that a recorded run is measured against.</summary>
public sealed record ReplaySettings
{
    /// <summary>Dollars that the run may spend: above $0.00, at most one billion.</summary>
    public required Money Budget { get; init; }

    /// <summary>How calls meet the budget. Default: <see cref="ReplayMode.Reserve"/>.</summary>
    public ReplayMode Mode { get; init; }

    /// <summary>Fractions of the budget at which a soft-limit event fires. Default 0.9; up to 16, each in (0, 1].</summary>
    public IReadOnlyList<decimal> SoftLimits { get; init; } = [0.9m];

    /// <summary>When repeated calls are a loop. Default: <see cref="LoopPolicy.Default"/>.</summary>
    public LoopPolicy Loops { get; init; } = LoopPolicy.Default;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Mode))
            throw new ArgumentException($"The mode {Mode} is unknown.");
        ToOptions(agent: null).Validate();
    }

    // A run that rested for days is still the run that the budget is for: the longest idle time-out there is.
    internal BudgetSessionOptions ToOptions(string? agent) =>
        new()
        {
            Budget = Budget,
            SoftLimits = SoftLimits,
            Loops = Loops,
            Agent = agent,
            IdleTimeout = Bounds.IdleTimeout.Most,
        };
}

using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>How much may happen in a time window, whatever it is. A ceiling is no sense of loops; it is off unless it is set.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.rate-ceiling")]
public sealed record RateCeiling
{
    /// <summary>No ceiling.</summary>
    public static readonly RateCeiling Off = new();

    /// <summary>Calls within the window, models and tools of all agents. Default 0: no ceiling; up to 255.</summary>
    [Id(0)]
    public int Calls { get; init; }

    /// <summary>
    /// Dollars spent, and asked for by this call, within the window. Counted from the first call that began in it; at most the last 255
    /// calls are known, so more of them can only make the sum too small. A call with none before it in the window is always let through.
    /// Default $0.00: no ceiling.
    /// </summary>
    [Id(1)]
    public Money Spend { get; init; }

    /// <summary>The window. Default 60 seconds; 1 second to 24 hours.</summary>
    [Id(2)]
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What happens to a call above the ceiling. Default: it has to wait.</summary>
    [Id(3)]
    public LoopAction Action { get; init; } = LoopAction.Throttle;

    /// <summary>Whether there is a ceiling.</summary>
    public bool Enabled => Calls > 0 || Spend > Money.Zero;

    internal void Validate()
    {
        if (Calls is < 0 or > Bounds.LoopMemory)
            throw new ArgumentException($"The rate ceiling is {Calls} calls; it must be from 1 to {Bounds.LoopMemory}, or 0 for none.");
        Checks.Cost(Spend, "The rate ceiling");
        Checks.Range(Window, Bounds.LoopWindow, "The rate ceiling: the window");
        Checks.Defined(Action, "The rate ceiling's action");
    }

    internal void AddTo(ref BodyHash hash)
    {
        hash.Add(Calls);
        hash.Add(Spend);
        hash.Add(Window);
        hash.Add((long)Action);
    }
}

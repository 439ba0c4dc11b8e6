namespace AgentBudget.Simulation.Worlds;

/// <summary>What callers do in a world.</summary>
internal interface IPlan
{
    /// <summary>Has callers act while everything fails.</summary>
    void Schedule(TimeSpan faulty, int operations);

    /// <summary>Has callers ask, at rest, for what they must be given within the longest wait, and for what they cannot have.</summary>
    Probes Probe() => new([], []);

    /// <summary>Closes what nothing above closes.</summary>
    void CloseAll();
}

/// <summary>Who asks at rest.</summary>
/// <param name="MustBeGranted">For what the path can pay.</param>
/// <param name="CanNeverBePaid">For more than that, whatever came back.</param>
internal sealed record Probes(IReadOnlyList<Caller> MustBeGranted, IReadOnlyList<Caller> CanNeverBePaid);

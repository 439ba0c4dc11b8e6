namespace AgentBudget.Simulation.Worlds;

/// <summary>What callers do in a world.</summary>
internal interface IPlan
{
    /// <summary>Has callers act while everything fails.</summary>
    void Schedule(TimeSpan faulty, int operations);

    /// <summary>Has callers ask, at rest, for what they must be given; what has to be granted within the longest wait.</summary>
    IReadOnlyList<Caller> Probe() => [];

    /// <summary>Closes what nothing above closes.</summary>
    void CloseAll();
}

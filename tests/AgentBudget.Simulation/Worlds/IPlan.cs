namespace AgentBudget.Simulation.Worlds;

/// <summary>What callers do in a world.</summary>
internal interface IPlan
{
    /// <summary>Has callers act while everything fails.</summary>
    void Schedule(TimeSpan faulty, int operations);

    /// <summary>Closes what nothing above closes.</summary>
    void CloseAll();
}

namespace AgentBudget;

/// <summary>How far a replay has come.</summary>
/// <param name="File">The file.</param>
/// <param name="Event">The event just replayed, from 1.</param>
/// <param name="EventsTotal">How many events the run has.</param>
/// <param name="Spent">What the session has spent.</param>
public readonly record struct ReplayProgress(string File, int Event, int EventsTotal, Money Spent);

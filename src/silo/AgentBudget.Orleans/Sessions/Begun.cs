namespace AgentBudget.Orleans.Sessions;

/// <summary>A command that was decided, and is on its way to the store.</summary>
/// <param name="Session">The session that decided it.</param>
/// <param name="Decided">What it decided.</param>
internal readonly record struct Begun(ActiveSession Session, Decided Decided)
{
    /// <summary>Ends when all that the answer stands on is durable; fails when that is unknown.</summary>
    public Task Durable => Decided.Durable;
}

namespace AgentBudget.Simulation.Worlds;

/// <summary>
/// The time of one activation: its silo's clock, but never behind the last entry that it was loaded with; from there it goes on at the
/// pace of the world, as a session's time does in a silo.
/// </summary>
internal sealed class ActivationClock(World world, TimeSpan skew, DateTimeOffset lastEntryAt)
{
    private static readonly TimeSpan LeastAhead = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset loadedAt = world.Now;
    private readonly DateTimeOffset began = Later(world.Now + skew, lastEntryAt);

    /// <summary>The ledger's time.</summary>
    public DateTimeOffset Now => Later(OfSilo, began + (world.Now - loadedAt));

    /// <summary>The silo's clock.</summary>
    public DateTimeOffset OfSilo => world.Now + skew;

    /// <summary>When the silo's clock will show a time of the ledger.</summary>
    public DateTimeOffset OnSilosClock(DateTimeOffset at) =>
        at == DateTimeOffset.MaxValue || Now - OfSilo < LeastAhead ? at : at - (Now - OfSilo);

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}

namespace AgentBudget.Simulation.Worlds;

/// <summary>When an activation has its ledger tended: by the rule of the product, unless a fault is planted in it.</summary>
internal sealed class ActivationDue(World world, SessionLedger ledger, ActivationClock clock, DateTimeOffset stored)
{
    private DateTimeOffset tendedAt = DateTimeOffset.MinValue;

    /// <summary>The due time that is stored, or on its way to the store.</summary>
    public DateTimeOffset Stored { get; private set; } = stored;

    /// <summary>Whether there is business with others that a crash may have left undone.</summary>
    public bool IsUnfinished => DueRules.IsUnfinished(Seen);

    /// <summary>Sets it for entries that were decided.</summary>
    public void Decided() =>
        Stored = DueRules.ToStore(Stored, clock.OnSilosClock(Next()), clock.OnSilosClock(clock.Now), IsUnfinished && Stored > tendedAt);

    /// <summary>The ledger was tended: what was due by now is due no more.</summary>
    public void Tended() => tendedAt = clock.OnSilosClock(clock.Now);

    /// <summary>Sets it when the ledger was tended, and nothing waits to be written.</summary>
    public void Reschedule()
    {
        var now = clock.Now;
        var next = DueRules.AfterTending(Next(), ledger.NextDue, world.Spans, now);
        Stored = world.Plants.HasFlag(Plants.DueOnlyOnce) ? DateTimeOffset.MaxValue : clock.OnSilosClock(next);
    }

    private SessionHead Seen => PlantedDriver.SeenByTheRule(world.Plants, ledger.Head);

    private DateTimeOffset Next() => DueRules.Next(Seen, ledger.NextDue, ledger.HasHoldersToTell, world.Spans);
}

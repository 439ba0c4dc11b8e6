namespace AgentBudget.Robustness.Faults;

/// <summary>What is done to the cluster.</summary>
public enum FaultKind
{
    /// <summary>One silo is killed, and started again a little later.</summary>
    Kill,

    /// <summary>All silos are killed, and started again at once.</summary>
    KillAll,

    /// <summary>One silo stands still for 20 seconds and goes on.</summary>
    Stop,

    /// <summary>The PostgreSQL with the membership is stopped at once, as if it had crashed, and started again.</summary>
    Database,

    /// <summary>One partition of the ledger, without the membership, is away for 20 seconds: parents or children of many
    /// families.</summary>
    Partition,

    /// <summary>The silos are ended in good order and started again, one after the other.</summary>
    Rolling,

    /// <summary>A tenant is paused, and one silo is killed while its sessions are told.</summary>
    Pause,

    /// <summary>The grains of a tenant, and of those below it, answer nobody for 20 seconds.</summary>
    Tenant,
}

/// <summary>A fault that happened.</summary>
/// <param name="Kind">Which.</param>
/// <param name="At">When it was done.</param>
/// <param name="HealedAt">When nothing stood in the way any more. A cluster that lost one silo of several is healed from the start.</param>
/// <param name="Recovery">How long after that every session had answered.</param>
public sealed record Fault(FaultKind Kind, DateTimeOffset At, DateTimeOffset HealedAt, TimeSpan Recovery);

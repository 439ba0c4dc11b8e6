namespace AgentBudget;

/// <summary>How a silo keeps its ledger. Bound to the configuration section <c>AgentBudget</c> and checked at start.</summary>
public sealed class AgentBudgetOptions
{
    /// <summary>How long ended sessions are kept before they are purged whole. Default 90 days; 1 hour to 10 years.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long events are kept for whoever reads them later. Default 30 days, or <see cref="Retention"/> where that is less;
    /// 1 hour to 10 years, and no more than <see cref="Retention"/>, for events are read off sessions.</summary>
    public TimeSpan? EventRetention { get; set; }

    /// <summary>
    /// How long events are kept at most for registered consumers that have not taken them; a session waits as long to be purged. Default 60
    /// days, or the event retention where that is more; no less than it, up to 10 years.
    /// </summary>
    public TimeSpan? EventRetentionCap { get; set; }

    /// <summary>The event retention in force.</summary>
    internal TimeSpan EventsKeptFor => EventRetention ?? (Retention < TimeSpan.FromDays(30) ? Retention : TimeSpan.FromDays(30));

    /// <summary>The cap in force.</summary>
    internal TimeSpan EventsKeptAtMost =>
        EventRetentionCap ?? (EventsKeptFor > TimeSpan.FromDays(60) ? EventsKeptFor : TimeSpan.FromDays(60));

    /// <summary>How long tenants' timelines are kept.</summary>
    internal TimeSpan TenantTimelinesKeptFor =>
        Tenants.TimelineRetention ?? (EventsKeptAtMost > TimeSpan.FromDays(400) ? EventsKeptAtMost : TimeSpan.FromDays(400));

    /// <summary>How often the sweep looks for sessions that are due. Default 30 seconds; 1 second to 1 hour.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the silo sweeps. Default: yes. Without it, time still passes for every session that is called; a backtest with a clock
    /// of its own wants it so.
    /// </summary>
    public bool SweepEnabled { get; set; } = true;

    /// <summary>Sessions that may wait for the writer at once; beyond, callers are told to try again. Default 65,536; 1 to
    /// 1,048,576.</summary>
    public int WriterQueueSessions { get; set; } = 65_536;

    /// <summary>Entries of one session that may wait for the writer at once. Default 4,096; 1 to 65,536.</summary>
    public int WriterQueueEntriesPerSession { get; set; } = 4_096;

    /// <summary>Entries that one batch of the writer takes at most. Default 4,096; 1 to 65,536.</summary>
    public int WriterBatchEntries { get; set; } = 4_096;

    /// <summary>Idempotency keys that an active session remembers without asking the store. Default 16; 1 to 4,096.</summary>
    public int RecentKeys { get; set; } = 16;

    /// <summary>
    /// Sessions whose silo a silo remembers, for Orleans' <c>GrainDirectoryOptions.CacheSize</c>, unless that is set to another number than
    /// its own default. Each takes about 300 bytes, ids that no session has among them. A call of a session that is not remembered asks the
    /// directory first, as a rule another silo. Default 25,000; 1,000 to 10,000,000.
    /// </summary>
    public int RememberedAddresses { get; set; } = 25_000;

    /// <summary>
    /// The prices at which the silo prices what comes without an amount: the user's over the embedded table. Default: the embedded table
    /// alone. Files that are not valid keep a start from succeeding, and are told in the log and left alone later.
    /// </summary>
    public LivePricesOptions Prices { get; set; } = new();

    /// <summary>What the policies for unknown models work with, where the silo prices; the policy itself is the session's. Default: nothing
    /// is free.</summary>
    public UnknownModelRules UnknownModels { get; set; } = new();

    /// <summary>What holds for all tenants. Default: a tenant that was never set counts and reports, and has no limit.</summary>
    public TenantsOptions Tenants { get; set; } = new();

    /// <summary>Checks every value, and reads the price files.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3650))
            throw new ArgumentException("AgentBudget:Retention must be from 1 hour to 3,650 days.");
        if (EventsKeptFor < TimeSpan.FromHours(1) || EventsKeptFor > Retention)
            throw new ArgumentException("AgentBudget:EventRetention must be from 1 hour to AgentBudget:Retention.");
        if (EventsKeptAtMost < EventsKeptFor || EventsKeptAtMost > TimeSpan.FromDays(3650))
            throw new ArgumentException("AgentBudget:EventRetentionCap must be from AgentBudget:EventRetention to 3,650 days.");
        if (SweepInterval < TimeSpan.FromSeconds(1) || SweepInterval > TimeSpan.FromHours(1))
            throw new ArgumentException("AgentBudget:SweepInterval must be from 1 second to 1 hour.");
        if (WriterQueueSessions is < 1 or > 1_048_576)
            throw new ArgumentException("AgentBudget:WriterQueueSessions must be from 1 to 1,048,576.");
        if (WriterQueueEntriesPerSession is < 1 or > 65_536)
            throw new ArgumentException("AgentBudget:WriterQueueEntriesPerSession must be from 1 to 65,536.");
        if (WriterBatchEntries is < 1 or > 65_536)
            throw new ArgumentException("AgentBudget:WriterBatchEntries must be from 1 to 65,536.");
        if (RecentKeys is < 1 or > 4_096)
            throw new ArgumentException("AgentBudget:RecentKeys must be from 1 to 4,096.");
        if (RememberedAddresses is < 1_000 or > 10_000_000)
            throw new ArgumentException("AgentBudget:RememberedAddresses must be from 1,000 to 10,000,000.");
        if (Prices is null)
            throw new ArgumentException("AgentBudget:Prices is null; leave it out for the embedded table.");
        if (UnknownModels is null)
            throw new ArgumentException("AgentBudget:UnknownModels is null; leave it out for the default.");
        if (Tenants is null)
            throw new ArgumentException("AgentBudget:Tenants is null; leave it out for the default.");
        Tenants.Validate();
        if (TenantTimelinesKeptFor < EventsKeptAtMost)
            throw new ArgumentException(
                "AgentBudget:Tenants:TimelineRetention must be no less than AgentBudget:EventRetentionCap: events are read off entries."
            );
        Named("Prices", Prices.ValidateWithFiles);
        Named("UnknownModels", UnknownModels.Validate);
    }

    private static void Named(string setting, Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"AgentBudget:{setting}: {exception.Message}", exception);
        }
    }
}

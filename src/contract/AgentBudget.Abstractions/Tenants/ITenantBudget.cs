using Orleans.Concurrency;
using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// One tenant and its limits: <c>grainFactory.GetGrain&lt;ITenantBudget&gt;("acme/research").SetAsync(...)</c>. The key is the tenant's
/// path, 1 to 8 names between slashes; the tenant above has the path without the last name. Its sessions have ids such as
/// <c>acme/research@ticket-7</c>.
/// </summary>
/// <remarks>
/// A tenant that was never set counts and reports, and has no limit. An expected refusal is a normal answer. A call that fails with
/// <see cref="BudgetUnavailableException"/> or times out has an unknown outcome: send it again with the same idempotency key.
/// </remarks>
[Alias("agentbudget.tenant"), GrainInterfaceType("agentbudget.tenant"), DefaultGrainType("agentbudget.tenant")]
public interface ITenantBudget : IGrainWithStringKey
{
    /// <summary>Sets limits and settings, whole. A limit below what is spent and out falls to what was set as money comes back.</summary>
    [Alias("set"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> SetAsync([Immutable] SetTenantCommand command);

    /// <summary>Raises a limit: the total for good, that of a day, week or month for the one that runs. Whoever was exhausted goes
    /// on.</summary>
    [Alias("top-up"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> TopUpAsync([Immutable] TopUpTenantCommand command);

    /// <summary>
    /// Pauses the tenant and all below it. Answered when all that have money of it, at every level, have written it, or after the time that
    /// the command names, with how many have and how many have not; those hear of it later. To be asked again for where it stands.
    /// </summary>
    [Alias("pause"), ResponseTimeout(Timeouts.LongWait)]
    Task<SessionAnswer> PauseAsync([Immutable] PauseCommand command);

    /// <summary>
    /// Stops the tenant: every session that is open below it, at all levels, ends for good, and new ones are refused until it is resumed.
    /// Answered as a pause is.
    /// </summary>
    [Alias("stop"), ResponseTimeout(Timeouts.LongWait)]
    Task<SessionAnswer> StopAsync([Immutable] StopTenantCommand command);

    /// <summary>Lets go of a pause or of a stop. Sessions that were stopped stay so.</summary>
    [Alias("resume"), ResponseTimeout(Timeouts.LongWait)]
    Task<SessionAnswer> ResumeAsync([Immutable] ResumeCommand command);

    /// <summary>Where the tenant stands; null for one that was never set and has had no session.</summary>
    [Alias("report"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<TenantReport?> ReportAsync();

    /// <summary>
    /// What was spent in a day, by model, tool, agent and listed tags, what sessions cost that ended in it, and how fast money goes; null
    /// as for the report. Gathered from the tenant's timeline: after a restart the first one takes longer, the busier the day the longer,
    /// and may have to be asked for again.
    /// </summary>
    /// <param name="query">Which day, and how many names.</param>
    [Alias("spend"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<TenantSpend?> SpendAsync([Immutable] TenantSpendQuery query);

    /// <summary>Entries from a sequence on: what was set, by whom and why, and what its sessions have reported; null as for the
    /// report.</summary>
    /// <param name="fromSequence">The first entry, from 1.</param>
    /// <param name="count">How many: 1 to 1,000.</param>
    [Alias("timeline"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<TimelinePage?> TimelineAsync(long fromSequence, int count);
}

using Orleans.Concurrency;
using Orleans.Metadata;

namespace AgentBudget;

/// <summary>
/// One agent session and its money: <c>grainFactory.GetGrain&lt;IBudgetSession&gt;(id).ChargeAsync(...)</c>. The key is the session's
/// id: 1 to 128 of <c>A-Z a-z 0-9 . _ : / -</c>; a tenant's session is <c>acme/research@ticket-7</c>.
/// </summary>
/// <remarks>
/// An expected refusal is a normal answer. Every answer is given only when all that it stands on is durable. A call that fails with
/// <see cref="BudgetUnavailableException"/> or times out has an unknown outcome: send it again with the same idempotency key. A bad
/// value throws <see cref="ArgumentException"/>, and nothing is written.
/// </remarks>
[Alias("agentbudget.session"), GrainInterfaceType("agentbudget.session"), DefaultGrainType("agentbudget.session")]
public interface IBudgetSession : IGrainWithStringKey
{
    /// <summary>Opens the session. Again with the same options answers the same; with others it is refused as already open.</summary>
    [Alias("open"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> OpenAsync(OpenCommand command);

    /// <summary>Sets money aside before a call, or refuses.</summary>
    [Alias("reserve"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> ReserveAsync([Immutable] ReserveCommand command);

    /// <summary>
    /// Sets money aside before a call, and waits while it is set aside for others: in the order of arrival, woken by what comes back.
    /// A smaller call may pass the first for two seconds; from then on all that is free is kept for the first. Ends at once when the
    /// session is paused or ends.
    /// </summary>
    /// <param name="command">The reservation, with a key: the place in the line is the key's.</param>
    /// <param name="atMost">
    /// How long to wait: up to 20 seconds. An answer that says <see cref="WaitedAnswer.IsWaiting"/> is to be asked for again within five
    /// seconds, with the same key, and keeps its place until then.
    /// </param>
    /// <param name="isAgain">Whether it is asked again, so that a place that was lost is told.</param>
    [Alias("reserve-waiting"), ResponseTimeout(Timeouts.LongWait)]
    Task<WaitedAnswer> ReserveWaitingAsync([Immutable] ReserveCommand command, TimeSpan atMost, bool isAgain);

    /// <summary>A call waits no more: its caller has given it up. It is answered as refused for now, if it was not granted
    /// before.</summary>
    /// <param name="key">The call's key.</param>
    [Alias("stop-waiting"), ResponseTimeout(Timeouts.Read)]
    Task StopWaitingAsync(string key);

    /// <summary>Turns a reservation into spend with the actual cost.</summary>
    [Alias("settle"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> SettleAsync([Immutable] SettleCommand command);

    /// <summary>Gives a reservation back.</summary>
    [Alias("release"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> ReleaseAsync([Immutable] ReleaseCommand command);

    /// <summary>Prolongs a reservation.</summary>
    [Alias("extend"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> ExtendAsync([Immutable] ExtendCommand command);

    /// <summary>Sets more aside for a reservation that is open, or refuses: checked like a reservation.</summary>
    [Alias("grow"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> GrowAsync([Immutable] GrowCommand command);

    /// <summary>Records a cost already incurred. On an opened session it is always recorded.</summary>
    [Alias("charge"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> ChargeAsync([Immutable] ChargeCommand command);

    /// <summary>Raises the budget. A carved child asks its parent for the money.</summary>
    [Alias("top-up"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> TopUpAsync([Immutable] TopUpCommand command);

    /// <summary>Sets the budget. A carved child asks its parent for what is missing.</summary>
    [Alias("set-budget"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> SetBudgetAsync([Immutable] SetBudgetCommand command);

    /// <summary>Corrects an earlier entry by a new one.</summary>
    [Alias("correct"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> CorrectAsync([Immutable] CorrectCommand command);

    /// <summary>Pauses the session and, at least once each, its carved children.</summary>
    [Alias("pause"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> PauseAsync([Immutable] PauseCommand command);

    /// <summary>Lets go of a pause, or closes an open breaker.</summary>
    [Alias("resume"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> ResumeAsync([Immutable] ResumeCommand command);

    /// <summary>Ends the session, its carved children first.</summary>
    [Alias("close"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> CloseAsync([Immutable] CloseCommand command);

    /// <summary>Opens a shared child: a sub-account inside this session.</summary>
    [Alias("open-shared-child"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> OpenSharedChildAsync([Immutable] OpenSharedChildCommand command);

    /// <summary>Closes a shared child.</summary>
    [Alias("close-shared-child"), ResponseTimeout(Timeouts.Write)]
    Task<SessionAnswer> CloseSharedChildAsync([Immutable] CloseSharedChildCommand command);

    /// <summary>Opens a carved child: a session of its own, with money set aside in this one.</summary>
    [Alias("open-carved-child"), ResponseTimeout(Timeouts.Family)]
    Task<SessionAnswer> OpenCarvedChildAsync(OpenCarvedChildCommand command);

    /// <summary>The report; null when the session, or the child asked for, is unknown.</summary>
    [Alias("report"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<SessionReport?> ReportAsync(ReportQuery query);

    /// <summary>One page of the timeline, oldest first; null when the session is unknown.</summary>
    [Alias("timeline"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<TimelinePage?> TimelineAsync(long fromSequence, int count);

    /// <summary>Money and state now, durable; sequence 0 when the session is unknown.</summary>
    [Alias("standing"), ReadOnly, ResponseTimeout(Timeouts.Read)]
    Task<Standing> StandingAsync();

    /// <summary>
    /// Answers true as soon as the session has stopped: its breaker is not closed (unless it only observes) or it has ended. Answers
    /// false when the time is up.
    /// </summary>
    /// <param name="atMost">How long to wait: up to 25 seconds.</param>
    [Alias("wait-for-stop"), ReadOnly, ResponseTimeout(Timeouts.LongWait)]
    Task<bool> WaitForStopAsync(TimeSpan atMost);

    /// <summary>
    /// Answers true as soon as calls under way are to be cut: the session is paused (unless it only observes) or has ended. A breaker that
    /// opens cuts no call whose money was granted. Answers false when the time is up.
    /// </summary>
    /// <param name="atMost">How long to wait: up to 25 seconds.</param>
    [Alias("wait-for-cut"), ReadOnly, ResponseTimeout(Timeouts.LongWait)]
    Task<bool> WaitForCutAsync(TimeSpan atMost);
}

/// <summary>How long callers wait for an answer before the outcome counts as unknown, as Orleans wants it written.</summary>
internal static class Timeouts
{
    /// <summary>One durable write. Short, because a call forwarded to a dying silo otherwise waits out the whole of it.</summary>
    public const string Write = "00:00:03";

    /// <summary>One read, which may have to load the session first.</summary>
    public const string Read = "00:00:05";

    /// <summary>A question that is held until there is something to say: longer than the longest hold.</summary>
    public const string LongWait = "00:00:30";

    /// <summary>A step that calls parents or children as well.</summary>
    public const string Family = "00:00:10";
}

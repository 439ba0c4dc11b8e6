using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>
/// A call whose money is set aside: make it, and end it once, with what it cost, or as one that was not billed, or as one that failed. The
/// first end decides, whoever calls it; later ones do nothing and give its answer. Disposed without an end, all that was set aside counts
/// as spent (<see cref="CostSource.Reserved"/>). A call that takes long is prolonged by itself. Safe for many callers at once, but for
/// <see cref="Stream"/>.
/// </summary>
public sealed partial class BudgetedCall : IAsyncDisposable
{
    private readonly OpenCall call;
    private readonly CallEnds ends;
    private StreamedCall? stream;

    internal BudgetedCall(OpenCall call, CallEnds ends, BudgetSession session) => (this.call, this.ends, Session) = (call, ends, session);

    /// <summary>The number by which the ledger knows it: that of its entry in the timeline.</summary>
    public long ReservationId => call.ReservationId;

    /// <summary>The call as it was priced and stands in the timeline.</summary>
    public Call Call => call.Call;

    /// <summary>What was asked for: the most that the call could cost.</summary>
    public Money Requested => call.Requested;

    /// <summary>What is set aside; less than was asked for where the options allowed it.</summary>
    public Money Granted => call.Granted;

    /// <summary>Whether less was granted than was asked for, so that <see cref="MaxOutputTokens"/> has to go out with the call.</summary>
    public bool IsClamped => call.Granted < call.Requested;

    /// <summary>
    /// The most completion tokens that the grant pays for: the estimate's cap or the model's own, or less where it is clamped. Null where
    /// the estimate is a sum, where the grant does not pay for the prompt, and where no cap is known.
    /// </summary>
    public long? MaxOutputTokens => call.MaxOutputTokens;

    /// <summary>When the reservation expires if nobody prolongs it, by the ledger's clock.</summary>
    public DateTimeOffset ExpiresAt => call.ExpiresAt;

    /// <summary>Money and state of the session when it was granted.</summary>
    public Standing Standing => call.Grant.Standing;

    /// <summary>What the sense of loops found, though the call was granted; null for nothing. <see cref="LoopEvidence.Advice"/> is a line
    /// for the model.</summary>
    public LoopEvidence? Loop => call.Grant.Loop;

    /// <summary>In observe mode: why it would have been refused; none otherwise.</summary>
    public RefusalReason WouldRefuse => call.Grant.WouldRefuse;

    /// <summary>Whether the money was set aside before, under the same <see cref="ReserveOptions.Key"/>: the step is run again.</summary>
    public bool IsReplay => call.Grant.IsReplay;

    /// <summary>
    /// Fires when the session is paused or ends while the call is under way, wherever that came from, and when the session's object is
    /// disposed: a stream is to be cut then. A breaker that opens does not fire it: what was granted stands. Watching begins when this is
    /// first read.
    /// </summary>
    public CancellationToken CutToken => call.Cut.Token;

    /// <summary>Why <see cref="CutToken"/> fired; none as long as it has not.</summary>
    public StopReason CutReason => call.Cut.Reason;

    /// <summary>How it has ended.</summary>
    public CallEnd End => call.End;

    /// <summary>The ledger's answer to its end, with what was recorded; null as long as it has none.</summary>
    public SessionAnswer? Answer => call.Answer;

    /// <summary>
    /// What has been seen of the response, where it is a stream: give it the bytes, or what an SDK made of them, and settle with
    /// <see cref="SettleStreamAsync()"/>. One piece after the other.
    /// </summary>
    public StreamedCall Stream => stream ??= new StreamedCall(new ResponseOrigin(Call.Provider, Call.Name, Call.Region));

    /// <summary>Settles with what the call really cost, at the prices with which it was set aside. What is beyond the reservation takes
    /// what the session has, and the rest is overage.</summary>
    /// <param name="cost">The cost; <see cref="ActualCost.NotSaid"/> for all that was set aside.</param>
    /// <exception cref="UncostedCallException">It has no price, or is a usage of zero; all that was set aside counts as spent.</exception>
    /// <exception cref="UnsettledCallException">The ledger cannot be reached any more; to end the call again sends the same.</exception>
    public Task<SessionAnswer> SettleAsync(ActualCost cost) => ends.SettleAsync(call, NoResult.Said, cost);

    /// <summary>The same for a tool, with what it returned, so that the sense of loops can tell work from repetition; the result itself
    /// stays here.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="result">What the tool returned.</param>
    public Task<SessionAnswer> SettleAsync<T>(ActualCost cost, T result) => ends.SettleAsync(call, result, cost);

    /// <summary>Settles a stream that came to its end or was cut, by what <see cref="Stream"/> has seen.</summary>
    public Task<SessionAnswer> SettleStreamAsync() => SettleStreamAsync(Stream.Usage);

    /// <summary>
    /// Settles a stream that came to its end or was cut: by its final usage; else, where the price table says that its provider stops
    /// when its reader goes away, by the most that it can have used since it was granted (<see cref="CostSource.Estimated"/>), never
    /// more than was set aside; and else by all that was set aside (<see cref="CostSource.Reserved"/>).
    /// </summary>
    /// <param name="seen">What was said so far, as a <see cref="ResponseReader"/> reads it.</param>
    /// <exception cref="UncostedCallException">It has no price; all that was set aside counts as spent.</exception>
    /// <exception cref="UnsettledCallException">The ledger cannot be reached any more; to end the call again sends the same.</exception>
    public Task<SessionAnswer> SettleStreamAsync(ResponseUsage seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return ends.SettleStreamAsync(call, NoResult.Said, seen);
    }

    /// <summary>Gives all of it back: the call was not made, or its provider answered with an error, which is not billed.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the reservation expires by itself.</exception>
    public Task<SessionAnswer> ReleaseAsync() => ends.ReleaseAsync(call);

    /// <summary>Ends a call that failed, as <see cref="AgentBudgetClientOptions.OnFailedCall"/> says.</summary>
    /// <param name="failure">How it failed.</param>
    /// <returns>The answer; null where the policy keeps it open.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the inner exception holds both errors.</exception>
    public Task<SessionAnswer?> FailAsync(Exception failure) => FailAsync(failure, seen: null);

    /// <summary>The same for a stream: once something of the response was seen it is billed, and it ends as
    /// <see cref="SettleStreamAsync(ResponseUsage)"/> ends a stream that was cut.</summary>
    /// <param name="failure">How it failed.</param>
    /// <param name="seen">What was seen of the response until then; null where the call is no stream.</param>
    /// <returns>The answer; null where the policy keeps it open.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the inner exception holds both errors.</exception>
    public Task<SessionAnswer?> FailAsync(Exception failure, ResponseUsage? seen)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return FailAsync(failure, seen, isBegun: false);
    }

    /// <summary>Prolongs the reservation: it will not expire before the time to live has passed from now.</summary>
    /// <param name="timeToLive">1 second to 24 hours; null for the time that it was set aside for.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">It is not open any more.</exception>
    public async Task<SessionAnswer> ExtendAsync(TimeSpan? timeToLive = null, CancellationToken cancellationToken = default)
    {
        var answer = await CallMoney.ExtendAsync(call, timeToLive ?? call.TimeToLive, cancellationToken);
        await call.Link.ThrowIfRefusedAsync(answer);
        return answer;
    }

    /// <summary>
    /// Sets more money aside for the call while it is under way, as for a stream that goes on: checked like a reservation. Afterwards
    /// <see cref="Granted"/> and <see cref="MaxOutputTokens"/> say what it has.
    /// </summary>
    /// <param name="amount">How much more is wished for; above zero.</param>
    /// <param name="least">The least that would do; null for all or nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have grown all the same.</param>
    /// <returns>The answer: granted, with how much more, or refused, which is a normal answer here. The call goes on with what it
    /// has.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached.</exception>
    public Task<SessionAnswer> GrowAsync(Money amount, Money? least = null, CancellationToken cancellationToken = default) =>
        CallMoney.GrowAsync(call, amount, least, cancellationToken);

    /// <summary>
    /// Its outcome comes later, as that of a response in the background does: disposing this ends nothing. It is prolonged by itself as
    /// long as somebody has this object, and expires when nobody has; what it cost is settled all the same when it is known, then as late.
    /// </summary>
    public void KeepOpen() => call.IsKeptOpen = true;

    /// <summary>No handle of it reaches the program: a policy cannot keep it open for who learns its outcome.</summary>
    internal void KeepOutOfReach() => call.IsOutOfReach = true;

    /// <summary>Whether its money grows while it is under way, so that what it has at first is no bound to cap it at.</summary>
    internal bool Grows { get; set; }

    /// <summary>Whether somebody has begun to end it.</summary>
    internal bool HasEnded => call.HasEnded;

    /// <summary>Whether nothing is set aside for it any more, for certain.</summary>
    internal bool HasGoneBack => call.HasGoneBack;

    /// <summary>Whether its outcome comes later.</summary>
    internal bool IsKeptOpen => call.IsKeptOpen;

    /// <summary>The most tokens that can be generated unseen until its provider has noticed that nobody reads on; null where it never
    /// does.</summary>
    internal long? UnseenTokens => ends.UnseenTokens(call);

    /// <summary>The same, with all that it can have generated since it was granted.</summary>
    internal long? UnseenTokensSoFar => ends.UnseenTokensSoFar(call);

    /// <summary>Whether it is the session's last call.</summary>
    internal bool IsFinal => call.IsFinal;

    /// <summary>What the call costs with so many tokens of output.</summary>
    internal Money CostWith(long outputTokens) => call.Estimate.CappedAt(outputTokens).Ask(call.Pricing, ReserveOptions.Default).Amount;

    /// <summary>The most tokens of output that a sum pays for, whatever was estimated.</summary>
    internal long? OutputAffordedBy(Money sum) => call.Estimate.CappedAt(null).AffordedOutput(call.Pricing, sum);

    internal Task<SessionAnswer> SettleAsync<T>(T result, Func<T, ActualCost> costOf) => ends.SettleAsync(call, result, costOf);

    internal Task<SessionAnswer> SettleStreamOfAsync<T>(T result) => ends.SettleStreamAsync(call, result, Stream.Usage);

    /// <summary>What a stream that was cancelled throws: where a pause or the end of the session cut it, that it is so.</summary>
    /// <param name="failure">What it threw.</param>
    /// <param name="cancellationToken">The caller's own token.</param>
    internal void ThrowIfCut(Exception failure, CancellationToken cancellationToken)
    {
        if (failure is not OperationCanceledException || cancellationToken.IsCancellationRequested)
            return;
        if (CutReason is StopReason.None or StopReason.Disposed or StopReason.Unknown)
            return;
        var reason = CutReason == StopReason.Paused ? RefusalReason.Paused : RefusalReason.SessionEnded;
        throw RefusedException.For(call.Link.Id, new Refusal(reason, Money.Zero), report: null);
    }

    /// <summary>Ends a stream that failed.</summary>
    /// <param name="failure">How.</param>
    /// <param name="seen">What it said.</param>
    /// <param name="isBegun">Whether something of it came, though it may have said nothing of its usage.</param>
    internal Task<SessionAnswer?> FailAsync(Exception failure, ResponseUsage? seen, bool isBegun) =>
        ends.FailAsync(call, failure, seen, isBegun);

    /// <summary>Ends a stream that its reader gives up. Never throws: it would hide why.</summary>
    internal Task CutAsync() => ends.DropAsync(call, Stream.Usage);

    /// <summary>Ends a call that has no end yet: nobody knows what it cost, so all that was set aside counts as spent. Never throws; what
    /// could not be settled is logged.</summary>
    public async ValueTask DisposeAsync() => await ends.DropAsync(call, seen: null);
}

using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>
/// One agent session, or a shared child of one: wrap model calls, track tools, read the report. Safe for many callers at once.
/// Disposing it closes the session if it was opened by this object, with <c>OpenAsync</c>, though it may have been open before with the
/// same options; what was taken with <see cref="AgentBudgetClient.Get"/> stays open.
/// </summary>
public sealed partial class BudgetSession : IAsyncDisposable
{
    private readonly ClientServices services;
    private readonly SessionLink link;
    private readonly bool closesOnDispose;
    private readonly KnownPolicy unknownModels;
    private readonly CallMoney money;
    private readonly CallEnds ends;
    private readonly CallLabels labels;

    // Shared with the other agents of this session, and so is the link.
    private readonly EndsUnderWay underWay;

    internal BudgetSession(ClientServices services, SessionLink link, bool closesOnDispose, KnownPolicy unknownModels)
        : this(services, link, unknownModels, new CallLabels(), new EndsUnderWay()) => this.closesOnDispose = closesOnDispose;

    private BudgetSession(ClientServices services, SessionLink link, KnownPolicy unknownModels, CallLabels labels, EndsUnderWay underWay)
    {
        this.services = services;
        this.link = link;
        this.unknownModels = unknownModels;
        this.labels = labels;
        this.underWay = underWay;
        ends = new CallEnds(services, link, underWay);
        money = new CallMoney(services, link, ends);
    }

    /// <summary>The session's id.</summary>
    public string Id => link.Id;

    /// <summary>The name of the shared child that this is; null for the session itself.</summary>
    public string? Child => link.Child;

    /// <summary>The session's grain, for what this class does not offer.</summary>
    public IBudgetSession Grain => link.Grain;

    /// <summary>
    /// Fires when the breaker opens, the session is paused or it ends, wherever that came from, so that streams and agents can stop by
    /// themselves. Fires once and stays so; after a resume, take the session anew with <see cref="AgentBudgetClient.Get"/>. Fires as
    /// well when the session cannot be watched any more, and when this object is disposed, for its agents (<see cref="ForAgent"/>), too.
    /// Watching starts when this is first read, and
    /// goes on as long as somebody holds this object, the token, a source linked to it or a registration with it. What is registered runs
    /// apart from the operation that saw the stop; if it throws, that is logged.
    /// </summary>
    /// <remarks>
    /// It is for an agent that plans its next step, and not to be linked to calls: a sibling that exhausts the budget takes no money back
    /// that was granted. What cuts a call under way is <see cref="BudgetedCall.CutToken"/>.
    /// </remarks>
    public CancellationToken StoppedToken => link.Stop.Token;

    /// <summary>Why <see cref="StoppedToken"/> fired; none as long as it has not.</summary>
    public StopReason StopReason => link.Stop.Reason;

    /// <summary>Records a model call that was made already.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="used">What it used, priced by the book; or a sum that is known.</param>
    /// <param name="provider">The provider; null finds it by the model's name.</param>
    /// <param name="cancellationToken">Gives up waiting; the cost may have been recorded all the same.</param>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is exhausted, by it or before it: every charge says
    /// so.</exception>
    /// <exception cref="LoopDetectedException">It is recorded, and the session was stopped for a loop.</exception>
    /// <exception cref="UnpricedCallException">The model is not in the price book; nothing is recorded.</exception>
    public async Task<SessionAnswer> ChargeAsync(
        string model,
        ActualCost used,
        string? provider = null,
        CancellationToken cancellationToken = default
    )
    {
        var call = AgentBudget.Call.Model(model, provider);
        var priced =
            used.Price(await unknownModels.PricingOfAsync(services, call.Kind, provider, model, cancellationToken), call)
            ?? throw new ArgumentException(
                "What the call cost was not said, and no money was set aside for it that could count as spent.",
                nameof(used)
            );
        return await ChargeAsync(priced.Call, priced.Cost, cancellationToken);
    }

    /// <summary>Records a cost that was incurred already. On an opened session it is always recorded.</summary>
    /// <param name="call">The call that it paid for.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="cancellationToken">Gives up waiting; the cost may have been recorded all the same.</param>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is exhausted, by it or before it: every charge says
    /// so.</exception>
    /// <exception cref="LoopDetectedException">It is recorded, and the session was stopped for a loop.</exception>
    public Task<SessionAnswer> ChargeAsync(Call call, Money cost, CancellationToken cancellationToken = default) =>
        ChargeAsync(
            new ChargeCommand
            {
                Call = call,
                Cost = cost,
                Child = Child,
            },
            cancellationToken
        );

    /// <summary>Records a cost under an idempotency key of the caller's, so that a program that restarts can repeat the charge.</summary>
    /// <exception cref="BudgetExhaustedException">It is recorded, and the session is exhausted, by it or before it: every charge says
    /// so.</exception>
    /// <exception cref="LoopDetectedException">It is recorded, and the session was stopped for a loop.</exception>
    public Task<SessionAnswer> ChargeAsync(Call call, Money cost, string key, CancellationToken cancellationToken = default) =>
        ChargeAsync(
            new ChargeCommand
            {
                Call = call,
                Cost = cost,
                Child = Child,
                Key = key,
            },
            cancellationToken
        );

    /// <summary>Raises the budget, by such as <c>"2.00"</c>; strictly above what is spent, an exhausted session goes on.</summary>
    public Task<SessionAnswer> TopUpAsync(string dollars, string? reason = null, CancellationToken cancellationToken = default) =>
        TopUpAsync(Money.Parse(dollars), reason, key: null, cancellationToken);

    /// <summary>The same for an amount such as <c>2.00m</c> dollars; under a key it can be sent again, and is done once.</summary>
    public async Task<SessionAnswer> TopUpAsync(
        Money amount,
        string? reason = null,
        string? key = null,
        CancellationToken cancellationToken = default
    ) =>
        await GrantedAsync(
            new TopUpCommand
            {
                Amount = amount,
                Reason = reason,
                Key = key,
            },
            Whole().TopUpAsync,
            cancellationToken
        );

    /// <summary>Sets the budget, in dollars such as <c>"10.00"</c>.</summary>
    public Task<SessionAnswer> SetBudgetAsync(string dollars, string? reason = null, CancellationToken cancellationToken = default) =>
        SetBudgetAsync(Money.Parse(dollars), reason, cancellationToken);

    /// <summary>Sets the budget.</summary>
    public async Task<SessionAnswer> SetBudgetAsync(Money budget, string? reason = null, CancellationToken cancellationToken = default) =>
        await GrantedAsync(new SetBudgetCommand { Budget = budget, Reason = reason }, Whole().SetBudgetAsync, cancellationToken);

    /// <summary>Corrects an earlier entry by a signed difference, with a reason.</summary>
    public async Task<SessionAnswer> CorrectAsync(
        long entrySequence,
        Money difference,
        string reason,
        CancellationToken cancellationToken = default
    ) =>
        await GrantedAsync(
            new CorrectCommand
            {
                EntrySequence = entrySequence,
                Difference = difference,
                Reason = reason,
            },
            Whole().CorrectAsync,
            cancellationToken
        );

    /// <summary>Pauses the session and its children.</summary>
    public async Task<SessionAnswer> PauseAsync(string? reason = null, CancellationToken cancellationToken = default) =>
        await GrantedAsync(new PauseCommand { Reason = reason }, Whole().PauseAsync, cancellationToken);

    /// <summary>Lets go of a pause, or closes an open breaker.</summary>
    public async Task<SessionAnswer> ResumeAsync(string? reason = null, CancellationToken cancellationToken = default) =>
        await GrantedAsync(new ResumeCommand { Reason = reason }, Whole().ResumeAsync, cancellationToken);

    /// <summary>Ends the session, or this shared child, and gives its final report. Settlements of this object that are under way are
    /// waited for.</summary>
    public async Task<SessionReport> CloseAsync(CancellationToken cancellationToken = default)
    {
        await underWay.WhenOverAsync(cancellationToken);
        var answer = await link.CloseAsync(cancellationToken);
        await link.ThrowIfRefusedAsync(answer);
        End(StopReason.Closed);
        return await ReportAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Ends the session from outside, as an operator does; its report says <c>stopped</c>. Its owner closes it.</summary>
    /// <param name="reason">Why, for the timeline: up to <see cref="Bounds.ReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have ended all the same.</param>
    /// <exception cref="RefusedException">The session is unknown.</exception>
    public async Task<SessionAnswer> StopAsync(string? reason = null, CancellationToken cancellationToken = default)
    {
        var answer = await GrantedAsync(new CloseCommand { IsStop = true, Reason = reason }, Whole().CloseAsync, cancellationToken);
        End(StopReason.Stopped);
        return answer;
    }

    /// <summary>The report. Settlements of this object that are under way are waited for.</summary>
    /// <param name="events">How many entries of the timeline to carry. Default 0; up to <see cref="SessionReport.MaxEvents"/>.</param>
    /// <param name="fromSequence">The first of them. Default: the first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">The session, or this child of it, is unknown.</exception>
    public async Task<SessionReport> ReportAsync(int events = 0, long fromSequence = 1, CancellationToken cancellationToken = default)
    {
        await underWay.WhenOverAsync(cancellationToken);
        return await link.FindReportAsync(events, fromSequence, cancellationToken)
            ?? throw RefusedException.For(
                Id,
                new Refusal(Child is null ? RefusalReason.SessionUnknown : RefusalReason.ChildUnknown, Money.Zero),
                null
            );
    }

    /// <summary>The timeline, page by page, oldest entry first.</summary>
    public async IAsyncEnumerable<Entry> TimelineAsync(
        long fromSequence = 1,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        while (true)
        {
            var page = await link.FindTimelineAsync(fromSequence, cancellationToken);
            if (page is null || page.Entries.Length == 0)
                yield break;
            foreach (var entry in page.Entries)
            {
                if (Child is null || entry.Child == Child)
                    yield return entry;
            }

            fromSequence += page.Entries.Length;
        }
    }

    /// <summary>
    /// Stops watching and, if it was opened by this object, closes it once the settlements that are under way have arrived. A ledger
    /// that cannot be reached is not waited for and not reported: it would hide the program's own error, and the session ends by its idle
    /// time-out.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // The session and its other agents go on.
        if (IsOfAgent)
            return;
        End(StopReason.Disposed);
        if (!closesOnDispose)
            return;
        await underWay.WhenOverAsync(CancellationToken.None);
        await link.TryCloseOnceAsync();
    }

    private void End(StopReason reason)
    {
        link.Stop.Stop(reason);
        link.Cut.Stop(reason);
    }

    internal ToolCosts Tools => services.Prices.Tools;

    private async Task<SessionAnswer> ChargeAsync(ChargeCommand command, CancellationToken cancellationToken)
    {
        command = command with { Call = labels.TakeUserMark(labels.Labelled(command.Call)) };
        SessionAnswer answer;
        try
        {
            answer = await link.SendAsync(command, Grain.ChargeAsync, cancellationToken);
        }
        catch
        {
            labels.NotTaken(command.Call);
            throw;
        }

        await link.ThrowIfStoppedByAsync(answer);
        return answer;
    }

    // What is the operator's side of the whole session must not be reached by way of a part of it.
    private IBudgetSession Whole() =>
        Child is null
            ? Grain
            : throw new InvalidOperationException($"{Child} is a shared child of session {Id}; do this on the session itself.");

    private async Task<SessionAnswer> GrantedAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken
    )
        where TCommand : SessionCommand
    {
        var answer = await link.SendAsync(command, send, cancellationToken);
        await link.ThrowIfRefusedAsync(answer);
        return answer;
    }
}

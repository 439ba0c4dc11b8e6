using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

/// <summary>
/// One agent session, or a shared child of one: wrap model calls, track tools, read the report. Safe for many callers at once.
/// Disposing it closes the session if this client opened it.
/// </summary>
public sealed partial class BudgetSession : IAsyncDisposable
{
    private readonly ClientServices services;
    private readonly SessionLink link;
    private readonly bool closesOnDispose;
    private readonly UnknownModelPolicy unknownModels;
    private readonly CallMoney money;
    private readonly CallLabels labels;

    internal BudgetSession(
        ClientServices services,
        SessionLink link,
        bool closesOnDispose,
        UnknownModelPolicy unknownModels,
        string? agent = null
    )
    {
        labels = new CallLabels(agent);
        this.services = services;
        this.link = link;
        this.unknownModels = unknownModels;
        this.closesOnDispose = closesOnDispose;
        money = new CallMoney(services, link);
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
    /// well when the session cannot be watched any more, and when this object is disposed. Watching starts when this is first read, and
    /// goes on as long as somebody holds this object, the token, a source linked to it or a registration with it. What is registered runs
    /// apart from the operation that saw the stop; if it throws, that is logged.
    /// </summary>
    public CancellationToken StoppedToken => link.Stop.Token;

    /// <summary>Sets money aside, makes the call, and settles with what it really cost.</summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">The call. Not made when the money is refused.</param>
    /// <param name="costOf">What it cost, from its result: token counts or a sum. If it fails, or gives
    /// a usage of zero, the whole reservation counts as spent, and so it does with <see cref="ActualCost.NotSaid"/>.</param>
    /// <param name="isFinal">Whether this is the last call, which may use the finalization reserve.</param>
    /// <param name="cancellationToken">Cancels the call; settling is never cancelled.</param>
    /// <exception cref="BudgetExhaustedException">The budget does not pay for it; the call was not made.</exception>
    /// <exception cref="LoopDetectedException">The agent repeats itself; the call was not made.</exception>
    /// <exception cref="SessionStoppedException">The session is paused or has ended; the call was not made.</exception>
    /// <exception cref="UnpricedCallException">The model is not in the price book; the call was not made.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the call was not made, or failed by itself.</exception>
    /// <exception cref="UncostedCallException">The call was made, and <paramref name="costOf"/> cannot say what it cost; the result is in
    /// it.</exception>
    /// <exception cref="UnsettledCallException">The call was made and the ledger cannot be reached any more; the result is in
    /// it.</exception>
    public async Task<T> WrapAsync<T>(
        CallEstimate estimate,
        Func<CancellationToken, Task<T>> call,
        Func<T, ActualCost> costOf,
        bool isFinal = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(costOf);
        var pricing = CallPricing.Now(services, unknownModels);
        var (cost, unlabelled) = estimate.Price(pricing);
        var priced = labels.Labelled(unlabelled);
        var reservation = await labels.WithUserMarkAsync(priced, marked => money.ReserveAsync(cost, marked, isFinal, cancellationToken));
        T result;
        try
        {
            result = await call(cancellationToken);
        }
        catch (Exception exception)
        {
            await money.EndFailedAsync(reservation, priced, exception, estimate.ArgumentsJson);
            throw;
        }

        await money.SettleAsync(reservation, priced, estimate.ArgumentsJson, result, () => costOf(result).Price(pricing, priced));
        return result;
    }

    /// <summary>Records a model call that was made already.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="used">What it used, priced by the book; or a sum that is known.</param>
    /// <param name="provider">The provider; null finds it by the model's name.</param>
    /// <param name="cancellationToken">Gives up waiting; the cost may have been recorded all the same.</param>
    /// <exception cref="BudgetExhaustedException">It is recorded, and took the session over its budget; those after it are recorded without
    /// this.</exception>
    /// <exception cref="UnpricedCallException">The model is not in the price book; nothing is recorded.</exception>
    public Task<SessionAnswer> ChargeAsync(
        string model,
        ActualCost used,
        string? provider = null,
        CancellationToken cancellationToken = default
    )
    {
        var priced =
            used.Price(CallPricing.Now(services, unknownModels), AgentBudget.Call.Model(model, provider))
            ?? throw new ArgumentException(
                "What the call cost was not said, and no money was set aside for it that could count as spent.",
                nameof(used)
            );
        return ChargeAsync(priced.Call, priced.Cost, cancellationToken);
    }

    /// <summary>Records a cost that was incurred already. On an opened session it is always recorded.</summary>
    /// <param name="call">The call that it paid for.</param>
    /// <param name="cost">The cost.</param>
    /// <param name="cancellationToken">Gives up waiting; the cost may have been recorded all the same.</param>
    /// <exception cref="BudgetExhaustedException">It is recorded, and took the session over its budget; those after it are recorded without
    /// this.</exception>
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
    /// <exception cref="BudgetExhaustedException">It is recorded, and took the session over its budget; those after it are recorded without
    /// this.</exception>
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

    /// <summary>Raises the budget by an amount, such as <c>"2.00"</c>; strictly above what is spent, an exhausted session goes
    /// on.</summary>
    public async Task<SessionAnswer> TopUpAsync(string dollars, string? reason = null, CancellationToken cancellationToken = default) =>
        await GrantedAsync(new TopUpCommand { Amount = Money.Parse(dollars), Reason = reason }, Whole().TopUpAsync, cancellationToken);

    /// <summary>Sets the budget.</summary>
    public async Task<SessionAnswer> SetBudgetAsync(string dollars, string? reason = null, CancellationToken cancellationToken = default) =>
        await GrantedAsync(
            new SetBudgetCommand { Budget = Money.Parse(dollars), Reason = reason },
            Whole().SetBudgetAsync,
            cancellationToken
        );

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

    /// <summary>Ends the session, or this shared child, and gives its final report.</summary>
    public async Task<SessionReport> CloseAsync(CancellationToken cancellationToken = default)
    {
        var answer = await link.CloseAsync(cancellationToken);
        await link.ThrowIfRefusedAsync(answer);
        link.Stop.Stop();
        return await ReportAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Ends the session from outside, as an operator does; its report says <c>stopped</c>. Its owner closes it.</summary>
    /// <param name="reason">Why, for the timeline: up to <see cref="Bounds.ReasonLength"/> characters.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have ended all the same.</param>
    /// <exception cref="RefusedException">The session is unknown.</exception>
    public async Task<SessionAnswer> StopAsync(string? reason = null, CancellationToken cancellationToken = default)
    {
        var answer = await GrantedAsync(new CloseCommand { IsStop = true, Reason = reason }, Whole().CloseAsync, cancellationToken);
        link.Stop.Stop();
        return answer;
    }

    /// <summary>The report.</summary>
    /// <param name="events">How many entries of the timeline to carry. Default 0; up to <see cref="SessionReport.MaxEvents"/>.</param>
    /// <param name="fromSequence">The first of them. Default: the first.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">The session, or this child of it, is unknown.</exception>
    public async Task<SessionReport> ReportAsync(int events = 0, long fromSequence = 1, CancellationToken cancellationToken = default) =>
        await link.FindReportAsync(events, fromSequence, cancellationToken)
        ?? throw RefusedException.For(
            Id,
            new Refusal(Child is null ? RefusalReason.SessionUnknown : RefusalReason.ChildUnknown, Money.Zero),
            null
        );

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
    /// Stops watching and, if this client opened the session, closes it. A ledger that cannot be reached is not waited for and not
    /// reported: it would hide the program's own error, and the session ends by its idle time-out.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        link.Stop.Dispose();
        if (closesOnDispose)
            await link.TryCloseOnceAsync();
    }

    internal ToolCosts Tools => services.Prices.Tools;

    private async Task<SessionAnswer> ChargeAsync(ChargeCommand command, CancellationToken cancellationToken)
    {
        var answer = await labels.WithUserMarkAsync(
            labels.Labelled(command.Call),
            marked => link.SendAsync(command with { Call = marked }, Grain.ChargeAsync, cancellationToken)
        );
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

using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// How the reservation of a call ends: settled, given back, or as the policy for failed calls says. The first end of a call decides; who
/// comes later gets its answer.
/// </summary>
internal sealed class CallEnds(ClientServices services, SessionLink link, EndsUnderWay underWay)
{
    private readonly CallOutcomes outcomes = new(services);
    private readonly EndDelivery delivery = new(services, link, underWay);

    /// <summary>Settles with what the call really cost, as the program says of its result, and for a tool with what it returned.</summary>
    /// <exception cref="UncostedCallException">Nobody can say what it cost; it carries the result.</exception>
    /// <exception cref="UnsettledCallException">The ledger is gone, or refused it; it carries the result.</exception>
    public Task<SessionAnswer> SettleAsync<T>(OpenCall call, T result, Func<T, ActualCost> costOf) =>
        !delivery.TryBegin(call) ? call.WhenEndedAsync()
        : call.Undelivered is { } undelivered ? SendSettlementAsync(call, result, undelivered, uncosted: null)
        : SendSettlementAsync(call, result, services.User.AskAsync(new CostQuestion<T>(call, result, costOf)), end: null, uncosted: null);

    /// <summary>The same where the cost is known.</summary>
    public Task<SessionAnswer> SettleAsync<T>(OpenCall call, T result, in ActualCost cost)
    {
        if (!delivery.TryBegin(call))
            return call.WhenEndedAsync();
        Exception? uncosted = null;
        if (call.Undelivered is not { } end)
        {
            try
            {
                end = outcomes.SettlementOf(call, result, cost.Price(call.Pricing, call.Call), out uncosted);
            }
            catch (Exception failure)
            {
                (end, uncosted) = (outcomes.Uncosted(call, failure), failure);
            }
        }

        return SendSettlementAsync(call, result, end, uncosted);
    }

    /// <summary>The same of a stream.</summary>
    public Task<SessionAnswer> SettleStreamAsync<T>(OpenCall call, T result, ResponseUsage seen)
    {
        if (!delivery.TryBegin(call))
            return call.WhenEndedAsync();
        Exception? uncosted = null;
        if (call.Undelivered is not { } end)
        {
            try
            {
                end = outcomes.SettlementOf(call, result, outcomes.CostOfStream(call, seen), out uncosted);
            }
            catch (Exception failure)
            {
                (end, uncosted) = (outcomes.Uncosted(call, failure), failure);
            }
        }

        return SendSettlementAsync(call, result, end, uncosted);
    }

    private Task<SessionAnswer> SendSettlementAsync<T>(OpenCall call, T result, SessionCommand end, Exception? uncosted) =>
        SendSettlementAsync(call, result, asked: null, end, uncosted);

    // One method, so that a call waits in one place for what it cost and for the ledger.
    private async Task<SessionAnswer> SendSettlementAsync<T>(
        OpenCall call,
        T result,
        Task<PricedCost?>? asked,
        SessionCommand? end,
        Exception? uncosted
    )
    {
        try
        {
            if (asked is not null)
                end = outcomes.SettlementOf(call, result, await asked, out uncosted);
        }
        catch (Exception failure)
        {
            (end, uncosted) = (outcomes.Uncosted(call, failure), failure);
        }

        SessionAnswer answer;
        try
        {
            answer = end is SettleCommand settlement ? await link.SettleAsync(settlement) : await SendAsync(call, end!);
        }
        catch (Exception exception)
        {
            if (end is SettleCommand)
            {
                delivery.NotDelivered(call, end, exception);
                SendLater(call, exception);
            }

            if (exception is not BudgetUnavailableException unavailable)
                throw;
            if (uncosted is not null)
                throw new BudgetUnavailableException(unavailable.Message, new AggregateException(uncosted, unavailable));
            if (end is SettleCommand settle)
                throw new UnsettledCallException(NoResult.OrNull(result), settle with { IsKeyFresh = false }, unavailable);
            throw;
        }

        if (end is SettleCommand settled)
            await delivery.DeliveredAsync(call, settled, answer);
        if (uncosted is not null)
            throw new UncostedCallException(NoResult.OrNull(result), uncosted);
        if (answer.Refusal is not null)
            await ThrowRefusedAsync(result, end!, answer);
        return answer;
    }

    // A result is worth more than the word of a ledger: it goes with that.
    private Task ThrowRefusedAsync<T>(T result, SessionCommand end, SessionAnswer answer) =>
        end is SettleCommand settle && result is not NoResult
            ? throw new UnsettledCallException(result, settle, RefusedException.For(link.Id, answer.Refusal!, report: null))
            : link.ThrowIfRefusedAsync(answer);

    /// <summary>Gives all of it back.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger is gone.</exception>
    public async Task<SessionAnswer> ReleaseAsync(OpenCall call) =>
        delivery.TryBegin(call) ? await SendAsync(call, call.Undelivered ?? outcomes.Release(call, error: 0)) : await call.WhenEndedAsync();

    /// <summary>Ends the reservation of a call that failed, as the policy for failed calls says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="seen">What was seen of it, where it is a stream; null for any other call.</param>
    /// <param name="isBegun">Whether something of it came, whatever it said.</param>
    /// <returns>The answer; null where the call is kept open.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger is gone as well; the inner exception holds both errors.</exception>
    public async Task<SessionAnswer?> FailAsync(OpenCall call, Exception failure, ResponseUsage? seen, bool isBegun = false)
    {
        if (!delivery.TryBegin(call))
            return await call.WhenEndedAsync();
        // A stream of which something came was answered, and is billed, whatever ended it.
        isBegun |= seen is not null && (seen.Completeness != UsageCompleteness.None || seen.TextBytes > 0);
        var outcome = isBegun ? FailedCall.SettleReserved : await outcomes.OutcomeOfAsync(failure);
        if ((call.Undelivered ?? outcomes.EndOf(call, outcome, failure, seen)) is not { } end)
        {
            call.IsKeptOpen = true;
            Abandon(call);
            return null;
        }

        try
        {
            return await SendAsync(call, end);
        }
        catch (BudgetUnavailableException unavailable)
        {
            throw new BudgetUnavailableException(unavailable.Message, new AggregateException(failure, unavailable));
        }
    }

    /// <summary>Settles a call whose handle was dropped, or a stream that its reader gave up: nobody knows what became of it. Never
    /// throws.</summary>
    public async Task DropAsync(OpenCall call, ResponseUsage? seen)
    {
        if (call.HasEnded || !delivery.TryBegin(call))
            return;
        try
        {
            await SendAsync(call, call.Undelivered ?? outcomes.CutOf(call, seen, error: 0));
        }
        catch (Exception exception)
        {
            ClientLog.DroppedCallLate(services.Logger, exception);
        }
    }

    /// <summary>What can be generated of a call unseen, once it is cut; null where its provider does not stop.</summary>
    public long? UnseenTokens(OpenCall call) => outcomes.UnseenTokens(call);

    /// <summary>The same, with all that it can have generated since it was granted.</summary>
    public long? UnseenTokensSoFar(OpenCall call) => outcomes.UnseenTokensSoFar(call);

    // Nothing was decided: its end is still to come.
    private void Abandon(OpenCall call)
    {
        underWay.Remove(call);
        call.NotEnded(command: null, new InvalidOperationException("The call is kept open; its end is still to come."));
        services.Keeper.Add(call);
    }

    private async Task<SessionAnswer> SendAsync(OpenCall call, SessionCommand end)
    {
        try
        {
            return await delivery.SendAsync(call, end);
        }
        catch (Exception exception)
        {
            SendLater(call, exception);
            throw;
        }
    }

    private void SendLater(OpenCall call, Exception exception)
    {
        // A silo in this process that was stopped does not come back.
        if (exception is BudgetUnavailableException { InnerException: ObjectDisposedException } || !services.Late.TryAdd(call, delivery))
            ClientLog.EndLost(services.Logger, exception);
    }

    private sealed class CostQuestion<T>(OpenCall call, T result, Func<T, ActualCost> costOf)
        : UserQuestion<PricedCost?>("What says the cost of the call")
    {
        protected override PricedCost? Ask() => costOf(result).Price(call.Pricing, call.Call);
    }
}

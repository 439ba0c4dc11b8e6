using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>The money around a call: set aside before it, settled or given back after it.</summary>
internal sealed class CallMoney(ClientServices services, SessionLink link)
{
    private readonly UserCode user = new(services.Time);

    public async Task<Reservation> ReserveAsync(Money cost, Call call, bool isFinal, CancellationToken cancellationToken)
    {
        var command = new ReserveCommand
        {
            Amount = cost,
            Call = call,
            IsFinal = isFinal,
            Child = link.Child,
            TimeToLive = services.Options.ReservationTimeToLive,
        };
        var wait = new MoneyWait(services, link);
        while (true)
        {
            var answer = await wait.ReserveAsync(command, cancellationToken);
            if (answer.IsGranted)
            {
                var reservation = new Reservation(answer.ReservationId, answer.Amount, call, link.Child, answer.ExpiresAt!.Value);
                await link.TellAsync(answer);
                if (!cancellationToken.IsCancellationRequested)
                    return reservation;
                // The call would fail at once, as one that may have been billed; it was never made.
                await EndAsync(reservation, call, FailedCall.Release);
                cancellationToken.ThrowIfCancellationRequested();
            }

            await link.TellAsync(answer);
            // What comes too often is slowed down by the session's own rule; no money is lacking.
            if (answer.Refusal is not { Reason: RefusalReason.Throttled, RetryAfter: { } pause } || pause > wait.Left)
                await link.ThrowIfRefusedAsync(answer);
            else
                await Task.Delay(pause, services.Time, cancellationToken);
        }
    }

    /// <summary>Settles with what the call really cost.</summary>
    /// <exception cref="UncostedCallException">Nobody can say what it cost; it carries the result.</exception>
    /// <exception cref="UnsettledCallException">The ledger is gone; it carries the result.</exception>
    public async Task SettleAsync<T>(Reservation reservation, Call call, string? argumentsJson, T result, Func<PricedCost?> costOf)
    {
        SettleCommand settle;
        try
        {
            // Where nobody said what was used, all that was set aside may have been.
            var (cost, priced) =
                await user.AskAsync(costOf, "What says the cost of the call")
                ?? new PricedCost(reservation.Amount, call with { Source = CostSource.Reserved });
            if (priced.Kind == CallKind.Tool && priced.Result == 0)
                priced = ToolResult.Report(priced, result, argumentsJson);
            settle = new SettleCommand
            {
                ReservationId = reservation.Id,
                Cost = cost,
                Call = priced,
                Key = services.Calls.NewKey(),
                IsKeyFresh = true,
            };
            settle.Validate();
        }
        catch (Exception failure)
        {
            // The money may be gone and nobody can say how much: all that was set aside counts as spent, and the entry says so.
            await EndFailedAsync(reservation, call, FailedCall.SettleReserved, failure, argumentsJson);
            throw new UncostedCallException(result, failure);
        }

        SessionAnswer answer;
        try
        {
            answer = await link.SendUntoldAsync(settle, link.Grain.SettleAsync, CancellationToken.None);
        }
        catch (BudgetUnavailableException unavailable)
        {
            throw new UnsettledCallException(result, settle with { IsKeyFresh = false }, unavailable);
        }

        await link.TellAsync(answer);
        await link.ThrowIfRefusedAsync(answer);
    }

    /// <summary>A cost, but no more than was set aside.</summary>
    public static PricedCost? Within(Reservation reservation, PricedCost? cost) =>
        cost is { } some && some.Cost > reservation.Amount ? some with { Cost = reservation.Amount } : cost;

    /// <summary>Ends the reservation of a stream that was cut or cancelled: by what it said, by the most that it can have used, or
    /// whole.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger is gone as well; the inner exception holds both errors.</exception>
    public async Task EndCutAsync(
        Reservation reservation,
        Call call,
        CallPricing pricing,
        ResponseUsage seen,
        StreamBound bound,
        Exception failure
    )
    {
        var isBegun = seen.Completeness != UsageCompleteness.None || seen.TextBytes > 0;
        if (!isBegun && await OutcomeOfAsync(failure) == FailedCall.Release)
        {
            await EndFailedAsync(reservation, call, FailedCall.Release, failure, argumentsJson: null);
            return;
        }

        PricedCost? cost = null;
        try
        {
            cost = ActualCost.Of(seen).Price(pricing, call) ?? Within(reservation, ResponseCost.Bound(seen, pricing, call, bound));
        }
        catch (Exception exception) when (exception is UnpricedCallException or ArgumentException)
        {
            // The failure of the call is what the caller has to see; without a price all that was set aside counts as spent.
            ClientLog.CutStreamUnpriced(services.Logger, exception);
        }

        if (cost is null)
        {
            await EndFailedAsync(reservation, call, FailedCall.SettleReserved, failure, argumentsJson: null);
            return;
        }

        try
        {
            var settle = new SettleCommand
            {
                ReservationId = reservation.Id,
                Cost = cost.Value.Cost,
                Call = cost.Value.Call,
            };
            await link.SendAsync(settle, link.Grain.SettleAsync, CancellationToken.None);
        }
        catch (BudgetUnavailableException unavailable)
        {
            throw new BudgetUnavailableException(unavailable.Message, new AggregateException(failure, unavailable));
        }
    }

    /// <summary>Ends the reservation of a call that failed, as the policy for failed calls says.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger is gone as well; the inner exception holds both errors.</exception>
    public async Task EndFailedAsync(Reservation reservation, Call call, Exception failure, string? argumentsJson) =>
        await EndFailedAsync(reservation, call, await OutcomeOfAsync(failure), failure, argumentsJson);

    private async Task<FailedCall> OutcomeOfAsync(Exception failure)
    {
        try
        {
            return await user.AskAsync(() => services.Options.OnFailedCall(failure), nameof(services.Options.OnFailedCall));
        }
        catch (Exception exception)
        {
            // The call may have been billed, and its own error is what the caller has to see.
            ClientLog.FailedCallPolicyFailed(services.Logger, exception);
            return FailedCall.SettleReserved;
        }
    }

    /// <summary>Ends the reservation of a call that failed.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger is gone as well; the inner exception holds both errors.</exception>
    private async Task EndFailedAsync(Reservation reservation, Call call, FailedCall outcome, Exception failure, string? argumentsJson)
    {
        try
        {
            await EndAsync(reservation, call, outcome, call.Kind == CallKind.Tool ? ToolResult.FingerprintOf(failure, argumentsJson) : 0);
        }
        catch (BudgetUnavailableException unavailable)
        {
            throw new BudgetUnavailableException(unavailable.Message, new AggregateException(failure, unavailable));
        }
    }

    private async Task EndAsync(Reservation reservation, Call call, FailedCall outcome, ulong error = 0)
    {
        if (outcome == FailedCall.Release)
        {
            await link.SendAsync(
                new ReleaseCommand { ReservationId = reservation.Id, Error = error },
                link.Grain.ReleaseAsync,
                CancellationToken.None
            );
            return;
        }

        var failed = call with { Source = CostSource.Reserved, Result = error, Failed = error != 0 };
        var settle = new SettleCommand
        {
            ReservationId = reservation.Id,
            Cost = reservation.Amount,
            Call = failed,
        };
        await link.SendAsync(settle, link.Grain.SettleAsync, CancellationToken.None);
    }
}

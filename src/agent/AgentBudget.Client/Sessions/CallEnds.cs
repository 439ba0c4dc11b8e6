using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// How the reservation of a call ends: settled, given back, or as the policy for failed calls says. The first end of a call decides; who
/// comes later gets its answer.
/// </summary>
internal sealed class CallEnds(ClientServices services, SessionLink link, EndsUnderWay underWay)
{
    private readonly UserCode user = new(services.Time);
    private readonly EstimateWatch estimates = new();

    /// <summary>Settles with what the call really cost, and for a tool with what it returned.</summary>
    /// <exception cref="UncostedCallException">Nobody can say what it cost; it carries the result.</exception>
    /// <exception cref="UnsettledCallException">The ledger is gone; it carries the result.</exception>
    public async Task<SessionAnswer> SettleAsync<T>(OpenCall call, T result, Func<PricedCost?> costOf)
    {
        if (!TryBegin(call))
            return await call.WhenEndedAsync();
        SessionCommand? end = call.Undelivered;
        Exception? uncosted = null;
        if (end is null)
            (end, uncosted) = await SettlementOfAsync(call, result, costOf);
        SessionAnswer answer;
        try
        {
            answer = await SendAsync(call, end);
        }
        catch (BudgetUnavailableException unavailable) when (uncosted is not null)
        {
            throw new BudgetUnavailableException(unavailable.Message, new AggregateException(uncosted, unavailable));
        }
        catch (BudgetUnavailableException unavailable) when (end is SettleCommand settle)
        {
            throw new UnsettledCallException(NoResult.OrNull(result), settle with { IsKeyFresh = false }, unavailable);
        }

        if (uncosted is not null)
            throw new UncostedCallException(NoResult.OrNull(result), uncosted);
        await link.ThrowIfRefusedAsync(answer);
        return answer;
    }

    /// <summary>Gives all of it back.</summary>
    /// <exception cref="BudgetUnavailableException">The ledger is gone.</exception>
    public async Task<SessionAnswer> ReleaseAsync(OpenCall call) =>
        TryBegin(call) ? await SendAsync(call, call.Undelivered ?? Release(call, error: 0)) : await call.WhenEndedAsync();

    /// <summary>Ends the reservation of a call that failed, as the policy for failed calls says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="failure">How it failed.</param>
    /// <param name="seen">What was seen of it, where it is a stream; null for any other call.</param>
    /// <param name="isBegun">Whether something of it came, whatever it said.</param>
    /// <returns>The answer; null where the call is kept open.</returns>
    /// <exception cref="BudgetUnavailableException">The ledger is gone as well; the inner exception holds both errors.</exception>
    public async Task<SessionAnswer?> FailAsync(OpenCall call, Exception failure, ResponseUsage? seen, bool isBegun = false)
    {
        if (!TryBegin(call))
            return await call.WhenEndedAsync();
        // A stream of which something came was answered, and is billed, whatever ended it.
        isBegun |= seen is not null && (seen.Completeness != UsageCompleteness.None || seen.TextBytes > 0);
        var outcome = isBegun ? FailedCall.SettleReserved : await OutcomeOfAsync(failure);
        if ((call.Undelivered ?? EndOf(call, outcome, failure, seen)) is not { } end)
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
        if (call.HasEnded || !TryBegin(call))
            return;
        try
        {
            await SendAsync(call, call.Undelivered ?? CutOf(call, seen, error: 0));
        }
        catch (Exception exception)
        {
            ClientLog.DroppedCallUnsettled(services.Logger, exception);
        }
    }

    /// <summary>What a stream cost that has come to its end or was cut: by what it said, or the most that it can have used.</summary>
    public PricedCost? CostOfStream(OpenCall call, ResponseUsage seen) =>
        ActualCost.Of(seen).Price(call.Pricing, call.Call)
        ?? Within(call.Granted, ResponseCost.Bound(seen, call.Pricing, call.Call, BoundOf(call)));

    private StreamBound BoundOf(OpenCall call) =>
        new(
            services.Time.GetElapsedTime(call.Began),
            call.Estimate.InputTokens,
            call.MaxOutputTokens ?? call.Estimate.MaxOutputTokens,
            services.Options.StreamTokensPerSecond
        )
        {
            Beside = call.Estimate.Beside,
            CountsSeenTextAlone = services.Options.CutStreams == CutStreams.SeenText,
        };

    private static PricedCost? Within(Money granted, PricedCost? cost) =>
        cost is { } some && some.Cost > granted ? some with { Cost = granted } : cost;

    private bool TryBegin(OpenCall call)
    {
        if (!call.TryBeginEnd())
            return false;
        underWay.Add(call);
        services.Keeper.Remove(call);
        return true;
    }

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
            var answer = end switch
            {
                SettleCommand settle => await link.SendUntoldAsync(settle, link.Grain.SettleAsync, CancellationToken.None),
                ReleaseCommand release => await link.SendUntoldAsync(release, link.Grain.ReleaseAsync, CancellationToken.None),
                _ => throw new NotSupportedException($"{end.GetType().Name} ends no call."),
            };
            call.EndedBy(
                !answer.IsGranted ? CallEnd.Open
                    : end is SettleCommand ? CallEnd.Settled
                    : CallEnd.Released,
                answer
            );
            underWay.Remove(call);
            await link.TellAsync(answer);
            if (end is SettleCommand settled && estimates.See(call.Call.Name, call.Requested, settled.Cost) is { } tooLow)
                await link.TellUnderestimatedAsync(tooLow);
            return answer;
        }
        catch (Exception exception) when (call.End == CallEnd.Open)
        {
            underWay.Remove(call);
            call.NotEnded(end with { IsKeyFresh = false }, exception);
            throw;
        }
    }

    // Where nobody said what was used, or nobody can say what that costs, all that was set aside may have been.
    private async Task<(SettleCommand End, Exception? Uncosted)> SettlementOfAsync<T>(OpenCall call, T result, Func<PricedCost?> costOf)
    {
        try
        {
            var (cost, priced) =
                await user.AskAsync(costOf, "What says the cost of the call")
                ?? new PricedCost(call.Granted, call.Call with { Source = CostSource.Reserved });
            if (priced.Kind == CallKind.Tool && priced.Result == 0 && result is not NoResult)
                priced = ToolResult.Report(priced, result, call.Estimate.ArgumentsJson);
            var settle = Settle(call, cost, priced);
            settle.Validate();
            return (settle, null);
        }
        catch (Exception failure)
        {
            // The money may be gone and nobody can say how much: all that was set aside counts as spent, and the entry says so.
            return (Whole(call, call.Granted, FingerprintOf(call, failure)), failure);
        }
    }

    private SessionCommand? EndOf(OpenCall call, FailedCall outcome, Exception failure, ResponseUsage? seen)
    {
        var error = FingerprintOf(call, failure);
        return outcome switch
        {
            FailedCall.KeepOpen => null,
            FailedCall.Release => Release(call, error),
            _ when seen is not null => CutOf(call, seen, error),
            _ => Whole(call, SumOf(call.Granted, FailedCalls.UnansweredAttempts(failure)), error),
        };
    }

    private SettleCommand CutOf(OpenCall call, ResponseUsage? seen, ulong error)
    {
        try
        {
            if (seen is not null && CostOfStream(call, seen) is { } cost)
                return Settle(call, cost.Cost, cost.Call);
        }
        catch (Exception exception) when (exception is UnpricedCallException or ArgumentException)
        {
            // The failure of the call is what the caller has to see; without a price all that was set aside counts as spent.
            ClientLog.CutStreamUnpriced(services.Logger, exception);
        }

        return Whole(call, call.Granted, error);
    }

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

    // Each attempt that nobody answered may have been billed in full.
    private static Money SumOf(Money granted, int attempts) =>
        granted.NanoDollars > Money.MaxAmount.NanoDollars / attempts
            ? Money.MaxAmount
            : Money.FromNanoDollars(granted.NanoDollars * attempts);

    private static ulong FingerprintOf(OpenCall call, Exception failure) =>
        call.Call.Kind == CallKind.Tool ? ToolResult.FingerprintOf(failure, call.Estimate.ArgumentsJson) : 0;

    private ReleaseCommand Release(OpenCall call, ulong error) =>
        new()
        {
            ReservationId = call.ReservationId,
            Error = error,
            Key = services.Calls.NewKey(),
            IsKeyFresh = true,
        };

    private SettleCommand Whole(OpenCall call, Money cost, ulong error) =>
        Settle(call, cost, call.Call with { Source = CostSource.Reserved, Result = error, Failed = error != 0 });

    private SettleCommand Settle(OpenCall call, Money cost, Call priced) =>
        new()
        {
            ReservationId = call.ReservationId,
            Cost = cost,
            Call = priced,
            Key = services.Calls.NewKey(),
            IsKeyFresh = true,
        };
}

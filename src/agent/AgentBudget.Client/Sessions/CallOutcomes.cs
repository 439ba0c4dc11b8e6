using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>What becomes of the money of a call by what is known of it: the settlement or the release that ends it.</summary>
internal sealed class CallOutcomes(ClientServices services)
{
    /// <summary>What a stream cost that has come to its end or was cut: by what it said, or the most that it can have used.</summary>
    /// <param name="call">The call.</param>
    /// <param name="seen">What it said.</param>
    /// <param name="isClosedHere">Whether it was closed on this side: a provider whose reader the network took away may not notice, and go
    /// on. Otherwise null is answered, unless the user has what was seen counted alone.</param>
    public PricedCost? CostOfStream(OpenCall call, ResponseUsage seen, bool isClosedHere = true) =>
        ActualCost.Of(seen).Price(call.Pricing, call.Call)
        ?? (
            isClosedHere || services.Options.CutStreams == CutStreams.SeenText
                ? Within(call.Granted, ResponseCost.Bound(seen, call.Pricing, call.Call, BoundOf(call)))
                : null
        );

    /// <summary>What can be generated of a call unseen, once it is cut; null where its provider does not stop.</summary>
    public long? UnseenTokens(OpenCall call) =>
        new StreamBound(TimeSpan.Zero, 0, null, services.Options.StreamTokensPerSecond).UnseenTokens(call.Pricing.StreamCutOf(call.Call));

    /// <summary>The same, with all that it can have generated since it was granted.</summary>
    public long? UnseenTokensSoFar(OpenCall call) => BoundOf(call).UnseenTokens(call.Pricing.StreamCutOf(call.Call));

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

    // Where nobody said what was used, or the ledger would not take what was said, all that was set aside may have been.
    public SettleCommand SettlementOf<T>(OpenCall call, T result, PricedCost? said, out Exception? uncosted)
    {
        try
        {
            uncosted = null;
            var (cost, priced) = said ?? new PricedCost(call.Granted, call.Call with { Source = CostSource.Reserved });
            if (priced.Kind == CallKind.Tool && priced.Result == 0 && result is not NoResult)
                priced = ToolResult.Report(priced, result, call.Estimate.ArgumentsJson);
            var settle = Settle(call, cost, priced);
            settle.Validate();
            return settle;
        }
        catch (Exception failure)
        {
            uncosted = failure;
            return Uncosted(call, failure);
        }
    }

    // The money may be gone and nobody can say how much: all that was set aside counts as spent, and the entry says so.
    public SettleCommand Uncosted(OpenCall call, Exception failure) => Whole(call, call.Granted, FingerprintOf(call, failure));

    public SessionCommand? EndOf(OpenCall call, FailedCall outcome, Exception failure, ResponseUsage? seen)
    {
        var error = FingerprintOf(call, failure);
        return outcome switch
        {
            FailedCall.KeepOpen when !call.IsOutOfReach => null,
            FailedCall.Release => Release(call, error),
            _ => FailedOf(call, failure, seen, error),
        };
    }

    private SettleCommand FailedOf(OpenCall call, Exception failure, ResponseUsage? seen, ulong error)
    {
        var attempts = FailedCalls.UnansweredAttempts(failure);
        return seen is not null && PricedOf(call, seen, attempts == 1 && FailedCalls.IsGivenUpHere(failure)) is { } cost
            ? Settle(call, cost.Cost, cost.Call)
            : Whole(call, SumOf(call.Granted, attempts), error);
    }

    /// <summary>What ends a call that was given up on this side.</summary>
    public SettleCommand CutOf(OpenCall call, ResponseUsage? seen, ulong error) =>
        seen is not null && PricedOf(call, seen, isClosedHere: true) is { } cost
            ? Settle(call, cost.Cost, cost.Call)
            : Whole(call, call.Granted, error);

    private PricedCost? PricedOf(OpenCall call, ResponseUsage seen, bool isClosedHere)
    {
        try
        {
            return CostOfStream(call, seen, isClosedHere);
        }
        catch (Exception exception) when (exception is UnpricedCallException or ArgumentException)
        {
            // The failure of the call is what the caller has to see; without a price all that was set aside counts as spent.
            ClientLog.CutStreamUnpriced(services.Logger, exception);
            return null;
        }
    }

    public async Task<FailedCall> OutcomeOfAsync(Exception failure)
    {
        try
        {
            return await services.User.AskAsync(() => services.Options.OnFailedCall(failure), nameof(services.Options.OnFailedCall));
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

    public ReleaseCommand Release(OpenCall call, ulong error) =>
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

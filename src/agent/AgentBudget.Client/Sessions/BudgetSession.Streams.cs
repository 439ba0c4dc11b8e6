using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

public sealed partial class BudgetSession
{
    /// <summary>
    /// Sets money aside, makes a streamed call, and settles with what the stream says, however it ends: with its final usage; cut or
    /// cancelled, where the price table says that its provider then stops, with the most that it can have used until then
    /// (<see cref="CostSource.Estimated"/>), never more than was set aside; and else with all that was set aside
    /// (<see cref="CostSource.Reserved"/>). <see cref="AgentBudgetClientOptions.CutStreams"/> can have what was seen counted alone.
    /// </summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">The call. It hands what it reads to the <see cref="StreamedCall"/>. Not made when the money is refused.</param>
    /// <param name="isFinal">Whether this is the last call, which may use the finalization reserve.</param>
    /// <param name="cancellationToken">Cancels the call; settling is never cancelled.</param>
    /// <remarks>
    /// A call that fails before anything of its response was seen is given back or settled as
    /// <see cref="AgentBudgetClientOptions.OnFailedCall"/> says; from then on the provider bills. The exceptions are those of
    /// <see cref="WrapAsync"/>.
    /// </remarks>
    public async Task<T> WrapStreamAsync<T>(
        CallEstimate estimate,
        Func<StreamedCall, CancellationToken, Task<T>> call,
        bool isFinal = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(call);
        var pricing = CallPricing.Now(services, unknownModels);
        var (cost, unlabelled) = estimate.Price(pricing);
        var priced = labels.Labelled(unlabelled);
        var reservation = await labels.WithUserMarkAsync(priced, marked => money.ReserveAsync(cost, marked, isFinal, cancellationToken));
        var stream = new StreamedCall(new ResponseOrigin(priced.Provider, priced.Name, priced.Region));
        var started = services.Time.GetTimestamp();
        T result;
        try
        {
            result = await call(stream, cancellationToken);
        }
        catch (Exception exception)
        {
            await money.EndCutAsync(reservation, priced, pricing, stream.Usage, Bound(), exception);
            throw;
        }

        await money.SettleAsync(reservation, priced, argumentsJson: null, result, Settle);
        return result;

        StreamBound Bound() =>
            new(
                services.Time.GetElapsedTime(started),
                estimate.InputTokens,
                estimate.MaxOutputTokens,
                services.Options.StreamTokensPerSecond
            )
            {
                Beside = estimate.Beside,
                CountsSeenTextAlone = services.Options.CutStreams == CutStreams.SeenText,
            };

        // A stream that was cut can end without an exception.
        PricedCost? Settle() =>
            ActualCost.Of(stream.Usage).Price(pricing, priced)
            ?? CallMoney.Within(reservation, ResponseCost.Bound(stream.Usage, pricing, priced, Bound()));
    }
}

using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;

namespace AgentBudget;

// Calls under a budget: money is set aside before each, and settled after it.
public sealed partial class BudgetSession
{
    /// <summary>Sets money aside for a call that the caller makes and ends by the handle.</summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="options">How it is set aside; null for all or nothing, as the client's options say.</param>
    /// <param name="cancellationToken">Gives up; money that was granted meanwhile goes back.</param>
    /// <returns>The handle. Dispose it: a call without an end counts as spent in full.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="MoneyRefusedException">The money was not granted: <see cref="BudgetExhaustedException"/>,
    /// <see cref="InsufficientNowException"/>, <see cref="CallTooLargeException"/>, <see cref="TenantExhaustedException"/>.</exception>
    /// <exception cref="LoopDetectedException">The agent repeats itself.</exception>
    /// <exception cref="SessionStoppedException">The session is paused or has ended.</exception>
    /// <exception cref="UnpricedCallException">The model is not in the price book.</exception>
    /// <exception cref="CallEndedException">The options name a key under which a call was made that has ended.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the call must not be made.</exception>
    public async Task<BudgetedCall> ReserveAsync(
        CallEstimate estimate,
        ReserveOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        return await SetAsideAsync(estimate, options ?? ReserveOptions.Default, cancellationToken);
    }

    /// <summary>The same for those who wait for it once, and at once.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<BudgetedCall> SetAsideAsync(CallEstimate estimate, ReserveOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        return HandleOf(await BeginAsync(estimate, options, cancellationToken));
    }

    /// <summary>What a call can cost at most, as it would be set aside now; nothing is.</summary>
    /// <param name="estimate">What is known of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnpricedCallException">The model is not in the price book.</exception>
    public async Task<Money> EstimateAsync(CallEstimate estimate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        var (kind, provider, name) = (estimate.Kind, estimate.Provider, estimate.Name);
        var pricing = await unknownModels.PricingOfAsync(services, kind, provider, name, cancellationToken);
        return estimate.Ask(pricing, ReserveOptions.Default).Amount;
    }

    /// <summary>Sets money aside, makes the call, and settles with what it really cost.</summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">The call. Not made when the money is refused.</param>
    /// <param name="costOf">What it cost, from its result: token counts or a sum. If it fails, or gives
    /// a usage of zero, the whole reservation counts as spent, and so it does with <see cref="ActualCost.NotSaid"/>.</param>
    /// <param name="isFinal">Whether this is the last call, which may use the finalization reserve.</param>
    /// <param name="cancellationToken">Cancels the call; settling is never cancelled.</param>
    /// <exception cref="MoneyRefusedException">The money was not granted, as its type says; the call was not made.</exception>
    /// <exception cref="LoopDetectedException">The agent repeats itself; the call was not made.</exception>
    /// <exception cref="SessionStoppedException">The session is paused or has ended; the call was not made.</exception>
    /// <exception cref="UnpricedCallException">The model is not in the price book; the call was not made.</exception>
    /// <exception cref="BudgetUnavailableException">The ledger cannot be reached; the call was not made, or failed by itself.</exception>
    /// <exception cref="UncostedCallException">The call was made, and <paramref name="costOf"/> cannot say what it cost; the result is in
    /// it.</exception>
    /// <exception cref="UnsettledCallException">The call was made and the ledger cannot be reached any more, or refuses its cost; the
    /// result is in it.</exception>
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
        var begun = await BeginAsync(estimate, isFinal ? ReserveOptions.Final : ReserveOptions.Default, cancellationToken);
        begun.IsOutOfReach = true;
        T result;
        try
        {
            result = await RunAsync(begun, call, cancellationToken);
        }
        catch (Exception exception)
        {
            await ends.FailAsync(begun, exception, seen: null);
            throw;
        }

        if (!begun.IsKeptOpen)
            await ends.SettleAsync(begun, result, costOf);
        return result;
    }

    /// <summary>The same for a call that is told what it was granted, so that it can be clamped
    /// (<see cref="ReserveOptions.LeastOutputTokens"/>), and may end itself.</summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">The call, given its handle. Not made when the money is refused.</param>
    /// <param name="costOf">What it cost, from its result; not asked where the call has ended itself.</param>
    /// <param name="options">How the money is set aside.</param>
    /// <param name="cancellationToken">Cancels the call; settling is never cancelled.</param>
    public async Task<T> WrapAsync<T>(
        CallEstimate estimate,
        Func<BudgetedCall, CancellationToken, Task<T>> call,
        Func<T, ActualCost> costOf,
        ReserveOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(costOf);
        var budgeted = await ReserveAsync(estimate, options, cancellationToken);
        T result;
        try
        {
            using (budgeted.Enter())
                result = await call(budgeted, cancellationToken);
        }
        catch (Exception exception)
        {
            await budgeted.FailAsync(exception);
            throw;
        }

        if (!budgeted.HasEnded)
            await budgeted.SettleAsync(result, costOf);
        return result;
    }

    // What it sends is an attempt of this call, wherever it is read off the wire.
    private async Task<T> RunAsync<T>(OpenCall begun, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (begun.Call.Kind != CallKind.Model)
        {
            BudgetedCall.EnterNone();
            return await call(cancellationToken);
        }

        using (HandleOf(begun).Enter())
            return await call(cancellationToken);
    }

    private BudgetedCall HandleOf(OpenCall call) => new(call, ends, this);

    private ValueTask<OpenCall> BeginAsync(CallEstimate estimate, ReserveOptions options, CancellationToken cancellationToken)
    {
        var pricing = unknownModels.PricingOfAsync(services, estimate.Kind, estimate.Provider, estimate.Name, cancellationToken);
        return pricing.IsCompletedSuccessfully
            ? money.ReserveAsync(estimate, options, pricing.Result, labels, cancellationToken)
            : BeginLaterAsync(estimate, options, pricing, cancellationToken);
    }

    private async ValueTask<OpenCall> BeginLaterAsync(
        CallEstimate estimate,
        ReserveOptions options,
        ValueTask<CallPricing> pricing,
        CancellationToken cancellationToken
    ) => await money.ReserveAsync(estimate, options, await pricing, labels, cancellationToken);
}

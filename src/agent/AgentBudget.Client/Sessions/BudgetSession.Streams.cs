using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;

namespace AgentBudget;

public sealed partial class BudgetSession
{
    /// <summary>
    /// Sets money aside, makes a streamed call, and settles with what the stream says, however it ends: with its final usage; cut or
    /// cancelled on this side, where the price table says that its provider then stops, with the most that it can have used until then
    /// (<see cref="CostSource.Estimated"/>), never more than was set aside; and else with all that was set aside
    /// (<see cref="CostSource.Reserved"/>). <see cref="AgentBudgetClientOptions.CutStreams"/> can have what was seen counted alone.
    /// </summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">The call. It hands what it reads to the <see cref="StreamedCall"/>. Not made when the money is refused.</param>
    /// <param name="isFinal">Whether this is the last call, which may use the finalization reserve.</param>
    /// <param name="cancellationToken">Cancels the call; settling is never cancelled.</param>
    /// <exception cref="SessionStoppedException">The session is paused or has ended: the call was not made, or it was cut.</exception>
    /// <remarks>
    /// The token that the call is given fires as well when the session is paused or ends; that a budget is exhausted meanwhile cuts
    /// nothing. A call that fails before anything of its response was seen is given back or settled as
    /// <see cref="AgentBudgetClientOptions.OnFailedCall"/> says; from then on the provider bills. The exceptions are those of
    /// <see cref="WrapAsync{T}(CallEstimate, Func{CancellationToken, Task{T}}, Func{T, ActualCost}, bool, CancellationToken)"/>.
    /// </remarks>
    public async Task<T> WrapStreamAsync<T>(
        CallEstimate estimate,
        Func<StreamedCall, CancellationToken, Task<T>> call,
        bool isFinal = false,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(call);
        var budgeted = await ReserveAsync(estimate, isFinal ? ReserveOptions.Final : null, cancellationToken);
        budgeted.KeepOutOfReach();
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(budgeted.CutToken, cancellationToken);
        T result;
        try
        {
            using (budgeted.Enter())
                result = await call(budgeted.Stream, cut.Token);
        }
        catch (Exception exception)
        {
            await budgeted.FailAsync(exception, budgeted.Stream.Usage);
            budgeted.ThrowIfCut(exception, cancellationToken);
            throw;
        }

        // A stream that was cut can end without an exception.
        await budgeted.SettleStreamOfAsync(result);
        return result;
    }

    /// <summary>
    /// The same for a stream of pieces, which come out as they come in: nothing is gathered, and only the piece that brings the final usage
    /// waits for the settlement. Money is set aside when the first piece is asked for: a stream that nobody reads costs nothing. One that
    /// its reader gives up is cut, and settled as such.
    /// </summary>
    /// <param name="estimate">What it may cost at most.</param>
    /// <param name="call">Begins the stream, given the handle of the call. Not called when the money is refused.</param>
    /// <param name="read">Hands on what a piece tells: its text, and its usage. What it throws is logged, and the piece comes out all the
    /// same.</param>
    /// <param name="options">How the money is set aside; null for all or nothing.</param>
    /// <param name="cancellationToken">Cancels the stream; settling is never cancelled.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SessionStoppedException">The session is paused or has ended: the call was not made, or it was cut.</exception>
    /// <remarks>The first piece brings the exceptions of <see cref="ReserveAsync"/>.</remarks>
    public IAsyncEnumerable<T> WrapStreamAsync<T>(
        CallEstimate estimate,
        Func<BudgetedCall, CancellationToken, IAsyncEnumerable<T>> call,
        Action<StreamedCall, T> read,
        ReserveOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(read);
        options?.Validate();
        return ReadAsync(estimate, call, new ReadingByProgram<T>(read, services.Logger), options, cancellationToken);
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(
        CallEstimate estimate,
        Func<BudgetedCall, CancellationToken, IAsyncEnumerable<T>> call,
        StreamReading<T> reading,
        ReserveOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var budgeted = await ReserveAsync(estimate, options, cancellationToken);
        await using var stream = new BudgetedStream<T>(budgeted, reading, cancellationToken);
        await stream.BeginAsync(call, static (begin, budgeted, token) => begin(budgeted, token));
        while (await stream.MoveNextAsync())
            yield return stream.Current;
    }
}

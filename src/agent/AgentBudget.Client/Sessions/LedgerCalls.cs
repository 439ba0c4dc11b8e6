using System.Runtime.CompilerServices;
using Orleans.Serialization;
using Polly;
using Polly.Retry;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Sends operations until their outcome is known. A time-out means unknown, so the operation goes out again, as it was and with the
/// same key; only the first time may the ledger take the key for a fresh one.
/// </summary>
internal sealed class LedgerCalls
{
    private static readonly ResiliencePropertyKey<long> Began = new("began");

    private readonly TimeProvider time;
    private readonly TimeSpan retryFor;
    private readonly ResiliencePipeline pipeline;

    public LedgerCalls(TimeProvider time, TimeSpan retryFor)
    {
        this.time = time;
        this.retryFor = retryFor;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    // The deadline ends it, not the count.
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = TimeSpan.FromMilliseconds(50),
                    MaxDelay = TimeSpan.FromSeconds(1),
                    UseJitter = true,
                    ShouldHandle = arguments => ValueTask.FromResult(MayRetry(arguments)),
                }
            )
            .Build();
    }

    /// <summary>A key for one intent.</summary>
    public string NewKey() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <summary>Sends an operation, with a fresh key when it has none. The opening of a session needs none: with the same options it is the
    /// same, however often it is sent.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; nothing was sent. On the wire, text that is none would become
    /// another.</exception>
    /// <exception cref="BudgetUnavailableException">The outcome stays unknown.</exception>
    /// <exception cref="GivenUpException">It was given up, and the outcome stays unknown.</exception>
    public Task<SessionAnswer> SendAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken,
        bool mayWait = false
    )
        where TCommand : SessionCommand
    {
        var first = command.Key is null && command is not OpenCommand ? command with { Key = NewKey(), IsKeyFresh = true } : command;
        first.Validate();
        return SendAsync(first, static sent => sent with { IsKeyFresh = false }, send, cancellationToken, mayWait).AsTask();
    }

    /// <summary>Sends something that is safe to send again.</summary>
    public Task<T> SendAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken) =>
        SendAsync(send, static sent => sent, static sent => sent(), cancellationToken).AsTask();

    /// <summary>Sends what a state stands for: nearly always once, and that way is short.</summary>
    /// <param name="state">What is sent first.</param>
    /// <param name="again">What is sent after that.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="mayWait">Whether the ledger may take its time for the answer: what is counted is then the time since it first
    /// failed.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> SendAsync<TState, T>(
        TState state,
        Func<TState, TState> again,
        Func<TState, Task<T>> send,
        CancellationToken cancellationToken,
        bool mayWait = false
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        Exception failure;
        try
        {
            return await send(state);
        }
        catch (Exception exception) when (IsAway(exception) || IsLostOnItsWay(exception))
        {
            failure = Told(exception);
        }

        return await SendAgainAsync(failure, again(state), send, mayWait ? time.GetTimestamp() : began, cancellationToken);
    }

    // The pipeline begins with the failure of the first attempt, as if it had made it.
    private async Task<T> SendAgainAsync<TState, T>(
        Exception failure,
        TState state,
        Func<TState, Task<T>> send,
        long began,
        CancellationToken cancellationToken
    )
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Began, began);
        var isFirst = true;
        try
        {
            return await pipeline.ExecuteAsync(async _ => await AttemptAsync(), context);
        }
        catch (Exception exception) when (IsUnknown(exception) && exception is not BudgetUnavailableException)
        {
            throw new BudgetUnavailableException(
                $"The budget ledger did not answer within {retryFor}; whether the operation was recorded is unknown.",
                exception
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new GivenUpException(cancellationToken);
        }
        catch (ObjectDisposedException exception)
        {
            // A silo in this process that was stopped while the program goes on; it will not come back.
            throw new BudgetUnavailableException("The budget ledger was stopped; start it again.", exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        Task<T> AttemptAsync()
        {
            var isLater = !isFirst;
            isFirst = false;
            return isLater ? ToldAsync(state, send) : throw failure;
        }
    }

    private static async Task<T> ToldAsync<TState, T>(TState state, Func<TState, Task<T>> send)
    {
        try
        {
            return await send(state);
        }
        catch (Exception exception) when (IsLostOnItsWay(exception))
        {
            throw Told(exception);
        }
    }

    // Nobody cancels a call once it is sent: a silo does, when it could not find a place for the session in the time that the message had.
    // What cannot be read is an exception inside a silo that no message can carry, such as that of a placement which took too long.
    private static bool IsLostOnItsWay(Exception exception) => exception is OperationCanceledException or CodecNotFoundException;

    private static Exception Told(Exception exception) =>
        exception switch
        {
            OperationCanceledException => new TimeoutException(
                "The call was given up on its way; whether it was carried out is unknown.",
                exception
            ),
            CodecNotFoundException => new TimeoutException(
                "The answer could not be read; whether the call was carried out is unknown.",
                exception
            ),
            _ => exception,
        };

    private bool MayRetry(RetryPredicateArguments<object> arguments) =>
        arguments.Outcome.Exception is { } exception
        && IsUnknown(exception)
        && time.GetElapsedTime(arguments.Context.Properties.GetValue(Began, 0)) < retryFor;

    /// <summary>Whether the ledger, rather than the operation, is what is wrong.</summary>
    public static bool IsAway(Exception exception) => IsUnknown(exception) || exception is ObjectDisposedException;

    private static bool IsUnknown(Exception exception) => exception is BudgetUnavailableException or TimeoutException or OrleansException;
}

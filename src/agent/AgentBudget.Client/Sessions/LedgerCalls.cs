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
    private static readonly ResiliencePropertyKey<long?> Began = new("began");

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
    public async Task<SessionAnswer> SendAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken,
        bool mayWait = false
    )
        where TCommand : SessionCommand
    {
        var first = command.Key is null && command is not OpenCommand ? command with { Key = NewKey(), IsKeyFresh = true } : command;
        first.Validate();
        var again = first with { IsKeyFresh = false };
        var isFirst = true;
        return await SendAsync(
            () =>
            {
                var attempt = isFirst ? first : again;
                isFirst = false;
                return send(attempt);
            },
            cancellationToken,
            mayWait
        );
    }

    /// <summary>Sends something that is safe to send again.</summary>
    /// <param name="send">Sends it once.</param>
    /// <param name="cancellationToken">Ends the retries.</param>
    /// <param name="mayWait">Whether the ledger may take its time for the answer: what is counted is then the time since it first
    /// failed.</param>
    public async Task<T> SendAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken, bool mayWait = false)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Began, mayWait ? null : time.GetTimestamp());
        try
        {
            return await pipeline.ExecuteAsync(async _ => await AnsweredAsync(send), context);
        }
        catch (Exception exception) when (IsUnknown(exception) && exception is not BudgetUnavailableException)
        {
            throw new BudgetUnavailableException(
                $"The budget ledger did not answer within {retryFor}; whether the operation was recorded is unknown.",
                exception
            );
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
    }

    // Nobody cancels a call once it is sent: a silo does, when it could not find a place for the session in the time that the message had.
    private static async Task<T> AnsweredAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send();
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The call was given up on its way; whether it was carried out is unknown.", exception);
        }
        catch (CodecNotFoundException exception)
        {
            // An exception inside a silo that no message can carry, such as that of a placement which took too long.
            throw new TimeoutException("The answer could not be read; whether the call was carried out is unknown.", exception);
        }
    }

    private bool MayRetry(RetryPredicateArguments<object> arguments)
    {
        if (arguments.Outcome.Exception is not { } exception || !IsUnknown(exception))
            return false;
        var properties = arguments.Context.Properties;
        if (properties.GetValue(Began, null) is not { } began)
            properties.Set(Began, began = time.GetTimestamp());
        return time.GetElapsedTime(began) < retryFor;
    }

    /// <summary>Whether the ledger, rather than the operation, is what is wrong.</summary>
    public static bool IsAway(Exception exception) => IsUnknown(exception) || exception is ObjectDisposedException;

    private static bool IsUnknown(Exception exception) => exception is BudgetUnavailableException or TimeoutException or OrleansException;
}

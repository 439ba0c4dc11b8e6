using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;
using AgentBudget.Client.Sessions;
using AgentBudget.Extensions.AI.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>The updates of a stream under a budget, passed on one by one as they come.</summary>
internal sealed class BudgetedUpdates : IAsyncDisposable
{
    private readonly BudgetedCall money;
    private readonly ChatCall call;
    private readonly StreamUsage usage;
    private readonly BudgetedStream<ChatResponseUpdate> stream;
    private readonly ILogger logger;
    private readonly CancellationToken cancellationToken;
    private StreamSteps? steps;
    private ChatResponseUpdate? last;
    private ResponseUsage? settled;

    public BudgetedUpdates(BudgetedCall money, ChatCall call, ILogger logger, CancellationToken cancellationToken)
    {
        this.money = money;
        this.call = call;
        this.logger = logger;
        this.cancellationToken = cancellationToken;
        usage = new StreamUsage(call.Origin, logger);
        stream = new(money, usage, cancellationToken);
    }

    public ChatResponseUpdate Current => last ?? stream.Current;

    /// <summary>That it was ended before it would have cost more than there was; null where it was not.</summary>
    public BudgetStop? Stop { get; private set; }

    /// <summary>Begins it.</summary>
    /// <param name="inner">The client that it goes to.</param>
    /// <param name="inSteps">Whether its money may grow as it goes on.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask BeginAsync(IChatClient inner, bool inSteps)
    {
        if (inSteps && call.FirstStep is { } step)
        {
            steps = new StreamSteps(money, call, step);
            await TakeFirstStepAsync(steps);
        }

        await stream.BeginAsync(
            (inner, call),
            static (of, _, token) => of.inner.GetStreamingResponseAsync(of.call.Messages, of.call.Options, token)
        );
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        if (last is not null)
            return false;
        if (steps is not null && stream.HasPiece && !money.HasEnded && !await steps.MayGoOnAsync(stream.Current, cancellationToken))
        {
            Stop = BudgetStop.OfOutput;
            last = new ChatResponseUpdate(ChatRole.Assistant, [])
            {
                FinishReason = ChatFinishReason.Length,
                ResponseId = usage.ResponseId,
                MessageId = stream.Current.MessageId,
            };
            return true;
        }

        return await MoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        usage.Dispose();
    }

    private async Task TakeFirstStepAsync(StreamSteps first)
    {
        try
        {
            await first.BeginAsync(cancellationToken);
        }
        catch
        {
            // Nothing has been sent.
            await money.ReleaseAsync();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MoveAsync()
    {
        bool isThere;
        try
        {
            isThere = await stream.MoveNextAsync();
        }
        catch (AgentBudgetException exception) when (exception is UncostedCallException or UnsettledCallException)
        {
            Settlement.Failed(exception, logger);
            return stream.HasPiece;
        }

        await ChargeLateAsync();
        if (isThere)
            Stop = call.StopOf(stream.Current.FinishReason);
        if (usage.IsInBackground)
            await KeepAsync();
        return isThere;
    }

    // A usage that comes behind the settlement; what a request took itself is seen on the wire.
    private ValueTask ChargeLateAsync()
    {
        if (money.End != CallEnd.Settled || money.Attempts.IsTaken || !money.Stream.IsFinal)
            return ValueTask.CompletedTask;
        var (before, said) = (settled, money.Stream.Usage);
        settled = said;
        return before is not null && said.Usage != before.Usage
            ? Settlement.WaitAsync(money.ChargeBeyondAsync(before, said), logger)
            : ValueTask.CompletedTask;
    }

    // Going away stops nothing of it, so that it is settled by its final usage alone, whoever reads that.
    private async Task KeepAsync()
    {
        if (!money.HasEnded && !PendingCalls.TryKeepOpen(usage.ResponseId, money))
        {
            ChatLog.NotKept(logger);
            await Settlement.WaitAsync(money.SettleAsync(ActualCost.NotSaid), logger);
        }

        if (money.Stream.IsFinal && PendingCalls.Take(usage.ResponseId) is { } kept)
            await Settlement.WaitAsync(kept.SettleStreamAsync(), logger);
    }
}

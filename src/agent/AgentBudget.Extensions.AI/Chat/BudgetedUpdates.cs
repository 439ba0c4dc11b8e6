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
    private readonly StreamUsage usage;
    private readonly BudgetedStream<ChatResponseUpdate> stream;
    private readonly ILogger logger;

    public BudgetedUpdates(BudgetedCall money, ResponseOrigin origin, ILogger logger, CancellationToken cancellationToken)
    {
        this.money = money;
        this.logger = logger;
        usage = new StreamUsage(origin);
        stream = new(money, new StreamReading<ChatResponseUpdate>(usage.Read, logger), cancellationToken);
    }

    public ChatResponseUpdate Current => stream.Current;

    public ValueTask BeginAsync(IChatClient inner, ChatCall call) =>
        stream.BeginAsync((_, token) => inner.GetStreamingResponseAsync(call.Messages, call.Options, token));

    public async ValueTask<bool> MoveNextAsync()
    {
        bool isThere;
        try
        {
            isThere = await stream.MoveNextAsync();
        }
        catch (UncostedCallException exception)
        {
            ChatLog.Uncosted(logger, exception);
            return stream.HasPiece;
        }
        catch (UnsettledCallException exception)
        {
            ChatLog.NotSettled(logger, exception);
            return stream.HasPiece;
        }

        if (usage.IsInBackground)
            await KeepAsync(isThere);
        return isThere;
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // Going away stops nothing of it, so that it is settled by its final usage alone, whoever reads that.
    private async Task KeepAsync(bool isThere)
    {
        if (!money.HasEnded)
            PendingResponses.KeepOpen(usage.ResponseId, money);
        if ((money.Stream.IsFinal || !isThere) && PendingResponses.Take(usage.ResponseId) is { } kept)
            await Settlement.RunAsync(() => kept.SettleStreamAsync(), logger);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;
using AgentBudget.Extensions.AI.Usage;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>A chat client whose calls a session pays for.</summary>
internal sealed class BudgetedChatClient(IChatClient inner, Func<BudgetSession?> findSession, AgentBudgetChatOptions budget, ILogger logger)
    : DelegatingChatClient(inner)
{
    private readonly WrapUp wrapUp = new(budget);

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        if (IsLook(messages, options))
        {
            StepKey.TakeFrom(ref options);
            return await LookAsync(messages, options!, cancellationToken);
        }

        var call = new ChatCall(InnerClient, messages, options, budget);
        var (money, stop) = await wrapUp.ReserveAsync(FindSession(), call, firstStep: null, cancellationToken);
        money.KeepOutOfReach();
        var span = ChatSpan.Current;
        ChatResponse response;
        try
        {
            using (money.Enter())
                response = await base.GetResponseAsync(call.Messages, call.Options, cancellationToken);
        }
        catch (Exception exception)
        {
            await money.FailAsync(exception);
            ChatSpan.Tell(span, money, stop);
            throw;
        }

        await Settlement.WaitAsync(EndAsync(call, money, response), logger);
        stop ??= call.StopOf(response.FinishReason);
        ChatSpan.Tell(span, money, stop);
        if (stop is not null)
            response.AdditionalProperties = response.AdditionalProperties.Add(stop);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        if (IsLook(messages, options))
        {
            StepKey.TakeFrom(ref options);
            await foreach (var update in GoOnAsync(messages, options!, cancellationToken))
                yield return update;
            yield break;
        }

        var call = new ChatCall(InnerClient, messages, options, budget);
        var (money, stop) = await wrapUp.ReserveAsync(FindSession(), call, call.FirstStep, cancellationToken);
        money.KeepOutOfReach();
        var span = ChatSpan.Current;
        try
        {
            await using var stream = new BudgetedUpdates(money, call, logger, cancellationToken);
            await stream.BeginAsync(InnerClient, inSteps: stop is null);
            while (await stream.MoveNextAsync())
            {
                stop ??= stream.Stop;
                if (stop is not null)
                    stream.Current.AdditionalProperties = stream.Current.AdditionalProperties.Add(stop);
                yield return stream.Current;
            }
        }
        finally
        {
            ChatSpan.Tell(span, money, stop);
        }
    }

    private BudgetSession FindSession() =>
        findSession()
        ?? BudgetSession.Current
        ?? throw new NoBudgetSessionException(
            "A call to a model was not made, because no session pays for it: enter one (BudgetSession.Enter), or have it found where the "
                + "budget is put into the pipeline (UseAgentBudget)."
        );

    // Messages beside a token may begin something new, which costs what any call does.
    private static bool IsLook(IEnumerable<ChatMessage> messages, [NotNullWhen(true)] ChatOptions? options) =>
        options?.ContinuationToken is not null && !messages.Any();

    private Task EndAsync(ChatCall call, BudgetedCall money, ChatResponse response)
    {
        // Off the wire it is known that the response is made in the background.
        if (money.IsKeptOpen)
            return Task.CompletedTask;
        if (call.Options?.ContinuationToken is not null && PendingCalls.IsKept(response.ResponseId))
            return EndAsLookAsync(money, response);
        if (response is { ContinuationToken: not null, Usage: null } && !money.HasEnded)
        {
            if (PendingCalls.TryKeepOpen(response.ResponseId, money))
                return Task.CompletedTask;
            ChatLog.NotKept(logger);
            return money.SettleAsync(ActualCost.NotSaid);
        }

        return !money.HasEnded && money.Attempts.WasAnsweredElsewhere(response.ResponseId)
            ? money.GiveBackAsync()
            : money.SettleAsync(ChatUsage.CostOf(response, call.Origin));
    }

    private static async Task EndAsLookAsync(BudgetedCall money, ChatResponse response)
    {
        await money.GiveBackAsync();
        await EndKeptAsync(response);
    }

    private static async Task EndKeptAsync(ChatResponse response)
    {
        if (response.ContinuationToken is null && PendingCalls.Take(response.ResponseId) is { } money)
            await money.SettleAsync(ChatUsage.CostOf(response, default));
    }

    // A look at what is made in the background costs nothing; when it is done, its money is settled.
    private async Task<ChatResponse> LookAsync(IEnumerable<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var response = await base.GetResponseAsync(messages, options, cancellationToken);
        await Settlement.WaitAsync(EndKeptAsync(response), logger);
        return response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> GoOnAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var usage = new StreamUsage(default, logger);
        var seen = new StreamedCall(default);
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            usage.Read(seen, update);
            if (seen.IsFinal && PendingCalls.Take(usage.ResponseId) is { } money)
                await Settlement.WaitAsync(money.SettleAsync(ActualCost.Of(seen.Usage)), logger);
            yield return update;
        }
    }
}

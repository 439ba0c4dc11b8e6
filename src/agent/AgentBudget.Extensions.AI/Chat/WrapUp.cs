using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>
/// Money for a call, and what the model hears of it: from the soft limit on what is left, and at the end that it has one last answer.
/// </summary>
internal sealed class WrapUp(AgentBudgetChatOptions budget)
{
    private const string LastLine =
        "The budget of this session is used up. No tools can be called any more. Answer now, briefly, with what is known; this is the "
        + "last answer.";

    private readonly ConditionalWeakTable<BudgetSession, State> states = [];
    private readonly StepsUnderWay steps = new();

    /// <summary>Sets money aside for a call, or for the last answer in its place.</summary>
    /// <param name="session">The session.</param>
    /// <param name="call">The call.</param>
    /// <param name="firstStep">How many tokens of output it is to have money for at first; null for all of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The money, and that the turn ends with it.</returns>
    /// <exception cref="AgentBudgetException">The call must not be made.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(BudgetedCall Money, BudgetStop? Stop)> ReserveAsync(
        BudgetSession session,
        ChatCall call,
        long? firstStep,
        CancellationToken cancellationToken
    )
    {
        var state = states.GetOrCreateValue(session);
        try
        {
            var reserve = new ReserveOptions { LeastOutputTokens = LeastOutputOf(call), Key = call.Key };
            var money = await TryReserveStepAsync(session, call, firstStep, reserve, cancellationToken);
            // Its step is run again, and so is the call, which is billed anew; or it runs beside another one that sends the same.
            money ??= await ReserveAsync(session, call, firstStep, reserve with { Key = null }, cancellationToken);

            Tell(call, money.Standing, state);
            return (money, null);
        }
        catch (BudgetExhaustedException refused) when (budget.GivesLastAnswer && state.TryEnd(LastAnswer.KeyOf(session, refused)))
        {
            return (await ReserveLastAsync(session, call, refused, state, cancellationToken), StopOf(refused));
        }
    }

    // Under the step's key, where that is free or its money waits to be taken up: once at a time, for each is billed.
    private async Task<BudgetedCall?> TryReserveStepAsync(
        BudgetSession session,
        ChatCall call,
        long? firstStep,
        ReserveOptions reserve,
        CancellationToken cancellationToken
    )
    {
        if (call.Key is not { } key)
            return null;
        var name = (session.Id, key);
        if (!steps.TryBegin(name))
            return null;
        BudgetedCall? money = null;
        try
        {
            return money = await ReserveAsync(session, call, firstStep, reserve, cancellationToken);
        }
        catch (CallEndedException)
        {
            return null;
        }
        catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.KeyConflict)
        {
            // It is estimated otherwise than it was: by other instructions, prices or caps.
            return null;
        }
        finally
        {
            steps.Reserved(name, money);
        }
    }

    private static async Task<BudgetedCall> ReserveLastAsync(
        BudgetSession session,
        ChatCall call,
        BudgetExhaustedException refused,
        State state,
        CancellationToken cancellationToken
    )
    {
        call.TakeTools();
        call.Tell(LastLine);
        try
        {
            var reserve = new ReserveOptions
            {
                LeastOutputTokens = LeastOutputOf(call),
                IsFinal = true,
                Key = LastAnswer.KeyOf(session, refused),
                Mark = state.Mark,
            };
            return await ReserveAsync(session, call, firstStep: null, reserve, cancellationToken);
        }
        catch (AgentBudgetException exception) when (exception is RefusedException or CallEndedException)
        {
            // Nothing is kept back for it, or somebody else gives it, or has given it.
        }
        catch
        {
            // Nobody knows whether it was granted: the same call, sent again, takes that up.
            state.HasNotEnded(LastAnswer.KeyOf(session, refused));
            throw;
        }

        // What was refused first is what its caller has to see.
        ExceptionDispatchInfo.Throw(refused);
        throw refused;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<BudgetedCall> ReserveAsync(
        BudgetSession session,
        ChatCall call,
        long? firstStep,
        ReserveOptions reserve,
        CancellationToken cancellationToken
    )
    {
        if (firstStep is { } step)
            return await session.SetAsideAsync(call.Estimate().CappedAt(step), reserve, cancellationToken);
        BudgetedCall money;
        try
        {
            money = await session.SetAsideAsync(call.Estimate(), reserve, cancellationToken);
        }
        catch (UnpricedCallException exception) when (exception.Problem == PriceProblem.OutputCapUnknown)
        {
            money = await session.SetAsideAsync(call.Estimate(isSecond: true), reserve, cancellationToken);
        }

        if (money.IsClamped)
            call.CapAt(money.MaxOutputTokens ?? call.LeastOutput);
        return money;
    }

    private static long? LeastOutputOf(ChatCall call) => call.CanClamp ? call.LeastOutput : null;

    private void Tell(ChatCall call, in Standing standing, State state)
    {
        if (budget.TellsFrom is not { } share || standing.Budget == Money.Zero)
            return;
        var isReached = standing.Spent.NanoDollars >= share * standing.Budget.NanoDollars;
        if (isReached && (state.TryTell() || budget.TellsBeforeEachCall))
            call.Tell($"Of this session's budget of {standing.Budget}, {standing.Available} is left. Come to an end soon.");
    }

    private static BudgetStop StopOf(BudgetExhaustedException refused) => new(BudgetStopKind.LastAnswer, Words.Of(refused.Refusal.Reason));

    private sealed class State
    {
        private int hasTold;
        private string? last;

        /// <summary>Tells this client's last answers from those of others.</summary>
        public ulong Mark { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

        public bool TryTell() => Interlocked.Exchange(ref hasTold, 1) == 0;

        // What was asked for once is not asked for with every call that is refused.
        public bool TryEnd(string lastAnswer) => Interlocked.Exchange(ref last, lastAnswer) != lastAnswer;

        // Not of another one, which somebody asked for meanwhile.
        public void HasNotEnded(string lastAnswer)
        {
            if (Volatile.Read(ref last) is { } known && known == lastAnswer)
                Interlocked.CompareExchange(ref last, null, known);
        }
    }
}

using System.Runtime.CompilerServices;
using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>Sets money aside before a call, and prolongs that. How it ends is <see cref="CallEnds"/>' part.</summary>
internal sealed class CallMoney(ClientServices services, SessionLink link, CallEnds ends)
{
    private readonly ReplayedGrants replays = new(link);

    /// <exception cref="UnpricedCallException">The book has no price for it.</exception>
    /// <exception cref="RefusedException">The money was not granted.</exception>
    /// <exception cref="CallEndedException">It was granted under this key before, and the call has ended.</exception>
    /// <exception cref="OperationCanceledException">It was given up; what was granted meanwhile went back.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<OpenCall> ReserveAsync(
        CallEstimate estimate,
        ReserveOptions options,
        CallPricing pricing,
        CallLabels labels,
        CancellationToken cancellationToken
    )
    {
        var asked = estimate.Ask(pricing, options);
        asked = asked with { Call = labels.Labelled(asked.Call) };
        var timeToLive = options.TimeToLive ?? services.Options.ReservationTimeToLive;
        var command = CommandOf(asked.Amount, asked.Least, labels.TakeUserMark(asked.Call), options, timeToLive);
        SessionAnswer answer;
        try
        {
            // Nearly always one question, which is answered at once. Who has to wait has a place in the line from then on.
            var began = services.Time.GetTimestamp();
            var waitAtMost = options.WaitForMoney ?? services.Options.WaitForMoney;
            var first =
                waitAtMost > TimeSpan.Zero
                    ? await link.WaitAsync(command, until: 0, isAgain: false, cancellationToken)
                    : new WaitedAnswer { Answer = await link.SendUntoldAsync(command, link.Grain.ReserveAsync, cancellationToken) };
            link.See(first.Answer);
            answer = first.Answer;
            if (answer.Refusal is not null)
            {
                var until = began + (long)(waitAtMost.TotalSeconds * services.Time.TimestampFrequency);
                answer = await WaitAsync(command, first, until, refusal => MoneyOf(command, refusal, estimate, pricing), cancellationToken);
            }
        }
        catch (Exception exception)
        {
            labels.NotTaken(command.Call);
            NotGranted(command, options, exception);
            throw;
        }

        if (answer.IsReplay && options.Key is not null)
            answer = await replays.TakeUpAsync(command, answer, cancellationToken);
        var call = new OpenCall(link, estimate, asked, pricing, answer)
        {
            Began = services.Time.GetTimestamp(),
            TimeToLive = timeToLive,
            IsFinal = options.IsFinal,
        };
        return await KeptAsync(call, answer, options, cancellationToken);
    }

    private void NotGranted(ReserveCommand command, ReserveOptions options, Exception exception)
    {
        // Under a key of the caller's own it is there for who runs the step again.
        if (exception is GivenUpException && options.Key is null)
            _ = TakeBackAsync(command with { IsKeyFresh = false });
        if (exception is BudgetUnavailableException unavailable)
            throw new BudgetUnavailableException($"{unavailable.Message} The call was not made.", unavailable);
    }

    // Nearly always at once: then it is no task of its own.
    private async ValueTask<OpenCall> KeptAsync(
        OpenCall call,
        SessionAnswer answer,
        ReserveOptions options,
        CancellationToken cancellationToken
    )
    {
        await link.TellAsync(answer);
        if (!cancellationToken.IsCancellationRequested)
        {
            services.Keeper.Add(call);
            return call;
        }

        // The call would fail at once, as one that may have been billed; it was never made. What an earlier run had may have been.
        if (options.Key is null || !answer.IsReplay)
            await ends.ReleaseAsync(call);
        throw new OperationCanceledException(cancellationToken);
    }

    // Behind the caller, who has gone: what an attempt was granted whose answer was lost would be set aside for nobody.
    private async Task TakeBackAsync(ReserveCommand command)
    {
        try
        {
            var answer = await link.SendUntoldAsync(command, link.Grain.ReserveAsync, CancellationToken.None);
            if (!answer.IsGranted)
                return;
            var release = new ReleaseCommand { ReservationId = answer.ReservationId };
            await link.SendUntoldAsync(release, link.Grain.ReleaseAsync, CancellationToken.None);
        }
        catch (Exception exception)
        {
            ClientLog.NotTakenBack(services.Logger, exception);
        }
    }

    private ReserveCommand CommandOf(Money amount, Money? least, Call of, ReserveOptions options, TimeSpan timeToLive) =>
        new()
        {
            Amount = amount,
            LeastAmount = least,
            // A part of the body, so that another one's is another body; without a fingerprint it says nothing else.
            Call = options.Mark == 0 ? of : of with { Sketch = options.Mark },
            IsFinal = options.IsFinal,
            Child = link.Child,
            TimeToLive = timeToLive,
            Key = options.Key ?? services.Calls.NewKey(),
            IsKeyFresh = options.Key is null,
        };

    /// <summary>Prolongs a call: it will not expire before the time to live has passed from now.</summary>
    public static async Task<SessionAnswer> ExtendAsync(OpenCall call, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var command = new ExtendCommand { ReservationId = call.ReservationId, TimeToLive = timeToLive };
        SessionAnswer answer;
        try
        {
            answer = await call.Link.SendAsync(command, call.Link.Grain.ExtendAsync, cancellationToken);
        }
        catch
        {
            // It may have been all the same.
            call.Prolonged(timeToLive);
            throw;
        }

        if (answer.ExpiresAt is { } expiresAt)
        {
            call.ExpiresAt = expiresAt;
            call.Prolonged(timeToLive);
        }

        return answer;
    }

    /// <summary>Sets more aside for a call.</summary>
    public static async Task<SessionAnswer> GrowAsync(OpenCall call, Money amount, Money? least, CancellationToken cancellationToken)
    {
        var command = new GrowCommand
        {
            ReservationId = call.ReservationId,
            Amount = amount,
            LeastAmount = least,
            IsFinal = call.IsFinal,
        };
        var answer = await call.Link.SendAsync(command, call.Link.Grain.GrowAsync, cancellationToken);
        if (answer.IsGranted)
            call.GrewBy(answer.Amount);
        return answer;
    }

    // Waits in line, or as long as the session's own rule for what comes too often says; answers with a grant, or throws.
    private async Task<SessionAnswer> WaitAsync(
        ReserveCommand command,
        WaitedAnswer asked,
        long until,
        Func<Refusal, RefusedMoney> moneyOf,
        CancellationToken cancellationToken
    )
    {
        var wait = new MoneyWait(services, link, until);
        command = command with { IsKeyFresh = false };
        while (true)
        {
            var answer = asked.IsWaiting ? await wait.WaitAsync(command, cancellationToken) : asked.Answer;
            if (answer.Refusal is not { } refusal)
                return answer;
            await link.TellAsync(answer);
            // What comes too often is slowed down by the session's own rule; no money is lacking.
            if (refusal is { Reason: RefusalReason.Throttled, RetryAfter: { } pause } && pause <= wait.Left)
                await Task.Delay(pause, services.Time, cancellationToken);
            else
                await link.ThrowIfRefusedAsync(answer, moneyOf(refusal));
            asked = await link.WaitAsync(command, until: 0, isAgain: false, cancellationToken);
            link.See(asked.Answer);
        }
    }

    // What would have fitted is asked for of the price book only where it has to be said.
    private static RefusedMoney MoneyOf(ReserveCommand command, Refusal refusal, CallEstimate estimate, CallPricing pricing)
    {
        var left = refusal.Tenant is { Available: var ofTenant } ? Money.Min(refusal.Available, ofTenant) : refusal.Available;
        return new RefusedMoney(command.LeastAmount ?? command.Amount, command.Call.Name, estimate.AffordedOutput(pricing, left));
    }
}

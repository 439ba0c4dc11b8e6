using AgentBudget.Client;

namespace AgentBudget;

// What an answer of the ledger is news of: callbacks, exceptions, and the report that goes with both.
public sealed partial class BudgetSession
{
    internal async Task<SessionAnswer> SendAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken
    )
        where TCommand : SessionCommand
    {
        var answer = await SendUntoldAsync(command, send, cancellationToken);
        await TellAsync(answer);
        return answer;
    }

    /// <summary>Sends, and leaves it to the caller to tell the callbacks what the answer says.</summary>
    internal async Task<SessionAnswer> SendUntoldAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken
    )
        where TCommand : SessionCommand
    {
        var answer = await client.Calls.SendAsync(command, send, cancellationToken);
        stop.See(answer.Standing);
        return answer;
    }

    /// <summary>Calls the callbacks that an answer is news for. Never throws: what is told is recorded, and stands.</summary>
    internal async Task TellAsync(SessionAnswer answer)
    {
        callbacks.Warn(answer, client.Logger);
        if (!callbacks.Wants(answer))
            return;
        try
        {
            if (await FindReportAsync(0, 1, CancellationToken.None) is { } report)
                callbacks.Call(answer, report, client.Logger);
        }
        catch (Exception exception)
        {
            ClientLog.CallbackLeftOut(client.Logger, exception);
        }
    }

    internal async Task ThrowIfRefusedAsync(SessionAnswer answer)
    {
        if (answer.Refusal is { } refusal)
            throw RefusedException.For(Id, refusal, await FindReportOrNullAsync());
    }

    // A charge is recorded whatever it does; what it does to the session is told the way a refusal is.
    private async Task ThrowIfStoppedByAsync(SessionAnswer answer)
    {
        await ThrowIfRefusedAsync(answer);
        if (!answer.Signals.HasFlag(EntrySignals.BreakerOpened))
            return;
        var report = await FindReportOrNullAsync();
        if (report is { Mode: SessionMode.Observe })
            return;
        var refusal = new Refusal(RefusalReason.BudgetExhausted, answer.Standing.Available);
        if (answer.Standing.Breaker.OpenReason == OpenReason.LoopDetected)
            refusal = refusal with { Reason = RefusalReason.LoopDetected, Loop = answer.Loop };
        throw RefusedException.For(Id, refusal, report);
    }

    // The report goes with a refusal; where the ledger went away meanwhile, the refusal is said without it.
    private async Task<SessionReport?> FindReportOrNullAsync()
    {
        try
        {
            return await FindReportAsync(0, 1, CancellationToken.None);
        }
        catch (BudgetUnavailableException)
        {
            return null;
        }
    }

    private Task<SessionReport?> FindReportAsync(int events, long fromSequence, CancellationToken cancellationToken) =>
        client.Calls.SendAsync(
            () =>
                Grain.ReportAsync(
                    new ReportQuery
                    {
                        Child = Child,
                        Events = events,
                        FromSequence = fromSequence,
                    }
                ),
            cancellationToken
        );
}

using AgentBudget.Client.Calls;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// The way to one session, or to a shared child of one: its grain, retries, and what an answer is news of, which is callbacks, exceptions
/// and the report that goes with both. Knows neither calls nor their money, so that whatever moves money can stand on it.
/// </summary>
internal sealed class SessionLink(ClientServices services, IBudgetSession grain, string id, string? child, SessionCallbacks callbacks)
{
    // A session's mode never changes.
    private volatile bool isObserving;

    private readonly CallbackRunner runner = new(callbacks, services.Time, services.Logger);

    public IBudgetSession Grain => grain;

    /// <summary>The client's clock.</summary>
    public TimeProvider Time => services.Time;

    public string Id => id;

    public string? Child => child;

    public SessionCallbacks Callbacks => callbacks;

    public StopWatcher Stop { get; } = new(grain, services.Time, services.Logger);

    /// <summary>What cuts calls under way.</summary>
    public CutWatch Cut { get; } = new(grain, services.Time, services.Logger);

    /// <exception cref="ArgumentException">The session's id is none.</exception>
    public static SessionLink To(ClientServices services, string sessionId, string? child, SessionCallbacks callbacks)
    {
        SessionIds.Validate(sessionId);
        return new SessionLink(services, services.Grains.GetGrain<IBudgetSession>(sessionId), sessionId, child, callbacks);
    }

    /// <summary>Sends, and tells the callbacks what the answer says.</summary>
    public async Task<SessionAnswer> SendAsync<TCommand>(
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
    public async Task<SessionAnswer> SendUntoldAsync<TCommand>(
        TCommand command,
        Func<TCommand, Task<SessionAnswer>> send,
        CancellationToken cancellationToken,
        bool mayWait = false
    )
        where TCommand : SessionCommand
    {
        var answer = await services.Calls.SendAsync(command, send, cancellationToken, mayWait);
        Stop.See(answer.Standing);
        return answer;
    }

    /// <summary>Sends a reservation that may wait for its money, for one piece of the wait. What the answer says of a stop is to be
    /// seen.</summary>
    /// <param name="command">The reservation, with its key.</param>
    /// <param name="until">Until when it waits, as a timestamp of the client's clock; 0 for an answer at once, which keeps a place.</param>
    /// <param name="isAgain">Whether it has a place already.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<WaitedAnswer> WaitAsync(ReserveCommand command, long until, bool isAgain, CancellationToken cancellationToken)
    {
        command.Validate();
        return services.Calls.SendAsync(
            new SentWait(grain, command, services.Time, until, isAgain),
            static sent => sent with { Command = sent.Command with { IsKeyFresh = false } },
            static sent => sent.Grain.ReserveWaitingAsync(sent.Command, sent.Piece, sent.IsAgain),
            cancellationToken,
            mayWait: true
        );
    }

    /// <summary>Sends a settlement. What the answer says of a stop is to be seen.</summary>
    public ValueTask<SessionAnswer> SettleAsync(SettleCommand command) =>
        services.Calls.SendAsync(
            (Grain: grain, Command: command),
            static sent => (sent.Grain, sent.Command with { IsKeyFresh = false }),
            static sent => sent.Grain.SettleAsync(sent.Command),
            CancellationToken.None
        );

    /// <summary>Sees in an answer whether the session has stopped.</summary>
    public void See(SessionAnswer answer) => Stop.See(answer.Standing);

    private readonly record struct SentWait(IBudgetSession Grain, ReserveCommand Command, TimeProvider Time, long Until, bool IsAgain)
    {
        /// <summary>For how long the session holds the answer back.</summary>
        public TimeSpan Piece =>
            Until == 0 ? TimeSpan.Zero
            : Time.GetElapsedTime(Time.GetTimestamp(), Until) is var left && left > MoneyWait.LongestPiece ? MoneyWait.LongestPiece
            : left > TimeSpan.Zero ? left
            : TimeSpan.Zero;
    }

    /// <summary>Says that a call waits no more; nothing depends on it.</summary>
    public void StopWaiting(string key) => grain.StopWaitingAsync(key).Ignore();

    /// <summary>Calls the callbacks that an answer is news for. Never throws: what is told is recorded, and stands.</summary>
    public Task TellAsync(SessionAnswer answer) => CallbackRunner.IsNews(answer) ? TellNewsAsync(answer) : Task.CompletedTask;

    private async Task TellNewsAsync(SessionAnswer answer)
    {
        await runner.WarnAsync(answer);
        if (!runner.Wants(answer))
            return;
        try
        {
            if (await FindReportAsync(0, 1, CancellationToken.None) is { } report)
                await runner.CallAsync(answer, report);
        }
        catch (Exception exception)
        {
            ClientLog.CallbackLeftOut(services.Logger, exception);
        }
    }

    /// <summary>Says that estimates are far too low. Never throws.</summary>
    public async Task TellUnderestimatedAsync(UnderestimatedCalls calls)
    {
        ClientLog.Underestimated(services.Logger, calls.Name, calls.Calls, calls.Estimated, calls.Cost);
        await runner.UnderestimatedAsync(calls);
    }

    /// <param name="answer">The answer.</param>
    /// <param name="money">What was asked for, where it was money.</param>
    public async Task ThrowIfRefusedAsync(SessionAnswer answer, RefusedMoney money = default)
    {
        if (answer.Refusal is not { } refusal)
            return;
        money = money with { Budget = answer.Standing.Budget, IsLatched = answer.Standing.Breaker.OpenReason != OpenReason.None };
        throw RefusedException.For(id, refusal, await FindReportOrNullAsync(), money);
    }

    /// <summary>A charge is recorded whatever it does; that the session is stopped, by it or before it, is told the way a refusal is, every
    /// time: a loop of charges would otherwise go on for ever.</summary>
    public async Task ThrowIfStoppedByAsync(SessionAnswer answer)
    {
        await ThrowIfRefusedAsync(answer);
        if (answer.Standing.Breaker.OpenReason == OpenReason.None || isObserving)
            return;
        var report = await FindReportOrNullAsync();
        if (report is { Mode: SessionMode.Observe })
        {
            isObserving = true;
            return;
        }

        var refusal = new Refusal(ReasonOf(answer.Standing.Breaker.OpenReason), answer.Standing.Available, Loop: answer.Loop);
        throw RefusedException.For(id, refusal, report, new RefusedMoney { Budget = answer.Standing.Budget, IsRecorded = true });
    }

    private static RefusalReason ReasonOf(OpenReason reason) =>
        reason switch
        {
            OpenReason.LoopDetected => RefusalReason.LoopDetected,
            OpenReason.TenantExhausted => RefusalReason.TenantExhausted,
            _ => RefusalReason.BudgetExhausted,
        };

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

    /// <summary>The report; null when the session, or this child of it, is unknown.</summary>
    public Task<SessionReport?> FindReportAsync(int events, long fromSequence, CancellationToken cancellationToken) =>
        services.Calls.SendAsync(
            () =>
                grain.ReportAsync(
                    new ReportQuery
                    {
                        Child = child,
                        Events = events,
                        FromSequence = fromSequence,
                    }
                ),
            cancellationToken
        );

    /// <summary>A page of the timeline; null when the session is unknown.</summary>
    public Task<TimelinePage?> FindTimelineAsync(long fromSequence, CancellationToken cancellationToken) =>
        services.Calls.SendAsync(() => grain.TimelineAsync(fromSequence, SessionReport.MaxEvents), cancellationToken);

    /// <summary>Ends the session, or the shared child that this is the way to.</summary>
    public Task<SessionAnswer> CloseAsync(CancellationToken cancellationToken) =>
        child is null
            ? SendAsync(new CloseCommand(), grain.CloseAsync, cancellationToken)
            : SendAsync(new CloseSharedChildCommand { Child = child }, grain.CloseSharedChildAsync, cancellationToken);

    /// <summary>The same, but tried once, by one who does not wait for a ledger that is away. Never throws: the program's own error would
    /// be hidden behind it.</summary>
    public async Task TryCloseOnceAsync()
    {
        try
        {
            if (child is null)
                await grain.CloseAsync(new CloseCommand());
            else
                await grain.CloseSharedChildAsync(new CloseSharedChildCommand { Child = child });
        }
        catch (Exception exception)
        {
            ClientLog.NotClosed(services.Logger, exception);
        }
    }
}

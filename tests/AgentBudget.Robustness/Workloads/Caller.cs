using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Histories;
using Orleans.Serialization;

namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// Sends operations as a client of the ledger does, until the outcome is known, with one key; only the first time may the key be taken
/// for a fresh one. Everything is taken down.
/// </summary>
public sealed class Caller(
    IGrainFactory grains,
    HistoryWriter history,
    string client,
    TimeSpan patience,
    TimeProvider time,
    CallCounts? counts = null
)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Piece = TimeSpan.FromSeconds(2);

    private long numbers;

    /// <summary>What was counted so far.</summary>
    public CallCounts Counts { get; } = counts ?? new CallCounts();

    /// <summary>Sends a command.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The command, with its key.</param>
    /// <param name="isSentBefore">Whether its key was used before.</param>
    /// <param name="cancellationToken">Gives up; the outcome stays unknown.</param>
    public Task<Outcome> SendAsync(string session, SessionCommand command, bool isSentBefore, CancellationToken cancellationToken)
    {
        var send = SenderOf(session);
        var fresh = command.Key is not null && !isSentBefore ? command with { IsKeyFresh = true } : command;
        return RunAsync(
            InvocationOf(session, command),
            async (outcome, attempt) => outcome with { Answer = await send(attempt == 1 ? fresh : command) },
            cancellationToken
        );
    }

    /// <summary>Reserves, and waits for money where there is none, piece by piece.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The reservation, with its key.</param>
    /// <param name="atMost">How long the call waits.</param>
    /// <param name="cancellationToken">Gives up; the outcome stays unknown.</param>
    public Task<Outcome> SendWaitingAsync(string session, ReserveCommand command, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IBudgetSession>(session);
        return RunAsync(
            InvocationOf(session, command),
            async (outcome, _) =>
            {
                var since = time.GetTimestamp();
                var answer = await grain.ReserveWaitingAsync(command, Piece, isAgain: false);
                // Each piece is sent anew; what was refused by one of them may be granted by the next.
                for (var pieces = 1; answer.IsWaiting && time.GetElapsedTime(since) < atMost; pieces++)
                {
                    outcome = outcome with { Attempts = outcome.Attempts + 1 };
                    answer = await grain.ReserveWaitingAsync(command, Piece, isAgain: true);
                }

                if (answer.IsWaiting)
                    await grain.StopWaitingAsync(command.Key!);
                return outcome with { Answer = answer.Answer, Attempts = outcome.Attempts + (answer.IsWaiting ? 1 : 0) };
            },
            cancellationToken
        );
    }

    /// <summary>Asks a tenant for something, and takes down what it is told.</summary>
    /// <param name="path">The tenant.</param>
    /// <param name="ask">What it is asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Outcome> AskAsync(string path, Func<ITenantBudget, Task<object?>> ask, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<ITenantBudget>(path);
        return RunAsync(
            InvocationOf(LedgerIds.OfOtherKind(path), command: null),
            async (outcome, _) => outcome with { Told = HistoryJson.Text(await ask(grain)) },
            cancellationToken
        );
    }

    /// <summary>Reads where a session stands.</summary>
    public Task<Outcome> ReadAsync(string session, Func<IBudgetSession, Task<Standing>> read, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IBudgetSession>(session);
        return RunAsync(
            InvocationOf(session, command: null),
            async (outcome, _) => outcome with { Read = await read(grain) },
            cancellationToken
        );
    }

    private Invocation InvocationOf(string session, SessionCommand? command) =>
        new()
        {
            Number = Next(),
            Client = client,
            Session = session,
            SentAt = time.GetUtcNow(),
            Command = command,
        };

    private Func<SessionCommand, Task<SessionAnswer>> SenderOf(string ledger)
    {
        if (LedgerIds.IsOfASession(ledger))
        {
            var session = grains.GetGrain<IBudgetSession>(ledger);
            return command => SendAsync(session, command);
        }

        var tenant = grains.GetGrain<ITenantBudget>(ledger[1..]);
        return command => SendAsync(tenant, command);
    }

    private long Next() => Interlocked.Increment(ref numbers);

    private async Task<Outcome> RunAsync(Invocation invocation, Func<Outcome, int, Task<Outcome>> send, CancellationToken cancellationToken)
    {
        history.Write(invocation);
        var outcome = await UntilKnownAsync(invocation, send, cancellationToken);
        history.Write(outcome);
        Counts.Add(outcome, outcome.At - invocation.SentAt);
        return outcome;
    }

    private async Task<Outcome> UntilKnownAsync(
        Invocation invocation,
        Func<Outcome, int, Task<Outcome>> send,
        CancellationToken cancellationToken
    )
    {
        var outcome = new Outcome
        {
            Number = invocation.Number,
            Client = client,
            At = default,
            Attempts = 0,
        };
        var pause = ShortestPause;
        while (true)
        {
            outcome = outcome with { Attempts = outcome.Attempts + 1 };
            try
            {
                outcome = await send(outcome, outcome.Attempts);
                return outcome with { At = time.GetUtcNow() };
            }
            catch (Exception exception)
                when (exception
                        is BudgetUnavailableException
                            or TimeoutException
                            or OrleansException
                            or OperationCanceledException
                            or CodecNotFoundException
                )
            {
                outcome = outcome with
                {
                    LastProblem = FormattableString.Invariant(
                        $"{time.GetUtcNow():HH:mm:ss.fff} {exception.GetType().Name}: {exception.Message}"
                    ),
                };
                if (cancellationToken.IsCancellationRequested || time.GetUtcNow() - invocation.SentAt > patience)
                    return outcome with { At = time.GetUtcNow() };
            }
            catch (Exception exception)
            {
                return outcome with { At = time.GetUtcNow(), Failure = $"{exception.GetType().Name}: {exception.Message}" };
            }

            await Task.Delay(pause, time, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static Task<SessionAnswer> SendAsync(ITenantBudget grain, SessionCommand command) =>
        command switch
        {
            SetTenantCommand set => grain.SetAsync(set),
            TopUpTenantCommand topUp => grain.TopUpAsync(topUp),
            PauseCommand pause => grain.PauseAsync(pause),
            ResumeCommand resume => grain.ResumeAsync(resume),
            StopTenantCommand stop => grain.StopAsync(stop),
            _ => throw new NotSupportedException($"{command.GetType().Name} is not sent to tenants."),
        };

    private static Task<SessionAnswer> SendAsync(IBudgetSession grain, SessionCommand command) =>
        command switch
        {
            OpenCommand open => grain.OpenAsync(open),
            ReserveCommand reserve => grain.ReserveAsync(reserve),
            SettleCommand settle => grain.SettleAsync(settle),
            ReleaseCommand release => grain.ReleaseAsync(release),
            ExtendCommand extend => grain.ExtendAsync(extend),
            GrowCommand grow => grain.GrowAsync(grow),
            ChargeCommand charge => grain.ChargeAsync(charge),
            TopUpCommand topUp => grain.TopUpAsync(topUp),
            SetBudgetCommand set => grain.SetBudgetAsync(set),
            CorrectCommand correct => grain.CorrectAsync(correct),
            PauseCommand pause => grain.PauseAsync(pause),
            ResumeCommand resume => grain.ResumeAsync(resume),
            CloseCommand close => grain.CloseAsync(close),
            OpenCarvedChildCommand open => grain.OpenCarvedChildAsync(open),
            OpenSharedChildCommand open => grain.OpenSharedChildAsync(open),
            CloseSharedChildCommand close => grain.CloseSharedChildAsync(close),
            _ => throw new NotSupportedException($"{command.GetType().Name} is not sent by clients."),
        };
}

/// <summary>What a client counts, for progress while it runs.</summary>
public sealed class CallCounts
{
    private long acknowledged;
    private long refused;
    private long unknown;
    private long failed;
    private long worstTicks;

    /// <summary>Operations whose answer did what was asked, reads among them.</summary>
    public long Acknowledged => Interlocked.Read(ref acknowledged);

    /// <summary>Operations that were refused.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Operations given up.</summary>
    public long Unknown => Interlocked.Read(ref unknown);

    /// <summary>Operations that failed in a way that no fault explains.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>The longest wait for an answer, or until an operation was given up.</summary>
    public TimeSpan Worst => TimeSpan.FromTicks(Interlocked.Read(ref worstTicks));

    /// <summary>Counts one.</summary>
    public void Add(Outcome outcome, TimeSpan took)
    {
        ref var place = ref unknown;
        if (outcome.Failure is not null)
            place = ref failed;
        else if (outcome.Answer is { IsGranted: false })
            place = ref refused;
        else if (outcome.Answer is not null || outcome.Read is not null || outcome.Told is not null)
            place = ref acknowledged;
        Interlocked.Increment(ref place);
        long worst;
        while (
            took.Ticks > (worst = Interlocked.Read(ref worstTicks))
            && Interlocked.CompareExchange(ref worstTicks, took.Ticks, worst) != worst
        ) { }
    }
}

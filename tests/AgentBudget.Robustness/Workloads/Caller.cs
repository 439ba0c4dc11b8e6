using AgentBudget.Robustness.Histories;
using Orleans.Serialization;

namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// Sends operations as a client of the ledger does, until the outcome is known, with one key; only the first time may the key be taken
/// for a fresh one. Everything is taken down.
/// </summary>
public sealed class Caller(IGrainFactory grains, HistoryWriter history, string client, TimeSpan patience, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private long numbers;

    /// <summary>What was counted so far.</summary>
    public CallCounts Counts { get; } = new();

    /// <summary>Sends a command.</summary>
    /// <param name="session">The session.</param>
    /// <param name="command">The command, with its key.</param>
    /// <param name="isSentBefore">Whether its key was used before.</param>
    /// <param name="cancellationToken">Gives up; the outcome stays unknown.</param>
    public Task<Outcome> SendAsync(string session, SessionCommand command, bool isSentBefore, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IBudgetSession>(session);
        var fresh = command.Key is not null && !isSentBefore ? command with { IsKeyFresh = true } : command;
        return RunAsync(
            new Invocation
            {
                Number = Next(),
                Client = client,
                Session = session,
                SentAt = time.GetUtcNow(),
                Command = command,
            },
            async (outcome, attempt) => outcome with { Answer = await SendAsync(grain, attempt == 1 ? fresh : command) },
            cancellationToken
        );
    }

    /// <summary>Reads where a session stands.</summary>
    public Task<Outcome> ReadAsync(string session, Func<IBudgetSession, Task<Standing>> read, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IBudgetSession>(session);
        return RunAsync(
            new Invocation
            {
                Number = Next(),
                Client = client,
                Session = session,
                SentAt = time.GetUtcNow(),
            },
            async (outcome, _) => outcome with { Read = await read(grain) },
            cancellationToken
        );
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
        else if (outcome.Answer is not null || outcome.Read is not null)
            place = ref acknowledged;
        Interlocked.Increment(ref place);
        long worst;
        while (
            took.Ticks > (worst = Interlocked.Read(ref worstTicks))
            && Interlocked.CompareExchange(ref worstTicks, took.Ticks, worst) != worst
        ) { }
    }
}

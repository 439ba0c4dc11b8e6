using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// Charges on sessions that never run dry, until this client's share of them was acknowledged: spread over a time, and as fast as they are
/// answered where that is behind. Two clients charge each session at once. A session has a worker of its own, so that the others go on
/// while it does not answer.
/// </summary>
internal sealed class ChargeWork(WorkloadSettings settings, Caller caller, TimeProvider time)
{
    private const string Prefix = "charged-";
    private const int Sessions = 100;
    private const long HighestCost = 2_000_000;

    private static readonly TimeSpan PauseAfterRefusal = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Tools = ["search", "fetch", "compile"];
    private static readonly string[] Models = ["gpt-5", "gpt-5-mini"];

    // More than any run can spend, so that all options are alike.
    private static readonly BudgetSessionOptions Options = new()
    {
        Budget = Money.FromNanoDollars(1_000_000 * Money.NanoDollarsPerDollar),
        Loops = LoopPolicy.Off,
    };

    private long left = ShareOf(settings);
    private long made;
    private long keys;
    private long sent;

    /// <summary>The sessions that are charged.</summary>
    public static IEnumerable<string> Ids => Enumerable.Range(0, Sessions).Select(SessionId);

    /// <summary>How many were acknowledged so far.</summary>
    public long Made => Interlocked.Read(ref made);

    /// <summary>Whether an operation is one of these charges, and acknowledged. Whoever merely looks charges nothing.</summary>
    public static bool IsMade(Operation operation) =>
        operation is { IsGranted: true, Invocation.Command: ChargeCommand { Cost.NanoDollars: > 0 } }
        && operation.Invocation.Session.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Works until all are made, or it is told to stop; what is under way then is waited for.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        if (settings.Charges == 0)
            return;
        var began = time.GetTimestamp();
        await Task.WhenAll(settings.MyOf(Sessions).Select(index => WorkAsync(index, began, stop, giveUp)));
    }

    private static string SessionId(int index) => FormattableString.Invariant($"{Prefix}{index:000}");

    private static long ShareOf(WorkloadSettings settings) =>
        (settings.Charges / settings.Clients) + (settings.Client < settings.Charges % settings.Clients ? 1 : 0);

    private async Task WorkAsync(int index, long began, CancellationToken stop, CancellationToken giveUp)
    {
        var random = new Random(unchecked((settings.Seed * 41) + (settings.Client * 1009) + index));
        var id = SessionId(index);
        // Whoever comes second is told that it is open already.
        while (!await IsGrantedAsync(id, new OpenCommand { Options = Options }, stop, giveUp) && !stop.IsCancellationRequested) { }

        while (!stop.IsCancellationRequested && TryTake())
        {
            await PauseAsync(UntilDue(began), stop);
            // One that was not acknowledged is made up for.
            if (await IsGrantedAsync(id, Next(random), stop, giveUp))
                Interlocked.Increment(ref made);
            else
                Interlocked.Increment(ref left);
        }
    }

    private async Task<bool> IsGrantedAsync(string id, SessionCommand command, CancellationToken stop, CancellationToken giveUp)
    {
        var outcome = await caller.SendAsync(id, command, isSentBefore: false, giveUp);
        if (outcome.Answer is { IsGranted: true })
            return true;
        await PauseAsync(PauseAfterRefusal, stop);
        return false;
    }

    private bool TryTake()
    {
        if (Interlocked.Decrement(ref left) >= 0)
            return true;
        Interlocked.Increment(ref left);
        return false;
    }

    private ChargeCommand Next(Random random) =>
        new()
        {
            Cost = Money.FromNanoDollars(random.NextInt64(1, HighestCost)),
            Call = random.Next(3) switch
            {
                0 => Call.Tool(Tools[random.Next(Tools.Length)], FormattableString.Invariant($"{{\"page\":{random.Next(1000)}}}")),
                1 => Call.Tool(Tools[random.Next(Tools.Length)]),
                _ => Call.Model(Models[random.Next(Models.Length)]) with
                {
                    Usage = new TokenUsage(random.Next(1, 5000), random.Next(1, 500)),
                },
            },
            Key = FormattableString.Invariant($"{settings.Name}.charge.{Interlocked.Increment(ref keys)}"),
        };

    private TimeSpan UntilDue(long began)
    {
        var due = settings.ChargesWithin * ((Interlocked.Increment(ref sent) - 1) / (double)ShareOf(settings));
        var pause = due - time.GetElapsedTime(began);
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop);
        }
        catch (OperationCanceledException) { }
    }
}

namespace AgentBudget.Robustness.Soaks;

/// <summary>
/// Charges open sessions at a fixed rate. When as many charges are under way as may be, the next ones wait for their turn, and their
/// waits count from the time at which they should have been sent all the same.
/// </summary>
internal sealed class SoakLoad(
    IGrainFactory grains,
    string name,
    IReadOnlyList<string> ids,
    int chargesPerSecond,
    int seed,
    TimeProvider time
) : IDisposable
{
    private const int MostUnderWay = 8_192;
    private const int OpensAtOnce = 64;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan PauseBeforeRepeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly BudgetSessionOptions Options = new() { Budget = Money.Parse("1000000") };
    private static readonly string[] Names = ["gpt-5", "web_search", "bash"];

    private readonly IBudgetSession[] sessions = [.. ids.Select(id => grains.GetGrain<IBudgetSession>(id))];
    private readonly Random random = new(seed);
    private readonly SemaphoreSlim room = new(MostUnderWay);
    private readonly Lock gate = new();
    private readonly WaitHistogram waits = new();
    private SoakTotals totals = new();

    /// <summary>What was counted so far.</summary>
    public SoakTotals Totals
    {
        get
        {
            lock (gate)
                return totals with { Waits = waits.ToPairs() };
        }
    }

    /// <summary>Opens all sessions, with a budget that does not run out.</summary>
    public async Task OpenAsync()
    {
        foreach (var some in sessions.Chunk(OpensAtOnce))
            await Task.WhenAll(some.Select(OpenAsync));
    }

    /// <summary>Charges until it is told to stop; what is under way then is waited for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        for (var number = 0L; !stop.IsCancellationRequested; )
        {
            var due = (long)(time.GetElapsedTime(started).TotalSeconds * chargesPerSecond);
            Count(totals => totals with { Due = due });
            for (; number < due && !stop.IsCancellationRequested; number++)
            {
                await room.WaitAsync(CancellationToken.None);
                _ = ChargeAsync(
                    sessions[random.Next(sessions.Length)],
                    Next(number),
                    started + (long)(number * (double)time.TimestampFrequency / chargesPerSecond)
                );
            }

            await Task.Delay(Tick, time, CancellationToken.None);
        }

        for (var i = 0; i < MostUnderWay; i++)
            await room.WaitAsync(CancellationToken.None);
    }

    public void Dispose() => room.Dispose();

    private async Task OpenAsync(IBudgetSession session)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await session.OpenAsync(new OpenCommand { Options = Options });
                if (!answer.IsGranted)
                    throw new InvalidOperationException($"A session could not be opened: {answer.Refusal!.Reason}.");
                return;
            }
            catch (Exception exception)
                when (exception is BudgetUnavailableException or TimeoutException && time.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(PauseBeforeRepeat, time, CancellationToken.None);
            }
        }
    }

    private ChargeCommand Next(long number) =>
        new()
        {
            Cost = Money.FromNanoDollars(random.Next(1, 2_000_000)),
            Call = new Call
            {
                Kind = number % 3 == 0 ? CallKind.Model : CallKind.Tool,
                Name = Names[number % 3],
                // Never the same arguments: work, not a loop.
                Fingerprint = ((ulong)random.NextInt64() << 1) | 1,
                Usage = number % 3 == 0 ? new TokenUsage(1_200, 300) : default,
            },
            Key = FormattableString.Invariant($"{name}.{number:x}"),
            IsKeyFresh = true,
        };

    private async Task ChargeAsync(IBudgetSession session, ChargeCommand command, long shouldBegin)
    {
        Count(static totals => totals with { Sent = totals.Sent + 1 });
        try
        {
            // The schedule goes on meanwhile.
            await Task.Yield();
            if (!await UntilKnownAsync(session, command))
                return;
            var wait = time.GetElapsedTime(shouldBegin);
            lock (gate)
            {
                waits.Add(wait);
                totals = totals with
                {
                    Acknowledged = totals.Acknowledged + 1,
                    AcknowledgedNanoDollars = totals.AcknowledgedNanoDollars + command.Cost.NanoDollars,
                };
            }
        }
        finally
        {
            room.Release();
        }
    }

    // An error is one whatever comes of it later. The charge is sent again all the same, so that the sum can be compared to the last
    // nano-dollar.
    private async Task<bool> UntilKnownAsync(IBudgetSession session, ChargeCommand command)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await session.ChargeAsync(command);
                if (answer.Refusal is { } refusal)
                    CountError($"refused: {refusal.Reason}");
                return answer.IsGranted;
            }
            catch (Exception exception)
            {
                CountError($"{exception.GetType().Name}: {exception.Message}");
                if (
                    exception is not (BudgetUnavailableException or TimeoutException or OrleansException)
                    || time.GetElapsedTime(started) > Patience
                )
                {
                    Count(static totals => totals with { Unknown = totals.Unknown + 1 });
                    return false;
                }
            }

            await Task.Delay(PauseBeforeRepeat, time, CancellationToken.None);
            command = command with { IsKeyFresh = false };
        }
    }

    private void CountError(string text) =>
        Count(totals => totals with { Errors = totals.Errors + 1, FirstError = totals.FirstError ?? text });

    private void Count(Func<SoakTotals, SoakTotals> change)
    {
        lock (gate)
            totals = change(totals);
    }
}

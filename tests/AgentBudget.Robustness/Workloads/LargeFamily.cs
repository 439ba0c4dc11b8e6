using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// One parent with many carved children open at once, and what is done to them: each child is charged by two clients; when all are open,
/// one after the other is ended, and charged at once by both clients as if they had not heard of it.
/// </summary>
internal sealed class LargeFamily(WorkloadSettings settings, Caller caller, TimeProvider time)
{
    /// <summary>The parent.</summary>
    public const string ParentId = "family";

    // Of two clients each.
    private const int LateChargesAtOnce = 10;
    private const int EndsOneOf = 8;
    private const int OpenAtOnce = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Random random = new(unchecked((settings.Seed * 37) + settings.Client));
    private long keys;

    /// <summary>The id of a child.</summary>
    public static string ChildId(int index) => FormattableString.Invariant($"{ParentId}/{index:0000}");

    /// <summary>Works until it is told to stop; what is under way then is waited for.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        if (settings.Children == 0)
            return;
        await caller.SendAsync(ParentId, new OpenCommand { Options = ParentOptions() }, isSentBefore: false, giveUp);
        await OpenAllAsync(stop, giveUp);
        int[] mine = [.. settings.MyOf(settings.Children)];
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            // All clients go through them in the same order, so that two meet at the same child.
            var ending = turn * EndsOneOf;
            if (ending < settings.Children && mine.Contains(ending))
                await EndAndChargeAsync(ChildId(ending), giveUp);
            await ChargeAsync(ChildId(mine[random.Next(mine.Length)]), giveUp);
            await PauseAsync(stop);
        }
    }

    private async Task OpenAllAsync(CancellationToken stop, CancellationToken giveUp)
    {
        // Each child by one client.
        foreach (
            var some in Enumerable.Range(0, settings.Children).Where(index => index % settings.Clients == settings.Client).Chunk(OpenAtOnce)
        )
        {
            if (stop.IsCancellationRequested)
                return;
            await Task.WhenAll(some.Select(index => OpenAsync(index, giveUp)));
        }

        // None is ended before all are open.
        while (!stop.IsCancellationRequested && !await AreAllOpenAsync(giveUp))
            await PauseAsync(stop);
    }

    private Task<Outcome> OpenAsync(int index, CancellationToken giveUp) =>
        caller.SendAsync(
            ParentId,
            new OpenCarvedChildCommand
            {
                Child = ChildId(index),
                Options = new BudgetSessionOptions { Budget = Cents(2), Loops = LoopPolicy.Off },
                Key = Key(),
            },
            isSentBefore: false,
            giveUp
        );

    private async Task<bool> AreAllOpenAsync(CancellationToken giveUp)
    {
        var total = 0L;
        await caller.ReadAsync(
            ParentId,
            async grain =>
            {
                var report = await grain.ReportAsync(new ReportQuery());
                total = report?.ChildrenTotal ?? 0;
                return report?.Standing ?? default;
            },
            giveUp
        );
        return total >= settings.Children;
    }

    private async Task EndAndChargeAsync(string child, CancellationToken giveUp)
    {
        await caller.SendAsync(child, new CloseCommand { Key = Key() }, isSentBefore: false, giveUp);
        await Task.WhenAll(Enumerable.Range(0, LateChargesAtOnce).Select(_ => ChargeAsync(child, giveUp)));
    }

    private Task<Outcome> ChargeAsync(string child, CancellationToken giveUp) =>
        caller.SendAsync(
            child,
            new ChargeCommand
            {
                Cost = Money.FromNanoDollars(1_000_000),
                Call = Call.Tool("search"),
                Key = Key(),
            },
            isSentBefore: false,
            giveUp
        );

    private BudgetSessionOptions ParentOptions() =>
        new()
        {
            Budget = Cents(3L * settings.Children),
            CarvedChildren = Math.Max(1, settings.Children),
            Loops = LoopPolicy.Off,
        };

    private string Key() => FormattableString.Invariant($"{settings.Name}.family.{Interlocked.Increment(ref keys)}");

    private static Money Cents(long cents) => Money.FromNanoDollars(cents * (Money.NanoDollarsPerDollar / 100));

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(Pause, time, stop);
        }
        catch (OperationCanceledException) { }
    }
}

using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Sessions;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Calls that wait in line for money of one session.</summary>
public sealed class WaitingReserveTests : IAsyncDisposable
{
    private readonly LoneSession lone = new();

    private SessionExecutor Session => lone.Executor;

    public ValueTask DisposeAsync() => lone.DisposeAsync();

    [Theory]
    [InlineData("settle")]
    [InlineData("release")]
    [InlineData("expire")]
    [InlineData("top-up")]
    [InlineData("correct")]
    public async Task Wait_MoneyComesFree_IsGrantedAtOnce(string by)
    {
        await lone.OpenAsync();
        var charge = await Session.ExecuteAsync(Charge("0.50"));
        var held = (await ReserveAsync("0.50", timeToLive: 10)).ReservationId;
        var waiting = WaitAsync("a", "0.20");
        Assert.False(waiting.IsCompleted);
        switch (by)
        {
            case "settle":
                await Session.ExecuteAsync(new SettleCommand { ReservationId = held, Cost = Money.Parse("0.30") });
                break;
            case "release":
                await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
                break;
            case "expire":
                lone.Clock.Advance(TimeSpan.FromSeconds(11));
                await Session.ExpireDueAsync();
                break;
            case "top-up":
                await Session.ExecuteAsync(new TopUpCommand { Amount = Money.Parse("0.20") });
                break;
            default:
                await Session.ExecuteAsync(
                    new CorrectCommand
                    {
                        EntrySequence = charge.Answer.EntrySequence,
                        Difference = Money.FromNanoDollars(-200_000_000),
                        Reason = "a refund",
                    }
                );
                break;
        }

        Assert.Equal(Money.Parse("0.20"), (await waiting.InTimeAsync()).Answer.Amount);
    }

    [Theory]
    [InlineData("its time is up")]
    [InlineData("it is given up")]
    [InlineData("its key stands for another")]
    public async Task Wait_RefusedWhileWhatItWaitsForIsBeingWritten_IsAnsweredWhenThatIsDurable(string because)
    {
        await lone.OpenAsync();
        var gate = lone.Store.Block();
        var reserve = ReserveAsync("0.90");
        await gate.ReachedAsync();
        var first = WaitAsync("a", "0.20", seconds: because == "its time is up" ? 1 : 20);
        lone.Clock.Advance(TimeSpan.FromSeconds(2));
        if (because == "it is given up")
            Session.StopWaiting("a");
        var refused = because == "its key stands for another" ? WaitAsync("a", "0.15") : first;
        // What is told too early is told within these turns.
        for (var turns = 0; turns < 100; turns++)
            await Task.Yield();
        Assert.False(refused.IsCompleted);
        gate.Open();
        Assert.Equal((await reserve).Standing, (await refused.InTimeAsync()).Answer.Standing);
        if (because == "its key stands for another")
            Session.StopWaiting("a");
        await first.InTimeAsync();
    }

    [Fact]
    public async Task Wait_AnotherKeyIsLikeItsOwn_WaitsAllTheSame()
    {
        var (first, second) = KeysThatAreLikeEachOther();
        await lone.OpenAsync();
        await Session.ExecuteAsync(Charge("0.50") with { Key = first });
        var held = (await ReserveAsync("0.50")).ReservationId;
        var waiting = WaitAsync(second, "0.20");
        Assert.False(waiting.IsCompleted);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
        var granted = (await waiting.InTimeAsync()).Answer;
        Assert.Equal((true, false), (granted.IsGranted, granted.IsReplay));
        var again = (await WaitAsync(second, "0.20").InTimeAsync()).Answer;
        Assert.Equal((granted.ReservationId, true), (again.ReservationId, again.IsReplay));
    }

    [Theory]
    [InlineData("pause", RefusalReason.Paused)]
    [InlineData("close", RefusalReason.SessionEnded)]
    [InlineData("exhaust", RefusalReason.BudgetExhausted)]
    public async Task Wait_MoneyCannotComeAnyMore_IsRefusedAtOnce(string by, RefusalReason reason)
    {
        await lone.OpenAsync();
        await ReserveAsync("0.90");
        var waiting = WaitAsync("a", "0.20");
        SessionCommand command = by switch
        {
            "pause" => new PauseCommand(),
            "close" => new CloseCommand(),
            _ => Charge("0.95"),
        };
        await Session.ExecuteAsync(command);
        Assert.Equal(reason, (await waiting.InTimeAsync()).Answer.Refusal?.Reason);
    }

    [Fact]
    public async Task Line_IsServedInTheOrderOfArrival()
    {
        await lone.OpenAsync();
        var first = (await ReserveAsync("0.50")).ReservationId;
        var second = (await ReserveAsync("0.50")).ReservationId;
        var waiting = new[] { WaitAsync("a", "0.50"), WaitAsync("b", "0.50"), WaitAsync("c", "0.50") };
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = second });
        var a = (await waiting[0].InTimeAsync()).Answer;
        Assert.False(waiting[1].IsCompleted || waiting[2].IsCompleted);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = first });
        await waiting[1].InTimeAsync();
        Assert.False(waiting[2].IsCompleted);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = a.ReservationId });
        Assert.True((await waiting[2].InTimeAsync()).Answer.IsGranted);
    }

    [Fact]
    public async Task Line_SmallerCall_PassesTheFirstForTwoSecondsAndNotLonger()
    {
        await lone.OpenAsync();
        await ReserveAsync("0.90");
        var large = WaitAsync("large", "0.50");
        Assert.True((await WaitAsync("small", "0.04").InTimeAsync()).Answer.IsGranted);
        lone.Clock.Advance(TimeSpan.FromSeconds(2));
        var late = WaitAsync("late", "0.04");
        Assert.False(late.IsCompleted);
        // Neither does one that does not wait; the last call of the session does, and one that costs nothing.
        Assert.Equal(RefusalReason.InsufficientNow, (await ReserveAsync("0.04")).Refusal?.Reason);
        Assert.True((await ReserveAsync("0.00")).IsGranted);
        Assert.True((await ReserveAsync("0.01", isFinal: true)).IsGranted);
        Session.StopWaiting("large");
        Assert.Equal(RefusalReason.InsufficientNow, (await large.InTimeAsync()).Answer.Refusal?.Reason);
        Assert.True((await late.InTimeAsync()).Answer.IsGranted);
    }

    [Fact]
    public async Task Wait_SentAgain_JoinsItselfAndReservesOnce()
    {
        await lone.OpenAsync();
        var held = (await ReserveAsync("0.90")).ReservationId;
        var waiting = new[] { WaitAsync("a", "0.20"), WaitAsync("a", "0.20") };
        Assert.Equal(RefusalReason.KeyConflict, (await WaitAsync("a", "0.30").InTimeAsync()).Answer.Refusal?.Reason);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
        var answers = await Task.WhenAll(waiting).InTimeAsync();
        Assert.Equal(answers[0].Answer.ReservationId, answers[1].Answer.ReservationId);
        Assert.Equal(Money.Parse("0.20"), (await Session.StandingAsync()).Reserved);
        Assert.True((await WaitAsync("a", "0.20").InTimeAsync()).Answer.IsReplay);
    }

    [Fact]
    public async Task Wait_InPieces_KeepsItsPlaceForFiveSecondsAndNoLonger()
    {
        await lone.OpenAsync();
        var held = (await ReserveAsync("1.00")).ReservationId;
        var first = WaitAsync("first", "0.60", seconds: 20);
        var second = WaitAsync("second", "0.60", seconds: 20);
        lone.Clock.Advance(TimeSpan.FromSeconds(20));
        var piece = await first.InTimeAsync();
        Assert.Equal((true, RefusalReason.InsufficientNow), (piece.IsWaiting, piece.Answer.Refusal?.Reason));
        await second.InTimeAsync();
        lone.Clock.Advance(TimeSpan.FromSeconds(4));
        second = WaitAsync("second", "0.60", isAgain: true);
        first = WaitAsync("first", "0.60", isAgain: true);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
        var granted = await first.InTimeAsync();
        Assert.Equal((true, false), (granted.Answer.IsGranted, granted.HasLostPlace));
        Assert.False(second.IsCompleted);

        Session.StopWaiting("second");
        await second.InTimeAsync();
        var lost = WaitAsync("third", "0.60", seconds: 1);
        lone.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await lost.InTimeAsync()).IsWaiting);
        lone.Clock.Advance(TimeSpan.FromSeconds(5));
        lost = WaitAsync("third", "0.60", isAgain: true);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = granted.Answer.ReservationId });
        Assert.True((await lost.InTimeAsync()).HasLostPlace);
    }

    // Money that came free while nobody was there would be set aside for nobody.
    [Fact]
    public async Task Wait_CallerIsAwayWhenMoneyComesFree_IsServedWhenItIsBack()
    {
        await lone.OpenAsync();
        var held = (await ReserveAsync("1.00")).ReservationId;
        var waiting = WaitAsync("a", "0.20", seconds: 1);
        lone.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await waiting.InTimeAsync()).IsWaiting);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
        Assert.Equal(Money.Zero, (await Session.StandingAsync()).Reserved);
        Assert.True((await WaitAsync("a", "0.20", isAgain: true).InTimeAsync()).Answer.IsGranted);
    }

    // Both look their key up before either has joined.
    [Fact]
    public async Task Wait_SentTwiceAtOnceAfterALoad_JoinsItself()
    {
        await lone.OpenAsync();
        var held = (await ReserveAsync("0.90")).ReservationId;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lone.Store.OnFindByKey = () => gate.Task;
        var answers = await InTurnsAsync(async () =>
        {
            var waiting = new[] { WaitAsync("a", "0.20"), WaitAsync("a", "0.20") };
            gate.SetResult();
            while ((await Session.LedgerAsync()).Line is not { Calls.Count: 1 })
                await Task.Yield();
            await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
            return await Task.WhenAll(waiting).InTimeAsync();
        });
        Assert.Equal(answers[0].Answer.ReservationId, answers[1].Answer.ReservationId);
        Assert.Empty((await Session.LedgerAsync()).Line!.Calls);
    }

    // What goes on behind a gate goes on one after the other, as on an activation's scheduler: an executor is not for two threads.
    private static Task<T> InTurnsAsync<T>(Func<Task<T>> act) =>
        Task
            .Factory.StartNew(
                act,
                TestContext.Current.CancellationToken,
                TaskCreationOptions.None,
                new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler
            )
            .Unwrap();

    [Fact]
    public async Task Wait_WithABadValue_IsRefusedAndTheSessionGoesOn()
    {
        await lone.OpenAsync();
        var bad = new ReserveCommand
        {
            Amount = Money.Parse("0.10"),
            Call = null!,
            Key = "a",
        };
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Session.ReserveAsync(bad, TimeSpan.Zero, isAgain: false));
        Assert.True((await ReserveAsync("0.10")).IsGranted);
        Assert.False(lone.End.Begun.IsCompleted);
    }

    [Fact]
    public async Task Wait_BudgetIsUsedUpByIt_StopsWhoeverWaitsForAStop()
    {
        await lone.OpenAsync();
        await Session.ExecuteAsync(Charge("0.95"));
        var stopped = Session.WaitForStopAsync(TimeSpan.FromSeconds(25));
        Assert.Equal(RefusalReason.BudgetExhausted, (await WaitAsync("a", "0.20").InTimeAsync()).Answer.Refusal?.Reason);
        Assert.True(await stopped.InTimeAsync());
    }

    [Fact]
    public async Task Uncapped_WithoutALeastAmountThatIsLeft_IsNoFreeCall()
    {
        await lone.OpenAsync();
        await Session.ExecuteAsync(Charge("1.00"));
        Assert.NotNull((await WaitAsync("a", "1.28", least: "0", isUncapped: true).InTimeAsync()).Answer.Refusal);
    }

    [Fact]
    public async Task Wait_SessionIsLoadedAnewMeanwhile_IsToldUnknownAndWaitsAgain()
    {
        await lone.OpenAsync();
        await ReserveAsync("0.90");
        var waiting = WaitAsync("a", "0.20");
        lone.Store.OnAppend = _ => Fault.Away(FaultMoment.BeforeWrite);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => Session.ExecuteAsync(Charge("0.01")).AsTask());
        lone.Store.Heal();
        await Session.StandingAsync();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => waiting.InTimeAsync());
        waiting = WaitAsync("a", "0.10", isAgain: true);
        Assert.True((await waiting.InTimeAsync()).Answer.IsGranted);
    }

    [Fact]
    public async Task Wait_SiloStops_EndsAtOnceAndGoesOnElsewhere()
    {
        await lone.OpenAsync();
        await ReserveAsync("0.90");
        var waiting = WaitAsync("a", "0.20");
        lone.Stop.Begin();
        Assert.True((await waiting.InTimeAsync()).IsWaiting);
    }

    [Fact]
    public async Task Wait_TriedOverAndOver_IsCountedAsRefusedOnceAndWhenItIs()
    {
        var refused = 0L;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == lone.Meters && instrument.Name == "agentbudget.refusals")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, measured, _, _) => refused += measured);
        meters.Start();
        await lone.OpenAsync();
        await ReserveAsync("0.90");
        var (first, second) = (WaitAsync("a", "0.50"), WaitAsync("b", "0.60"));
        for (var i = 0; i < 5; i++)
            await Session.ExecuteAsync(Charge("0.01"));
        Assert.Equal(0, refused);

        Session.StopWaiting("a");
        await first.InTimeAsync();
        Assert.Equal(1, refused);
        await Session.ExecuteAsync(new PauseCommand());
        await second.InTimeAsync();
        Assert.Equal(2, refused);
    }

    [Fact]
    public async Task Line_IsFull_RefusesTheNext()
    {
        await lone.OpenAsync();
        var held = (await ReserveAsync("1.00")).ReservationId;
        var waiting = Enumerable.Range(0, Bounds.CallsInLine).Select(i => WaitAsync($"k{i}", "0.0001")).ToArray();
        Assert.Equal(RefusalReason.TooManyWaiting, (await WaitAsync("more", "0.0001").InTimeAsync()).Answer.Refusal?.Reason);
        await Session.ExecuteAsync(new ReleaseCommand { ReservationId = held });
        Assert.Equal(Bounds.OpenReservations, waiting.Count(task => task.InTimeAsync().Result.Answer.IsGranted));
    }

    // Two hundred agents on a budget for twenty calls at a time, which cost nearly nothing in the end.
    [Fact]
    public async Task Line_TwoHundredOnABudgetForTwenty_AllAreMadeInOrder()
    {
        await lone.OpenAsync();
        var order = new SortedList<long, int>();
        var running = new Queue<long>();
        var waiting = Enumerable.Range(0, 200).Select(i => (Number: i, Task: WaitAsync($"k{i}", "0.05"))).ToList();
        while (waiting.Count > 0)
        {
            var done = waiting.Where(one => one.Task.IsCompleted).ToArray();
            foreach (var (number, task) in done)
            {
                var granted = (await task).Answer.ReservationId;
                order.Add(granted, number);
                running.Enqueue(granted);
            }

            waiting.RemoveAll(done.Contains);
            Assert.InRange(running.Count, 0, 20);
            if (running.TryDequeue(out var settled))
                await Session.ExecuteAsync(new SettleCommand { ReservationId = settled, Cost = Money.Parse("0.0001") });
            else if (waiting.Count > 0)
                await waiting[0].Task.InTimeAsync();
        }

        Assert.Equal(Enumerable.Range(0, 200), order.Values);
    }

    // Calls that name no largest cost: each worth $1.28 at most, on a dollar.
    [Fact]
    public async Task Uncapped_FiftyOnADollar_RunSideBySideAndAllAreMade()
    {
        await lone.OpenAsync();
        var made = 0;
        var mostAtOnce = 0;
        var running = new Queue<long>();
        var waiting = Enumerable.Range(0, 50).Select(i => WaitAsync($"k{i}", "1.28", least: "0.0104", isUncapped: true)).ToList();
        while (waiting.Count > 0 || running.Count > 0)
        {
            var done = waiting.Where(one => one.IsCompleted).ToArray();
            foreach (var task in done)
            {
                var answer = (await task).Answer;
                Assert.True(answer.IsGranted);
                Assert.InRange(answer.Amount.NanoDollars, 10_400_000, 125_000_000);
                made++;
                running.Enqueue(answer.ReservationId);
            }

            waiting.RemoveAll(done.Contains);
            mostAtOnce = Math.Max(mostAtOnce, running.Count);
            if (running.TryDequeue(out var settled))
                await Session.ExecuteAsync(new SettleCommand { ReservationId = settled, Cost = Money.Parse("0.005") });
            else if (waiting.Count > 0)
                await waiting[0].InTimeAsync();
        }

        Assert.Equal(50, made);
        Assert.InRange(mostAtOnce, 8, 50);
    }

    [Fact]
    public async Task Uncapped_ThatCannotBeClamped_HasNoShareAndWaits()
    {
        await lone.OpenAsync("2.00");
        Assert.Equal(Money.Parse("1.28"), (await WaitAsync("a", "1.28", isUncapped: true).InTimeAsync()).Answer.Amount);
        var second = WaitAsync("b", "1.28", isUncapped: true);
        Assert.False(second.IsCompleted);
        Session.StopWaiting("b");
        await second.InTimeAsync();
    }

    private static ChargeCommand Charge(string cost) => new() { Cost = Money.Parse(cost), Call = Call.Model("gpt-5") };

    private async Task<SessionAnswer> ReserveAsync(string amount, int timeToLive = 900, bool isFinal = false) =>
        (
            await Session.ExecuteAsync(
                new ReserveCommand
                {
                    Amount = Money.Parse(amount),
                    Call = Call.Model("gpt-5"),
                    TimeToLive = TimeSpan.FromSeconds(timeToLive),
                    IsFinal = isFinal,
                }
            )
        ).Answer;

    private Task<WaitedAnswer> WaitAsync(
        string key,
        string amount,
        int seconds = 20,
        bool isAgain = false,
        string? least = null,
        bool isUncapped = false
    ) =>
        Session.ReserveAsync(
            new ReserveCommand
            {
                Amount = Money.Parse(amount),
                LeastAmount = least is null ? null : Money.Parse(least),
                Call = Call.Model("gpt-5") with { IsUncapped = isUncapped },
                Key = key,
            },
            TimeSpan.FromSeconds(seconds),
            isAgain
        );

    // Recent keys are told apart by half of their hash.
    private static (string First, string Second) KeysThatAreLikeEachOther()
    {
        var known = new Dictionary<ulong, string>();
        for (var number = 0; ; number++)
        {
            var key = $"key-{number}";
            if (!known.TryAdd(BodyHash.Of(key) >> 32, key))
                return (known[BodyHash.Of(key) >> 32], key);
        }
    }
}

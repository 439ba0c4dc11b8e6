using System.Net;
using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Calls;

/// <summary>The handle of a call: what it was granted, and its one end.</summary>
public sealed class BudgetedCallTests(SharedLedger ledger)
{
    private static readonly ReserveOptions Clampable = new() { LeastOutputTokens = 16 };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserve_WhatFits_IsGrantedAsAskedFor()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 2_000), cancellationToken: Stop);
        Assert.Equal((Dollars("0.0325"), Dollars("0.0325"), false), (call.Requested, call.Granted, call.IsClamped));
        Assert.Equal((2_000L, CallEnd.Open, 2L), (call.MaxOutputTokens, call.End, call.ReservationId));
        Assert.Equal((Dollars("0.0325"), "gpt-5"), (call.Standing.Reserved, call.Call.Name));
        Assert.True(call.ExpiresAt > DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.Equal((null, RefusalReason.None, false), (call.Loop, call.WouldRefuse, call.IsReplay));
    }

    // 10,000 x 1.25 millionths are for the input; what is left of $0.05 pays for 3,750 x 10 millionths.
    [Fact]
    public async Task Reserve_MoreThanIsThere_IsClampedToTheOutputThatFits()
    {
        await using var session = await ledger.OpenAsync("0.05");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 100_000), Clampable, Stop);
        Assert.Equal((Dollars("1.0125"), Dollars("0.05"), true), (call.Requested, call.Granted, call.IsClamped));
        Assert.Equal(3_750, call.MaxOutputTokens);
        await call.SettleAsync(new TokenUsage(10_000, 3_750));
        Assert.Equal((Dollars("0.05"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Overage));
    }

    // On a dollar one call of gpt-5 without a cap, which can cost $1.28, was refused, or one ran and all others waited.
    [Fact]
    public async Task Reserve_WithoutACap_IsGrantedAShareOfTheRoom()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var first = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000), Clampable, Stop);
        await using var second = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000), Clampable, Stop);
        Assert.Equal((Dollars("0.125"), 11_250L), (first.Granted, first.MaxOutputTokens));
        Assert.True(second.IsClamped && second.Granted > Dollars("0.10"));
    }

    [Fact]
    public async Task Reserve_ClampableBelowItsLeastOutput_IsRefused()
    {
        await using var session = await ledger.OpenAsync("0.0126");
        await Assert.ThrowsAnyAsync<RefusedException>(() =>
            session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 100), Clampable, Stop)
        );
        await using var call = await session.ReserveAsync(
            CallEstimate.Model("gpt-5", 10_000, 100),
            new ReserveOptions { LeastOutputTokens = 10 },
            Stop
        );
        Assert.Equal(10, call.MaxOutputTokens);
    }

    [Fact]
    public async Task Reserve_ASumThatMayBeLess_IsGrantedWhatIsThere()
    {
        await using var session = await ledger.OpenAsync("0.40");
        await using var call = await session.ReserveAsync(
            CallEstimate.Model("gpt-5", "1.00"),
            new ReserveOptions { LeastAmount = Dollars("0.10") },
            Stop
        );
        Assert.Equal((Dollars("0.40"), null), (call.Granted, call.MaxOutputTokens));
    }

    [Fact]
    public async Task End_Twice_TheFirstDecides()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        var settled = await call.SettleAsync(ActualCost.Of("0.10"));
        Assert.Same(settled, await call.ReleaseAsync());
        Assert.Same(settled, await call.SettleAsync(ActualCost.Of("0.20")));
        Assert.Same(settled, await call.FailAsync(new TimeoutException()));
        Assert.Equal((CallEnd.Settled, Dollars("0.10")), (call.End, call.Answer!.Amount));
        Assert.Equal([EntryKind.Opened, EntryKind.Reserved, EntryKind.Settled], (await session.EntriesAsync()).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task End_ByManyAtOnce_IsWrittenOnce()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        var ends = Enumerable
            .Range(0, 20)
            .Select(i =>
                Task.Run(async () => i % 2 == 0 ? await call.ReleaseAsync() : await call.SettleAsync(ActualCost.Of("0.10")), Stop)
            );
        Assert.Single((await Task.WhenAll(ends).InTimeAsync()).Distinct());
        Assert.Equal(3, (await session.EntriesAsync()).Count);
    }

    [Fact]
    public async Task Dispose_WithoutAnEnd_SettlesAllOfItAndSaysSo()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using (await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop)) { }
        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        Assert.Equal((Dollars("0.30"), CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task KeepOpen_DisposeEndsNothing_AndItIsSettledLater()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        call.KeepOpen();
        await call.DisposeAsync();
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Reserved);
        await call.SettleAsync(ActualCost.Of("0.10"));
        Assert.Equal((Money.Zero, Dollars("0.10")), ((await session.NowAsync()).Reserved, (await session.NowAsync()).Spent));
    }

    [Fact]
    public async Task Fail_ByAnAnsweredError_GivesBack()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await call.FailAsync(new HttpRequestException("?", null, HttpStatusCode.ServiceUnavailable));
        Assert.Equal((CallEnd.Released, Dollars("1.00")), (call.End, (await session.NowAsync()).Available));
    }

    // The provider counted four requests, and the session one, or none.
    [Fact]
    public async Task Fail_ByRetriesWithoutAnAnswer_CountsEachOfThem()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        await call.FailAsync(
            new AggregateException(
                "Retry failed after 4 tries.",
                new TaskCanceledException(),
                new HttpRequestException("?", null, HttpStatusCode.TooManyRequests),
                new TaskCanceledException(),
                new IOException(),
                new TimeoutException()
            )
        );
        var standing = await session.NowAsync();
        Assert.Equal((Dollars("1.20"), Dollars("0.20")), (standing.Spent, standing.Overage));
        Assert.Equal(CostSource.Reserved, Assert.Single(await session.EntriesAsync(EntryKind.Settled)).Call!.Source);
    }

    [Fact]
    public async Task Fail_WhereThePolicyKeepsItOpen_StaysSetAsideUntilItIsSettled()
    {
        var client = ledger.NewClient(options => options.OnFailedCall = _ => FailedCall.KeepOpen);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        Assert.Null(await call.FailAsync(new TimeoutException()));
        await call.DisposeAsync();
        Assert.Equal((CallEnd.Open, Dollars("0.30")), (call.End, (await session.NowAsync()).Reserved));
        await call.ReleaseAsync();
        Assert.Equal(Dollars("1.00"), (await session.NowAsync()).Available);
    }

    [Fact]
    public async Task Settle_LedgerIsAway_CanBeEndedAgainAndCountsOnce()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.SettleAsync), () => new TimeoutException());
        var client = ledger.NewClient(options => options.RetryFor = TimeSpan.Zero, script: script);
        await using var session = await client.OpenAsync("1.00", cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), cancellationToken: Stop);
        var unsettled = await Assert.ThrowsAsync<UnsettledCallException>(() => call.SettleAsync(ActualCost.Of("0.10")));
        Assert.Equal((null, CallEnd.Open), (unsettled.Result, call.End));
        script.Heal(nameof(IBudgetSession.SettleAsync));
        // What was decided stands, whoever asks for another end.
        Assert.Equal(Dollars("0.10"), (await call.ReleaseAsync()).Amount);
        Assert.Single(script.SentBy(nameof(IBudgetSession.SettleAsync)).Select(command => command.Key).Distinct());
    }

    [Fact]
    public async Task Settle_ReadOffTheWire_IsPricedAsItWasReserved()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 2_000), cancellationToken: Stop);
        var response = ResponseReader.Read(
            """{"model":"gpt-5-2025-08-07","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100}}"""u8
        );
        var answer = await call.SettleAsync(ActualCost.Of(response));
        // 1,000 x 1.25 and 100 x 10 millionths.
        Assert.Equal(Dollars("0.00225"), answer.Amount);
    }

    [Fact]
    public async Task Tool_SettledWithItsResult_TakesPartInTheSenseOfLoops()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await using var call = await session.ReserveAsync(CallEstimate.Tool("search", 0.01m, "{}"), cancellationToken: Stop);
        await call.SettleAsync(Dollars("0.01"), "three pages");
        await using var silent = await session.ReserveAsync(CallEstimate.Tool("search", 0.01m, """{"page":2}"""), cancellationToken: Stop);
        await silent.SettleAsync(Dollars("0.01"));
        var settled = await session.EntriesAsync(EntryKind.Settled);
        Assert.NotEqual(0UL, settled[0].Call!.Result);
        Assert.Equal(0UL, settled[1].Call!.Result);
    }

    [Fact]
    public async Task Reserve_UnderTheSameKey_SetsAsideOnce()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var options = new ReserveOptions { Key = "step-7" };
        await using var first = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);
        await using var again = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);
        Assert.Equal((false, true, first.ReservationId), (first.IsReplay, again.IsReplay, again.ReservationId));
        Assert.Equal(Dollars("0.30"), (await session.NowAsync()).Reserved);
    }

    // It was granted as before: the provider was called again, and its second bill stood nowhere.
    [Theory]
    [InlineData(CallEnd.Settled)]
    [InlineData(CallEnd.Released)]
    public async Task Wrap_UnderTheKeyOfACallThatHasEnded_IsNotMadeAndSaysHowItEnded(CallEnd end)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var options = new ReserveOptions { Key = "step-7" };
        await using (var first = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop))
            await (end == CallEnd.Settled ? first.SettleAsync(ActualCost.Of("0.10")) : first.ReleaseAsync());
        var calls = 0;

        var ended = await Assert.ThrowsAsync<CallEndedException>(() =>
            session.WrapAsync(CallEstimate.Model("gpt-5", "0.30"), (_, _) => Task.FromResult(++calls), _ => 0.10m, options, Stop)
        );

        Assert.Equal((end, 0), (ended.End, calls));
        Assert.Equal(end == CallEnd.Settled ? Dollars("0.10") : null, ended.Cost);
        Assert.Contains("step-7", ended.Message, StringComparison.Ordinal);
        Assert.Equal(Money.Zero, (await session.NowAsync()).Reserved);
    }

    // Its result was lost with the refusal, and a call that failed said nothing at all.
    [Fact]
    public async Task Settle_OfACallThatSomebodyElseHasEnded_CarriesTheResult()
    {
        var log = new LogBook();
        await using var session = await ledger.NewClient(logger: log).OpenAsync("1.00", cancellationToken: Stop);
        var options = new ReserveOptions { Key = "step-7" };
        var other = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);
        var third = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop);

        var unsettled = await Assert.ThrowsAsync<UnsettledCallException>(() =>
            session.WrapAsync(
                CallEstimate.Model("gpt-5", "0.30"),
                async (_, _) =>
                {
                    await other.SettleAsync(ActualCost.Of("0.10"));
                    return "answer";
                },
                _ => 0.20m,
                options,
                Stop
            )
        );
        await third.DisposeAsync();

        Assert.Equal(("answer", Dollars("0.20")), (unsettled.Result, unsettled.Settle.Cost));
        Assert.Equal(RefusalReason.ReservationNotOpen, Assert.IsType<RefusedException>(unsettled.InnerException).Refusal.Reason);
        Assert.Single(log.Lines, line => line.Message.Contains("refused the end of a call", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrap_CallThatIsClamped_IsToldWhatItAffords()
    {
        await using var session = await ledger.OpenAsync("0.05");
        var afforded = await session.WrapAsync(
            CallEstimate.Model("gpt-5", 10_000, 100_000),
            (call, _) => Task.FromResult(call.MaxOutputTokens),
            cap => new TokenUsage(10_000, cap!.Value),
            Clampable,
            Stop
        );
        Assert.Equal((3_750L, Dollars("0.05")), (afforded, (await session.NowAsync()).Spent));
    }

    [Fact]
    public async Task Wrap_CallThatEndsItself_IsNotSettledAgain()
    {
        await using var session = await ledger.OpenAsync("1.00");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            async (call, _) => await call.ReleaseAsync(),
            _ => throw new InvalidOperationException("nobody asks"),
            cancellationToken: Stop
        );
        Assert.Equal(Dollars("1.00"), (await session.NowAsync()).Available);
    }

    // A stream that goes on: what it may generate grows with the money, up to the estimate's own cap.
    [Fact]
    public async Task Grow_ByMoreOrLess_AffordsMoreOutput()
    {
        await using var session = await ledger.OpenAsync("0.10");
        await using var other = await session.ReserveAsync(CallEstimate.Model("gpt-5", "0.05"), cancellationToken: Stop);
        await using var call = await session.ReserveAsync(CallEstimate.Model("gpt-5", 10_000, 8_000), Clampable, Stop);
        Assert.Equal((Dollars("0.05"), 3_750L), (call.Granted, call.MaxOutputTokens));
        var refused = await call.GrowAsync(0.05m, 0.001m, Stop);
        Assert.Equal((RefusalReason.InsufficientNow, 3_750L), (refused.Refusal!.Reason, call.MaxOutputTokens));
        await other.SettleAsync(ActualCost.Of("0.02"));
        Assert.True((await call.GrowAsync(0.05m, 0.001m, Stop)).IsGranted);
        Assert.Equal((Dollars("0.08"), 6_750L, true), (call.Granted, call.MaxOutputTokens, call.IsClamped));
        await call.DisposeAsync();
        Assert.Equal((Dollars("0.10"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Overage));
    }

    [Fact]
    public async Task FiftyAgents_ThatMayBeClamped_SpendNearlyAllOfADollarAndNeverMore()
    {
        var options = new BudgetSessionOptions { Budget = 1.00m, Loops = LoopPolicy.Off };
        await using var session = await ledger.Client.OpenAsync(options, cancellationToken: Stop);
        var agents = Enumerable.Range(0, 50).Select(_ => Task.Run(() => SpendAllAsync(session), Stop));
        await Task.WhenAll(agents).InTimeAsync();
        var standing = await session.NowAsync();
        Assert.Equal((Money.Zero, Money.Zero), (standing.Overage, standing.Reserved));
        Assert.True(standing.Spent >= Dollars("0.95"), $"{standing.Spent}");
    }

    public static TheoryData<ReserveOptions, string> BadOptions =>
        new()
        {
            {
                new ReserveOptions { LeastOutputTokens = 0 },
                nameof(ReserveOptions.LeastOutputTokens)
            },
            {
                new ReserveOptions { LeastAmount = -Money.MaxAmount },
                nameof(ReserveOptions.LeastAmount)
            },
            {
                new ReserveOptions { WaitForMoney = TimeSpan.FromHours(2) },
                nameof(ReserveOptions.WaitForMoney)
            },
            {
                new ReserveOptions { TimeToLive = TimeSpan.Zero },
                nameof(ReserveOptions.TimeToLive)
            },
        };

    [Theory, MemberData(nameof(BadOptions))]
    public async Task Reserve_OptionOutOfRange_IsNamed(ReserveOptions options, string name)
    {
        await using var session = await ledger.OpenAsync("1.00");
        var thrown = await Assert.ThrowsAsync<ArgumentException>(() =>
            session.ReserveAsync(CallEstimate.Model("gpt-5", "0.30"), options, Stop)
        );
        Assert.StartsWith(name, thrown.Message, StringComparison.Ordinal);
    }

    // Each call uses what it was granted, up to 2,000 tokens.
    private static async Task SpendAllAsync(BudgetSession session)
    {
        while (true)
        {
            try
            {
                await using var call = await session.ReserveAsync(
                    CallEstimate.Model("gpt-5", 1_000),
                    new ReserveOptions { LeastOutputTokens = 100 },
                    Stop
                );
                await call.SettleAsync(new TokenUsage(1_000, Math.Min(call.MaxOutputTokens!.Value, 2_000)));
            }
            catch (MoneyRefusedException)
            {
                return;
            }
        }
    }
}

namespace AgentBudget.Tests.Prices;

/// <summary>Commands that carry usage and no amount: the silo prices them, by one version for a reservation and its settlement.</summary>
public sealed class PricedBySiloTests : IDisposable
{
    private static readonly Call Ours = Call.Model("m", "ours") with { Usage = new TokenUsage(1_000_000, 0) };

    private readonly TemporaryFolder folder = new();
    private readonly Reloads reloads = new();

    private string PriceFilePath => Path.Combine(folder.Path, "ours.json");

    [Fact]
    public async Task Charge_ByUsage_IsPricedWithTheSilosBookAndSaysByWhichRow()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);

        var answer = await grain.ChargeAsync(ChargeCommand.ByUsage(Ours));

        Assert.Equal((true, Money.Parse("3")), (answer.IsGranted, answer.Amount));
        var entry = Assert.Single((await grain.TimelineAsync(answer.EntrySequence, 1))!.Entries);
        Assert.Equal("ours/m", entry.Call!.PriceRow);
        Assert.NotNull(entry.Call.PriceTableVersion);
    }

    [Fact]
    public async Task ByUsage_OfAVendorThatBillsASearchWithEveryRequest_CostsItThoughUsageCountsNone()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var sonar = Call.Model("sonar", "perplexity") with { Usage = new TokenUsage(1000, 1000) };

        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(sonar));
        var settled = await grain.SettleAsync(
            SettleCommand.ByUsage(reserved.ReservationId, sonar with { Usage = new TokenUsage(1000, 500) })
        );
        var charged = await grain.ChargeAsync(ChargeCommand.ByUsage(sonar));

        // A millionth for each token, and one search at 0.012.
        Assert.Equal(
            [Money.Parse("0.014"), Money.Parse("0.0135"), Money.Parse("0.014")],
            [reserved.Amount, settled.Amount, charged.Amount]
        );
    }

    [Theory]
    [InlineData("gpt-5", "priority", null, null, "0.0225", "0.0225")] // 1,000 x 2.5 and 1,000 x 20 millionths
    [InlineData("gpt-5", "flex", null, null, "0.01125", "0.005625")] // can be served as standard
    [InlineData("gpt-5", "auto", null, null, "0.0225", "0.0225")] // can be served as priority, and nobody said
    [InlineData("claude-opus-4-8", null, "us", "fast", "0.077", "0.066")] // 1,000 x 10 (20 for an hour) and 1,000 x 50, and a tenth more
    public async Task ByUsage_OnTerms_ReservesTheDearestThatTheyCanBecomeAndSettlesWhatTheyCost(
        string model,
        string? tier,
        string? region,
        string? speed,
        string reservedUsd,
        string settledUsd
    )
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var call = Call.Model(model) with { Usage = new TokenUsage(1000, 1000), ServiceTier = tier, Region = region, Speed = speed };

        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(call));
        // The response says nothing of its terms.
        var settled = await grain.SettleAsync(SettleCommand.ByUsage(reserved.ReservationId, Call.Model(model) with { Usage = call.Usage }));
        var charged = await grain.ChargeAsync(ChargeCommand.ByUsage(call));

        Assert.Equal(
            [Money.Parse(reservedUsd), Money.Parse(settledUsd), Money.Parse(settledUsd)],
            [reserved.Amount, settled.Amount, charged.Amount]
        );
        var entry = Assert.Single((await grain.TimelineAsync(settled.EntrySequence, 1))!.Entries);
        Assert.Equal((tier, region, speed), (entry.Call!.ServiceTier, entry.Call.Region, entry.Call.Speed));
    }

    [Fact]
    public async Task ByUsage_OfWhatIsNoToken_IsReservedWithTheTokens()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var call = Call.Model("gpt-5") with
        {
            Usage = new TokenUsage(1000, 1000) { FileSearches = 4, Containers = 1 },
        };

        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(call));
        var settled = await grain.SettleAsync(SettleCommand.ByUsage(reserved.ReservationId, call));

        // 0.01125 of tokens, 4 x 0.0025, 0.03.
        Assert.Equal([Money.Parse("0.05125"), Money.Parse("0.05125")], [reserved.Amount, settled.Amount]);
    }

    [Theory]
    [InlineData("gpt-5", "priority", null, null, "0.0225")]
    [InlineData("gpt-5.4", "priority", "eu", null, "0.0385")] // 1,000 x 5 and 1,000 x 30 millionths, and a tenth more
    [InlineData("claude-opus-4-8", null, "us", "fast", "0.066")]
    public async Task Program_OnFastModePriorityOrARegion_EndsAtItsBudgetAsItIsBilled(
        string model,
        string? tier,
        string? region,
        string? speed,
        string billedEach
    )
    {
        await using var budget = await StartAsync("3");
        await using var session = await budget.OpenAsync("$1.00", cancellationToken: TestContext.Current.CancellationToken);
        var terms = new CallTerms(tier, region) { Speed = speed };
        var usage = new TokenUsage(1000, 1000);
        var billed = Money.Zero;
        var call = CallEstimate.Model(model, 1000, 1000) with { Terms = terms };

        await Assert.ThrowsAsync<BudgetExhaustedException>(async () =>
        {
            while (billed < Money.Parse("2"))
                await session.WrapAsync(
                    call,
                    _ => Task.FromResult(billed += Money.Parse(billedEach)),
                    _ => ActualCost.Of(usage) with { Terms = terms },
                    cancellationToken: TestContext.Current.CancellationToken
                );
        });

        var spent = (await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).Standing.Spent;
        Assert.Equal(billed, spent);
        // The next call did not fit, at the dearest that it could have been: with its input written to a cache for an hour.
        Assert.True(spent <= Money.Parse("1"));
        Assert.True(spent + Money.Parse(billedEach) + Money.Parse("0.011") > Money.Parse("1"));
    }

    [Fact]
    public async Task Charge_ByUsageOfAnUnknownModel_IsRefusedAndLeavesNoTrace()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var command = ChargeCommand.ByUsage(Ours with { Name = "of-nowhere" }) with { Key = "call-1" };

        var refused = await grain.ChargeAsync(command);
        var charged = await grain.ChargeAsync(
            new ChargeCommand
            {
                Call = command.Call,
                Cost = Money.Parse("1"),
                Key = "call-1",
            }
        );

        Assert.Equal(RefusalReason.UnknownModel, refused.Refusal!.Reason);
        Assert.Equal((true, Money.Parse("1")), (charged.IsGranted, charged.Standing.Spent));
    }

    // Text costs 3 and 3, images out 30. What the usage leaves open is billed as images and said to be partial.
    [Fact]
    public async Task ByUsage_OfAModelThatDraws_IsNeverBilledBelowItsImages()
    {
        await using var budget = await StartAsync("3", members: """, "output_image": "30" """);
        var grain = await OpenAsync(budget);
        var open = Ours with { Usage = new TokenUsage(100_000, 100_000) };
        var split = Ours with { Usage = open.Usage with { OutputImage = 50_000 } };

        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(open));
        var settled = await grain.SettleAsync(SettleCommand.ByUsage(reserved.ReservationId, open));
        var exact = await grain.ChargeAsync(ChargeCommand.ByUsage(split));

        Assert.Equal([Money.Parse("3.3"), Money.Parse("3.3"), Money.Parse("1.95")], [reserved.Amount, settled.Amount, exact.Amount]);
        var entries = (await grain.TimelineAsync(1, 100))!.Entries;
        Assert.Equal((open.Usage, CostSource.Partial), CountedIn(EntryKind.Settled));
        Assert.Equal((split.Usage, CostSource.Provider), CountedIn(EntryKind.Charged));

        (TokenUsage Usage, CostSource Source) CountedIn(EntryKind kind)
        {
            var call = Assert.Single(entries, entry => entry.Kind == kind).Call!;
            return (call.Usage, call.Source);
        }
    }

    [Fact]
    public async Task Charge_ByUsageWithAPolicyOfTheSession_FollowsIt()
    {
        await using var budget = await StartAsync("3", unknown => unknown with { Fallback = new FallbackRate(9m, 9m) });
        var grain = await OpenAsync(budget, UnknownModelPolicy.Fallback);
        var answer = await grain.ChargeAsync(ChargeCommand.ByUsage(Ours with { Name = "of-nowhere" }));
        Assert.Equal(Money.Parse("9"), answer.Amount);
    }

    [Fact]
    public async Task Reservation_ByUsage_SettlesWithItsVersionWhenPricesMoved()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(Ours));
        await MoveAsync("5");

        var settled = await grain.SettleAsync(
            SettleCommand.ByUsage(reserved.ReservationId, Ours with { Usage = new TokenUsage(500_000, 0) })
        );
        var charged = await grain.ChargeAsync(ChargeCommand.ByUsage(Ours));

        Assert.Equal([Money.Parse("3"), Money.Parse("1.5"), Money.Parse("5")], [reserved.Amount, settled.Amount, charged.Amount]);
        var entries = (await grain.TimelineAsync(1, 100))!.Entries;
        Assert.Equal(VersionOf(EntryKind.Reserved), VersionOf(EntryKind.Settled));
        Assert.NotEqual(VersionOf(EntryKind.Settled), VersionOf(EntryKind.Charged));

        string VersionOf(EntryKind kind) => Assert.Single(entries, entry => entry.Kind == kind).Call!.PriceTableVersion!;
    }

    // The clock's price would be that of a call that was never made.
    [Fact]
    public async Task Reservation_SettledUnderAnotherNameWhenAPriceBegan_CostsWhatItDidBefore()
    {
        var clock = new Clock { Now = new DateTimeOffset(2026, 12, 31, 23, 59, 30, TimeSpan.Zero) };
        await using var budget = await StartAsync("3", clock: clock, text: OfTwoModels);
        var grain = await OpenAsync(budget);
        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(Ours));
        var same = await grain.ReserveAsync(ReserveCommand.ByUsage(Ours));
        clock.Now = new DateTimeOffset(2027, 1, 1, 0, 0, 10, TimeSpan.Zero);

        var other = await grain.SettleAsync(SettleCommand.ByUsage(reserved.ReservationId, Ours with { Name = "m-snapshot" }));
        var own = await grain.SettleAsync(SettleCommand.ByUsage(same.ReservationId, Ours));
        var charged = await grain.ChargeAsync(ChargeCommand.ByUsage(Ours with { Name = "m-snapshot" }));

        Assert.Equal([Money.Parse("2"), Money.Parse("3"), Money.Parse("9")], [other.Amount, own.Amount, charged.Amount]);
    }

    // Off peak one window after the other has ended; what was reserved at the peak is of the last one.
    [Fact]
    public async Task Reservation_AtThePeakSettledUnderAnotherNameOffPeak_CostsThePeaksPrice()
    {
        var clock = new Clock { Now = new DateTimeOffset(2027, 2, 3, 15, 59, 0, TimeSpan.Zero) };
        await using var budget = await StartAsync("3", clock: clock, text: OfTwoModels);
        var grain = await OpenAsync(budget);
        var reserved = await grain.ReserveAsync(ReserveCommand.ByUsage(Ours with { Name = "peak" }));
        clock.Now = new DateTimeOffset(2027, 2, 3, 16, 1, 0, TimeSpan.Zero);

        var settled = await grain.SettleAsync(SettleCommand.ByUsage(reserved.ReservationId, Ours with { Name = "peak-snapshot" }));

        Assert.Equal([Money.Parse("8"), Money.Parse("7")], [reserved.Amount, settled.Amount]);
    }

    private const string Source = """ "source": "https://example.com", "retrieved": "2026-01-01" """;

    private static readonly string OfTwoModels = $$"""
        { "provider": "ours", "models": [
          { "model": "m", "rows": [ {{Row(""" "until": "2027-01-01", """, "3")}}, {{Row(""" "from": "2027-01-01", """, "10")}} ] },
          { "model": "m-snapshot", "rows": [ {{Row(""" "until": "2027-01-01", """, "2")}}, {{Row(""" "from": "2027-01-01", """, "9")}} ] },
          { "model": "peak", "rows": [ {{Row("", "4")}}, {{Row(
            """ "daily_window_utc": { "start": "12:00", "end": "16:00" }, """,
            "8"
        )}} ] },
          { "model": "peak-snapshot", "rows": [ {{Row("", "3.5")}}, {{Row(
            """ "daily_window_utc": { "start": "12:00", "end": "16:00" }, """,
            "7"
        )}} ] } ] }
        """;

    private static string Row(string members, string usd) =>
        $$"""{ {{members}} "usd_per_million_tokens": { "input": "{{usd}}", "output": "{{usd}}" }, {{Source}} }""";

    private sealed class Clock : TimeProvider
    {
        public required DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [Fact]
    public async Task Retry_ByUsageAfterPricesMoved_IsAReplay()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        var command = ChargeCommand.ByUsage(Ours) with { Key = "call-1" };
        await grain.ChargeAsync(command);
        await MoveAsync("5");

        var again = await grain.ChargeAsync(command);
        var other = await grain.ChargeAsync(ChargeCommand.ByUsage(Ours with { Usage = new TokenUsage(1, 0) }) with { Key = "call-1" });

        Assert.Equal((true, Money.Parse("3"), Money.Parse("3")), (again.IsReplay, again.Amount, again.Standing.Spent));
        Assert.Equal(RefusalReason.KeyConflict, other.Refusal!.Reason);
    }

    [Fact]
    public async Task ByUsage_WithoutUsageOrWithAnAmountOrForATool_IsAnError()
    {
        await using var budget = await StartAsync("3");
        var grain = await OpenAsync(budget);
        await Assert.ThrowsAsync<ArgumentException>(() => grain.ChargeAsync(ChargeCommand.ByUsage(Call.Model("m", "ours"))));
        await Assert.ThrowsAsync<ArgumentException>(() => grain.ChargeAsync(ChargeCommand.ByUsage(Ours) with { Cost = Money.Parse("1") }));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            grain.ReserveAsync(ReserveCommand.ByUsage(Call.Tool("search") with { Usage = Ours.Usage }))
        );
    }

    public void Dispose() => folder.Dispose();

    private Task<EmbeddedAgentBudget> StartAsync(
        string usd,
        Func<UnknownModelRules, UnknownModelRules>? rules = null,
        string members = "",
        TimeProvider? clock = null,
        string? text = null
    )
    {
        File.WriteAllText(PriceFilePath, text ?? Reloads.FileOf(usd, members));
        return EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                options.Time = clock ?? options.Time;
                options.Prices = reloads.Of(folder.Path);
                options.ConfigureLedger = ledger => ledger.UnknownModels = rules?.Invoke(ledger.UnknownModels) ?? ledger.UnknownModels;
            },
            TestContext.Current.CancellationToken
        );
    }

    private async Task MoveAsync(string usd)
    {
        File.WriteAllText(PriceFilePath, Reloads.FileOf(usd) + " ");
        // A look in the midst of the writing is told as well.
        while (!(await reloads.NextAsync()).IsTaken) { }
    }

    private static async Task<IBudgetSession> OpenAsync(EmbeddedAgentBudget budget, UnknownModelPolicy policy = UnknownModelPolicy.Reject)
    {
        var grain = budget.Grains.GetGrain<IBudgetSession>("priced-by-silo");
        var answer = await grain.OpenAsync(
            new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = Money.Parse("100"), UnknownModels = policy },
            }
        );
        Assert.True(answer.IsGranted);
        return grain;
    }
}

using System.Text;
using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Wrapping;

/// <summary>Streams, however they end.</summary>
public sealed class StreamTests(SharedLedger ledger)
{
    private const string Start = """
        data: {"type":"message_start","message":{"model":"claude-opus-4-8","usage":{"input_tokens":1000,"output_tokens":1,"service_tier":"standard"}}}

        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"0123456789"}}


        """;

    private const string End = """
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":40}}

        data: {"type":"message_stop"}


        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_ThatEnds_IsSettledByItsFinalUsage()
    {
        var (settled, _) = await RunAsync("claude-opus-4-8", (stream, _) => Read(stream, Start + End));

        // 1,000 x 5 and 40 x 25 millionths.
        Assert.Equal((Dollars("0.006"), CostSource.Provider), (settled.Amount, settled.Call!.Source));
        Assert.Equal(new TokenUsage(1_000, 40), settled.Call.Usage);
    }

    // The estimate is $3.25 without a cap on the output: what was set aside whole would be a hundred times the bill.
    [Fact]
    public async Task Stream_CancelledAfterTwoSeconds_IsSettledAtWhatItCanHaveUsedUntilThen()
    {
        var (settled, reserved) = await RunAsync(
            "claude-opus-4-8",
            (stream, clock) =>
            {
                _ = Read(stream, Start);
                clock.Advance(TimeSpan.FromSeconds(2));
                throw new OperationCanceledException();
            }
        );

        // The input as the provider said, ten bytes seen, and 3,000 tokens a second for two seconds and the one in which nobody notices.
        Assert.Equal((Dollars("0.23025"), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
        Assert.True(reserved.Amount > Dollars("3.00"));
    }

    // What could be used beside the text can have been used before the cut, whether or not it was seen.
    [Fact]
    public async Task Stream_CutWithLimitsBesideItsText_IsSettledWithThem()
    {
        var clock = new StandingClock();
        await using var session = await ledger.NewClient(clock: clock).OpenAsync("10.00", cancellationToken: Stop);
        var estimate = CallEstimate.Model("claude-opus-4-8", 10_000) with { Beside = default(TokenUsage) with { WebSearches = 3 } };
        await session.WrapStreamAsync(
            estimate,
            (stream, _) =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Read(stream, Start);
            },
            cancellationToken: Stop
        );

        var settled = Assert.Single(await session.EntriesAsync(EntryKind.Settled));
        // As without, 3 x 0.01, and 9,000 tokens of input that the searches can have brought.
        Assert.Equal((Dollars("0.30525"), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
        Assert.Equal(3, settled.Call.Usage.WebSearches);
    }

    [Fact]
    public void Bound_OfAProviderWhoseRateTheTableStates_IsByThatAndElseByTheSetting()
    {
        var bound = new AgentBudget.Client.Calls.StreamBound(TimeSpan.FromMilliseconds(1500), 10, null, 3000);
        var cut = new StreamCut(StopsGeneration: true, null, new Uri("https://example.com"), new DateOnly(2026, 11, 1));
        Assert.Equal((7500, 1250), (bound.UnseenTokens(cut), bound.UnseenTokens(cut with { MostTokensPerSecond = 500 })));
    }

    [Fact]
    public async Task Stream_CutWithoutAnException_IsSettledAtTheSameBound()
    {
        var (settled, _) = await RunAsync(
            "claude-opus-4-8",
            (stream, clock) =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Read(stream, Start);
            }
        );

        Assert.Equal((Dollars("0.23025"), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Stream_CancelledBeforeAnythingCame_IsSettledAtEstimatedInputAndTheTime()
    {
        var (settled, _) = await RunAsync(
            "gpt-5",
            (_, clock) =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                throw new OperationCanceledException();
            }
        );

        // 10,000 x 1.25 and 6,000 x 10 millionths.
        Assert.Equal((Dollars("0.0725"), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
    }

    // Only who sees its reader go away stops: a connection that broke somewhere was taken for one that was closed here.
    [Theory]
    [InlineData("broken", null)]
    [InlineData("broken within an SDK", null)]
    [InlineData("broken where seen text counts", "0.00525")]
    [InlineData("timed out", "0.23025")]
    public async Task Stream_ThatFails_IsBoundedWhereItWasGivenUpHere(string how, string? dollars)
    {
        var (settled, reserved) = await RunAsync(
            "claude-opus-4-8",
            (stream, clock) =>
            {
                Read(stream, Start);
                clock.Advance(TimeSpan.FromSeconds(2));
                throw how switch
                {
                    "timed out" => new TaskCanceledException("?", new TimeoutException("?", new IOException("aborted"))),
                    "broken within an SDK" => new IOException("?", new HttpIOException(HttpRequestError.ResponseEnded)),
                    _ => new IOException("?"),
                };
            },
            options => options.CutStreams = how.Contains("seen", StringComparison.Ordinal) ? CutStreams.SeenText : CutStreams.MostPossible
        );

        var source = dollars is null ? CostSource.Reserved : CostSource.Estimated;
        Assert.Equal((dollars is null ? reserved.Amount : Dollars(dollars), source), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Stream_CutBehindItsLastWord_IsSettledByThat()
    {
        var (settled, _) = await RunAsync(
            "claude-opus-4-8",
            (stream, clock) =>
            {
                clock.Advance(TimeSpan.FromSeconds(20));
                return Read(stream, Start + End[..End.IndexOf("data: {\"type\":\"message_stop", StringComparison.Ordinal)]);
            }
        );

        Assert.Equal((Dollars("0.006"), CostSource.Partial), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Stream_OfAProviderThatGoesOn_IsSettledWhole()
    {
        var (settled, reserved) = await RunAsync(
            "gemini-2.5-flash",
            (stream, clock) =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                stream.SawText("some words");
                throw new OperationCanceledException();
            }
        );

        Assert.Equal((reserved.Amount, CostSource.Reserved), (settled.Amount, settled.Call!.Source));
    }

    // Claude stops at the cut, Gemini goes on: the user's word goes before both.
    [Theory]
    [InlineData("claude-opus-4-8", "0.00525")]
    [InlineData("gemini-2.5-flash", "0.000325")]
    public async Task Stream_CutWhereTheUserCountsSeenTextAlone_IsSettledAtItsInputAndThat(string model, string dollars)
    {
        var (settled, _) = await RunAsync(
            model,
            (stream, clock) =>
            {
                stream.Report(new TokenUsage(1_000, 1), isFinal: false);
                stream.SawText("0123456789");
                clock.Advance(TimeSpan.FromSeconds(2));
                throw new OperationCanceledException();
            },
            options => options.CutStreams = CutStreams.SeenText
        );

        Assert.Equal((Dollars(dollars), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
        Assert.Equal(new TokenUsage(1_000, 10), settled.Call.Usage);
    }

    // A search had brought 25,000 tokens that nobody had said yet.
    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(0, 1_000)]
    public async Task Stream_CutWhereSearchesWerePossible_IsSettledAtItsEstimatedInput(int searches, long input)
    {
        var (settled, _) = await RunAsync(
            CallEstimate.Model("claude-opus-4-8", 10_000) with
            {
                Beside = new TokenUsage { WebSearches = searches },
            },
            (stream, clock) =>
            {
                stream.Report(new TokenUsage(1_000, 1), isFinal: false);
                clock.Advance(TimeSpan.FromSeconds(2));
                throw new OperationCanceledException();
            }
        );

        Assert.Equal((input, CostSource.Estimated), (settled.Call!.Usage.Input, settled.Call.Source));
    }

    // The default of a usage that an SDK did not give was settled as nothing, and marked as the provider's word.
    [Fact]
    public async Task Stream_ThatReportsAUsageOfNothing_IsToldAndCostsItsBound()
    {
        ArgumentException? told = null;
        var (settled, reserved) = await RunAsync(
            "gpt-5",
            (stream, _) =>
            {
                told = Assert.Throws<ArgumentException>(() => stream.Report(default, isFinal: true));
                return Task.FromResult(0);
            }
        );

        Assert.StartsWith("The usage has no counts", told!.Message, StringComparison.Ordinal);
        Assert.NotEqual(CostSource.Provider, settled.Call!.Source);
        Assert.True(settled.Amount > Money.Zero && settled.Amount <= reserved.Amount);
    }

    [Fact]
    public async Task Stream_CutWithoutAnExceptionWhereSeenTextCounts_IsSettledAtEstimatedInputAndThat()
    {
        var (settled, _) = await RunAsync(
            "gpt-5",
            (stream, clock) =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                stream.SawText("é");
                return Task.FromResult(0);
            },
            options => options.CutStreams = CutStreams.SeenText
        );

        // 10,000 x 1.25 and 2 x 10 millionths.
        Assert.Equal((Dollars("0.01252"), CostSource.Estimated), (settled.Amount, settled.Call!.Source));
    }

    // A call that ended as it should is not one that was cut.
    [Fact]
    public async Task Stream_ThatEndsWhereSeenTextCounts_IsSettledByItsFinalUsage()
    {
        var (settled, _) = await RunAsync(
            "claude-opus-4-8",
            (stream, _) => Read(stream, Start + End),
            options => options.CutStreams = CutStreams.SeenText
        );

        Assert.Equal((Dollars("0.006"), CostSource.Provider), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public void Validate_OfAWayToCountCutStreamsThatIsNone_NamesTheOption()
    {
        var options = new AgentBudgetClientOptions { CutStreams = (CutStreams)7 };
        Assert.Contains("CutStreams", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public async Task Stream_ThatRanLong_IsNeverAboveItsReservation()
    {
        var (settled, reserved) = await RunAsync(
            "claude-opus-4-8",
            (stream, clock) =>
            {
                stream.SawText("some words");
                clock.Advance(TimeSpan.FromHours(1));
                throw new OperationCanceledException();
            }
        );

        Assert.Equal((reserved.Amount, CostSource.Estimated), (settled.Amount, settled.Call!.Source));
    }

    [Fact]
    public async Task Stream_RefusedBeforeItBegan_GivesTheMoneyBack()
    {
        await using var session = await ledger.OpenAsync("10.00");
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            session.WrapStreamAsync<int>(
                CallEstimate.Model("gpt-5", 10_000),
                (_, _) => throw new HttpRequestException("?", null, System.Net.HttpStatusCode.TooManyRequests),
                cancellationToken: Stop
            )
        );

        Assert.Equal(Dollars("10.00"), (await session.NowAsync()).Available);
    }

    [Fact]
    public async Task Report_TotalsMoneyByHowItIsKnown()
    {
        await using var session = await ledger.OpenAsync("10.00");
        await session.CallAsync("0.50", "0.25");
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromResult(0),
            _ => ActualCost.NotSaid,
            cancellationToken: Stop
        );

        var breakdown = (await session.ReportAsync(cancellationToken: Stop)).Breakdown;
        Assert.Equal(
            (Dollars("0.25"), Dollars("0.30")),
            (breakdown.KnownFrom(CostSource.Provider), breakdown.KnownFrom(CostSource.Reserved))
        );
    }

    private static Task<int> Read(StreamedCall stream, string events)
    {
        stream.Append(Encoding.UTF8.GetBytes(events));
        return Task.FromResult(0);
    }

    private Task<(Entry Settled, Entry Reserved)> RunAsync(
        string model,
        Func<StreamedCall, StandingClock, Task<int>> call,
        Action<AgentBudgetClientOptions>? configure = null
    ) => RunAsync(CallEstimate.Model(model, 10_000), call, configure);

    private async Task<(Entry Settled, Entry Reserved)> RunAsync(
        CallEstimate estimate,
        Func<StreamedCall, StandingClock, Task<int>> call,
        Action<AgentBudgetClientOptions>? configure = null
    )
    {
        var clock = new StandingClock();
        await using var session = await ledger.NewClient(configure, clock).OpenAsync("10.00", cancellationToken: Stop);
        try
        {
            await session.WrapStreamAsync(estimate, (stream, _) => call(stream, clock), cancellationToken: Stop);
        }
        catch (Exception cut) when (cut is OperationCanceledException or IOException) { }

        return (
            Assert.Single(await session.EntriesAsync(EntryKind.Settled)),
            Assert.Single(await session.EntriesAsync(EntryKind.Reserved))
        );
    }
}

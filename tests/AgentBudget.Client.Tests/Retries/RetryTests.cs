using AgentBudget.Client.Tests.Ledgers;
using Orleans.Serialization;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Retries;

/// <summary>A lost message is sent again with the same key, and applied once.</summary>
public sealed class RetryTests(SharedLedger ledger)
{
    private static readonly Dictionary<string, Func<BudgetSession, Task>> Operations = new()
    {
        [nameof(IBudgetSession.ReserveWaitingAsync)] = session => session.CallAsync("0.10", "0.07"),
        [nameof(IBudgetSession.SettleAsync)] = session => session.CallAsync("0.10", "0.07"),
        [nameof(IBudgetSession.ReleaseAsync)] = session =>
            Assert.ThrowsAsync<HttpRequestException>(() =>
                session.WrapAsync<int>(
                    CallEstimate.Model("gpt-5", "0.10"),
                    _ => throw new HttpRequestException("?", null, System.Net.HttpStatusCode.TooManyRequests),
                    _ => Money.Zero,
                    cancellationToken: Token
                )
            ),
        [nameof(IBudgetSession.ChargeAsync)] = session => session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token),
        [nameof(IBudgetSession.TopUpAsync)] = session => session.TopUpAsync("0.50", cancellationToken: Token),
        [nameof(IBudgetSession.SetBudgetAsync)] = session => session.SetBudgetAsync("3.00", cancellationToken: Token),
        [nameof(IBudgetSession.CorrectAsync)] = session => session.CorrectAsync(2, Dollars("0.01"), "rounding", Token),
        [nameof(IBudgetSession.PauseAsync)] = session => session.PauseAsync(cancellationToken: Token),
        [nameof(IBudgetSession.CloseAsync)] = session => session.CloseAsync(Token),
        [nameof(IBudgetSession.OpenSharedChildAsync)] = session => session.OpenSharedChildAsync("helper", Token),
    };

    // The last two are what a silo says that could not find a place for the session in time: after a silo died, say.
    private static readonly Dictionary<string, Func<Exception>> Unknowns = new()
    {
        [nameof(TimeoutException)] = () => new TimeoutException(),
        [nameof(BudgetUnavailableException)] = () => new BudgetUnavailableException(),
        [nameof(OperationCanceledException)] = () => new OperationCanceledException("Message expired before placement could complete."),
        [nameof(CodecNotFoundException)] = () =>
            new CodecNotFoundException("Could not find a codec for type Polly.Timeout.TimeoutRejectedException."),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Loss, string> Cases
    {
        get
        {
            var data = new TheoryData<string, Loss, string>();
            foreach (var operation in Operations.Keys)
            {
                foreach (var loss in Enum.GetValues<Loss>())
                {
                    foreach (var name in Unknowns.Keys)
                        data.Add(operation, loss, name);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Operation_MessageIsLost_GoesOutAgainWithItsKeyAndAppliesOnce(string operation, Loss loss, string unknown)
    {
        var expected = await RunAsync(operation, new GrainScript());
        var script = new GrainScript().Lose(operation, loss, Unknowns[unknown]());
        Assert.Equal(expected, await RunAsync(operation, script));

        var sent = script.SentBy(operation);
        Assert.Equal(2, sent.Length);
        Assert.NotNull(sent[0].Key);
        Assert.Equal(sent[0].Key, sent[1].Key);
        Assert.Equal((true, false), (sent[0].IsKeyFresh, sent[1].IsKeyFresh));
        Assert.Equal(sent[0].HashBody(), sent[1].HashBody());
    }

    [Theory]
    [InlineData(Loss.Request)]
    [InlineData(Loss.Answer)]
    public async Task OpenChild_MessageIsLost_CarvesOnce(Loss loss)
    {
        var script = new GrainScript().Lose(nameof(IBudgetSession.OpenCarvedChildAsync), loss, new TimeoutException());
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        await using var child = await session.OpenChildAsync("researcher", "0.40", Token);
        Assert.Equal((Dollars("0.60"), Dollars("0.40")), ((await session.NowAsync()).Available, (await child.NowAsync()).Budget));
        Assert.Single(await session.EntriesAsync(EntryKind.HolderRegistered));
    }

    [Theory]
    [InlineData(Loss.Request)]
    [InlineData(Loss.Answer)]
    public async Task Stop_MessageIsLost_StopsOnceWithItsReason(Loss loss)
    {
        var script = new GrainScript().Lose(nameof(IBudgetSession.CloseAsync), loss, new TimeoutException());
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        await session.StopAsync("enough", Token);
        Assert.Equal("enough", Assert.Single(await session.EntriesAsync(EntryKind.Ended)).Reason);
        Assert.Equal("stopped", (await session.ReportAsync(cancellationToken: Token)).TerminatedBy);
    }

    [Theory]
    [InlineData(Loss.Request)]
    [InlineData(Loss.Answer)]
    public async Task Open_MessageIsLost_OpensOnce(Loss loss)
    {
        var script = new GrainScript().Lose(nameof(IBudgetSession.OpenAsync), loss, new TimeoutException());
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        Assert.Equal(1, (await session.NowAsync()).Sequence);
        Assert.Equal(2, script.Attempts(nameof(IBudgetSession.OpenAsync)));
    }

    [Fact]
    public async Task Charge_ManyAnswersLostInARow_AppliesOnce()
    {
        var script = new GrainScript();
        for (var i = 0; i < 7; i++)
            script.Lose(nameof(IBudgetSession.ChargeAsync), i % 2 == 0 ? Loss.Answer : Loss.Request, new TimeoutException());
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        var answer = await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token);
        Assert.Equal((true, Dollars("0.10")), (answer.IsReplay, (await session.NowAsync()).Spent));
        Assert.Equal(8, script.Attempts(nameof(IBudgetSession.ChargeAsync)));
    }

    [Fact]
    public async Task Charges_TwoOfTheSameCall_HaveKeysOfTheirOwn()
    {
        var script = new GrainScript();
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        for (var i = 0; i < 2; i++)
            await session.ChargeAsync(Call.Model("gpt-5"), Dollars("0.10"), Token);
        Assert.Equal(2, script.SentBy(nameof(IBudgetSession.ChargeAsync)).Select(command => command.Key).Distinct().Count());
        Assert.Equal(Dollars("0.20"), (await session.NowAsync()).Spent);
    }

    [Fact]
    public async Task Operation_CallersMistake_IsNotSent()
    {
        var script = new GrainScript();
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<ArgumentException>(() => session.TopUpAsync("0", cancellationToken: Token));
        Assert.Equal(0, script.Attempts(nameof(IBudgetSession.TopUpAsync)));
    }

    [Fact]
    public async Task Operation_MistakeThatTheSessionFinds_IsNotSentAgain()
    {
        var script = new GrainScript().Fail(nameof(IBudgetSession.TopUpAsync), () => new ArgumentException("The amount is none."));
        await using var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<ArgumentException>(() => session.TopUpAsync("1.00", cancellationToken: Token));
        Assert.Equal(1, script.Attempts(nameof(IBudgetSession.TopUpAsync)));
    }

    private AgentBudgetClient ClientWith(GrainScript script) => ledger.NewClient(clock: new SkippingClock(), script: script);

    /// <summary>What is left of the operation in the timeline and the money, keys and times aside.</summary>
    private async Task<string> RunAsync(string operation, GrainScript script)
    {
        // Not disposed: that would send a close.
        var session = await ClientWith(script).OpenAsync("1.00", cancellationToken: Token);
        // Something to correct, sent around the script.
        await ledger.Client.Get(session.Id).ChargeAsync(Call.Model("gpt-5"), Dollars("0.02"), Token);
        await Operations[operation](session);
        var standing = await session.NowAsync();
        var kinds = (await session.EntriesAsync()).Select(entry => $"{entry.Kind} {entry.Amount}");
        return $"{standing} {string.Join(", ", kinds)}";
    }
}

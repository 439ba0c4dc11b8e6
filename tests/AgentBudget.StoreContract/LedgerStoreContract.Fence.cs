using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>Of two that write the same session, one is fenced, whole.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1_000)]
    public async Task Append_OtherSequenceThanExpected_IsFencedAndLeavesNoTrace(int difference)
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        var append = session
            .Twin()
            .Do(
                new ChargeCommand
                {
                    Cost = Money.Parse("5"),
                    Call = Call.Tool("search"),
                    Key = "charge",
                },
                new ReserveCommand
                {
                    Amount = Money.Parse("5"),
                    Call = Call.Model("gpt-5"),
                    Key = "reserve",
                }
            );
        var stray = append with
        {
            ExpectedSequence = append.ExpectedSequence + difference,
            DueAt = GrowingSession.Start,
            IsDueChanged = true,
        };
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(stray));
        await CatchUpAsync();
        await AssertStoredAsync(session);
        Assert.Null(await FindAsync(session.Id, "charge"));
        Assert.Empty(await DueAsync(GrowingSession.Start));
    }

    [Fact]
    public async Task Append_FirstWriteOfASessionThatExists_IsFenced()
    {
        var session = await OpenedAsync();
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(new GrowingSession("session", "somebody-else").Open("7")));
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Append_LaterWriteOfASessionThatDoesNotExist_IsFencedAndMakesNone()
    {
        var session = new GrowingSession("session");
        session.Open();
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(session.Charge("key")));
        await AssertAbsentAsync("session");
        Assert.Null(await FindAsync("session", "key"));
    }

    [Fact]
    public async Task Append_BatchWithFencedOnes_TheOthersAreWritten()
    {
        var good = await OpenedAsync("good");
        var moved = await OpenedAsync("moved");
        var fresh = new GrowingSession("fresh");
        var unknown = new GrowingSession("unknown");
        unknown.Open();
        var stale = moved.Twin().Charge("stale");
        await WriteAsync(moved.Charge("moved"));
        var outcomes = await Store.AppendAsync([
            unknown.Charge(),
            good.Charge("good"),
            stale,
            fresh.Open(),
            new GrowingSession("good").Open("3"),
        ]);
        Assert.Equal(
            [AppendOutcome.Fenced, AppendOutcome.Written, AppendOutcome.Fenced, AppendOutcome.Written, AppendOutcome.Fenced],
            outcomes
        );
        foreach (var session in new[] { good, moved, fresh })
            await AssertStoredAsync(session);
        await AssertAbsentAsync("unknown");
    }

    [Fact]
    public async Task Append_TwoFirstWritesInOneBatch_OneIsWritten()
    {
        GrowingSession[] twins = [new("session"), new("session")];
        var outcomes = await Store.AppendAsync([twins[0].Open("1"), twins[1].Open("2")]);
        await AssertStoredAsync(Winner(twins, outcomes));
    }

    [Fact]
    public async Task Append_TwoWritesOfOneSequenceInOneBatch_OneIsWritten()
    {
        var session = await OpenedAsync();
        var twins = new[] { session.Twin(), session.Twin() };
        var outcomes = await Store.AppendAsync([twins[0].Charge("one"), twins[1].Reserve("two")]);
        await AssertStoredAsync(Winner(twins, outcomes));
    }

    [Fact]
    public async Task Append_TwoFirstWritesAtOnce_OneIsWritten()
    {
        for (var round = 0; round < 20; round++)
        {
            var twins = Enumerable.Range(0, 4).Select(_ => new GrowingSession($"session-{round}")).ToArray();
            await AssertStoredAsync(Winner(twins, await AtOnceAsync([.. twins.Select((twin, i) => twin.Open($"{i + 1}"))])));
        }
    }

    [Fact]
    public async Task Append_ManyWritesOfOneSequenceAtOnce_OneIsWritten()
    {
        var session = await OpenedAsync();
        for (var round = 0; round < 20; round++)
        {
            var twins = Enumerable.Range(0, 4).Select(_ => session.Twin()).ToArray();
            session = Winner(
                twins,
                await AtOnceAsync([.. twins.Select((twin, i) => i % 2 == 0 ? twin.Charge($"{round}-{i}") : twin.Reserve($"{round}-{i}"))])
            );
            await AssertStoredAsync(session);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Append_KeyThatStandsAlready_IsFenced(bool caughtUp)
    {
        var session = await OpenedAsync("session", ["one", "two", "three"]);
        if (caughtUp)
            await CatchUpAsync();
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(session.Twin().Charge(["four", "two"])));
        await AssertStoredAsync(session);
        await WriteAsync(session.Charge("four"));
        await AssertStoredAsync(session);
    }

    private async Task<AppendOutcome[]> AtOnceAsync(LedgerAppend[] appends)
    {
        using var barrier = new Barrier(appends.Length);
        return await Task.WhenAll(
            appends.Select(append =>
                Task.Factory.StartNew(
                        async () =>
                        {
                            barrier.SignalAndWait(TimeSpan.FromSeconds(20), Token);
                            return await AppendAsync(append);
                        },
                        Token,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    .Unwrap()
            )
        );
    }

    private static GrowingSession Winner(GrowingSession[] twins, IReadOnlyList<AppendOutcome> outcomes)
    {
        Assert.Equal(twins.Length, outcomes.Count);
        return Assert.Single(twins.Where((_, i) => outcomes[i] == AppendOutcome.Written));
    }
}

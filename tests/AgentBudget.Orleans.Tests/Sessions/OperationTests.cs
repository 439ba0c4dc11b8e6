using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Every operation of a session, from the client through grain and writer to the store and back.</summary>
public sealed class OperationTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    public static TheoryData<string> Names => new(Operation.Names);

    public static TheoryData<string> NamesButOpen => new(Operation.Names.Except(["open"]));

    [Fact]
    public void Operations_OfTheList_SendEveryCommand() =>
        Assert.Equal(
            typeof(SessionCommand)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(SessionCommand)) && !type.IsAbstract)
                .Except([typeof(SetTenantCommand), typeof(StopTenantCommand), typeof(TopUpTenantCommand)])
                .Select(type => type.Name)
                .Order(),
            Operation.All.SelectMany(RecordedSession.CommandsOf).Select(type => type.Name).Order()
        );

    [Theory, MemberData(nameof(Names))]
    public async Task Operation_WhenGranted_StandsInTheTimelineAsItWasAnswered(string name)
    {
        var operation = Operation.Named(name);
        var session = fixture.Cluster.Session(fixture.NewId());
        await operation.PrepareAsync(session);
        var answer = await operation.SendAsync(session, "key").GrantedAsync();

        var timeline = await fixture.Store.LawfulAsync(session.Id());
        var entry = timeline.Of("key");
        Assert.Equal(operation.Kind, entry.Kind);
        Assert.False(answer.IsReplay);
        Assert.Equal(SessionAnswer.Of(entry), answer);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Operation_SameKeyWithAnotherBody_IsRefusedAndWritesNothing(string name)
    {
        var operation = Operation.Named(name);
        var session = fixture.Cluster.Session(fixture.NewId());
        await operation.PrepareAsync(session);
        await operation.SendAsync(session, "key").GrantedAsync();
        var before = await fixture.Store.LawfulAsync(session.Id());
        Assert.Equal(RefusalReason.KeyConflict, await session.ChargeAsync("0.99", "key").RefusedAsync());
        Assert.Equal(before.Count, (await fixture.Store.LawfulAsync(session.Id())).Count);
    }

    [Theory, MemberData(nameof(NamesButOpen))]
    public async Task Operation_OnASessionNeverOpened_IsRefusedAndCreatesNothing(string name)
    {
        var session = fixture.Cluster.Session(fixture.NewId());
        Assert.Equal(RefusalReason.SessionUnknown, await Operation.Named(name).SendAsync(session, "key").RefusedAsync());
        Assert.Null(await fixture.Store.LoadAsync(session.Id(), TestContext.Current.CancellationToken));
        Assert.Null(await fixture.Store.LoadAsync(session.Id() + "/child", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Reads_OfASessionNeverOpened_FindNothingAndCreateNothing()
    {
        var session = fixture.Cluster.Session(fixture.NewId());
        Assert.Null(await session.ReportAsync());
        Assert.Null(await session.TimelineAsync(1, 10));
        Assert.Equal(0, (await session.StandingAsync()).Sequence);
        Assert.Null(await fixture.Store.LoadAsync(session.Id(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Report_AfterCalls_SaysWhatWasSpentOnWhat()
    {
        var session = await fixture.OpenAsync("5.00");
        var reserved = await session.ReserveAsync("1.00").GrantedAsync();
        await session.SettleAsync(reserved.ReservationId, "0.75").GrantedAsync();
        await session.ChargeAsync(new ChargeCommand { Cost = Money.Parse("0.30"), Call = Call.Tool("search") }).GrantedAsync();
        await session.ReserveAsync("0.20").GrantedAsync();

        var report = (await session.ReportAsync(events: 10))!;
        Assert.Equal("Total spend: $1.05 of $5.00 | Remaining: $3.95 | LLM: $0.75 | Tools: $0.30 | Calls: 2", report.ToString());
        Assert.Equal((Money.Parse("0.20"), 5, 5L), (report.Reserved, report.Events.Count, report.EventsTotal));
        Assert.Equal(
            [2L, 3L],
            (await session.ReportAsync(new ReportQuery { FromSequence = 2, Events = 2 }))!.Events.Select(entry => entry.Sequence)
        );
        Assert.Equal(report.Standing, await session.StandingAsync());
    }

    [Fact]
    public async Task Report_OfASharedChild_IsItsOwn()
    {
        var session = await fixture.OpenAsync("5.00");
        await session.OpenSharedChildAsync(new OpenSharedChildCommand { Child = "helper" }).GrantedAsync();
        await session
            .ChargeAsync(
                new ChargeCommand
                {
                    Cost = Money.Parse("0.30"),
                    Call = Call.Tool("search"),
                    Child = "helper",
                }
            )
            .GrantedAsync();
        await session.ChargeAsync("1.00").GrantedAsync();
        Assert.Equal(Money.Parse("0.30"), (await session.ReportAsync(new ReportQuery { Child = "helper" }))!.TotalSpent);
        Assert.Equal(Money.Parse("1.30"), (await session.ReportAsync())!.TotalSpent);
        Assert.Null(await session.ReportAsync(new ReportQuery { Child = "nobody" }));
    }

    [Fact]
    public async Task Timeline_InPages_HoldsEveryEntryOnce()
    {
        var session = await fixture.OpenAsync("5.00");
        for (var i = 0; i < 9; i++)
            await session.ChargeAsync("0.01").GrantedAsync();
        var pages = new List<TimelinePage>();
        for (var from = 1; from <= 10; from += 4)
            pages.Add((await session.TimelineAsync(from, 4))!);
        Assert.Equal(Enumerable.Range(1, 10), pages.SelectMany(page => page.Entries).Select(entry => (int)entry.Sequence));
        Assert.All(pages, page => Assert.Equal(10, page.Total));
        Assert.Empty((await session.TimelineAsync(11, 4))!.Entries);
    }

    [Fact]
    public async Task WaitForStop_SessionIsPausedMeanwhile_AnswersTrue()
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var waiting = session.WaitForStopAsync(TimeSpan.FromSeconds(20));
        await turns.TakenAsync();
        Assert.False(waiting.IsCompleted);
        await session.PauseAsync(new PauseCommand()).GrantedAsync();
        Assert.True(await waiting.InTimeAsync());
        Assert.True(await session.WaitForStopAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task WaitForStop_TimeIsUp_AnswersFalse()
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var waiting = session.WaitForStopAsync(TimeSpan.FromSeconds(20));
        await turns.TakenAsync();
        fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(await waiting.InTimeAsync());
    }

    [Fact]
    public async Task Operation_WithABadValue_ThrowsAndWritesNothing()
    {
        var session = await fixture.OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(() =>
            session.ChargeAsync(new ChargeCommand { Cost = -Money.Parse("1"), Call = Call.Model("gpt-5") })
        );
        await Assert.ThrowsAsync<ArgumentException>(() => session.ReserveAsync("1", "a key with blanks"));
        await Assert.ThrowsAsync<ArgumentException>(() => session.ReserveAsync("1", timeToLive: TimeSpan.FromDays(2)));
        await Assert.ThrowsAsync<ArgumentException>(() => session.TopUpAsync(new TopUpCommand { Amount = Money.Zero }));
        await Assert.ThrowsAsync<ArgumentException>(() => session.PauseAsync(new PauseCommand { Source = PauseSources.Parent }));
        await Assert.ThrowsAsync<ArgumentException>(() => session.OpenCarvedChildAsync("a child with blanks", "0.10"));
        Assert.Single(await fixture.Store.LawfulAsync(session.Id()));
    }
}

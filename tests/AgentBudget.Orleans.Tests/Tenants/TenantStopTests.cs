using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>Pause, stop and resume of a tenant over all levels, on two silos.</summary>
public sealed class TenantStopTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task Stop_OfATenant_EndsEverySessionBelowItForGood()
    {
        var root = NewPath();
        var ofTeam = await OpenAsync($"{root}/team", 3);
        var sessions = (await OpenAsync(root, 2)).Concat(ofTeam).ToArray();
        var reserved = await sessions[0].ReserveAsync("0.10").GrantedAsync();

        var stopped = await AnsweredAsync(Tenant(root).StopAsync(new StopTenantCommand { By = "alice", Reason = "runaway" }));

        // Five sessions and the team.
        Assert.Equal((6, 0), (stopped.ChildrenTold, stopped.ChildrenNotReached));
        foreach (var session in sessions)
        {
            Assert.Equal(EndReason.Stopped, (await session.StandingAsync()).End);
            Assert.Equal(RefusalReason.SessionEnded, await session.ReserveAsync("0.01").RefusedAsync());
        }

        // What had been authorised before is recorded, late.
        var settled = await sessions[0].SettleAsync(reserved.ReservationId, "0.10").GrantedAsync();
        Assert.True(settled.Signals.HasFlag(EntrySignals.Late));
        Assert.True((await Tenant(root).ReportAsync())!.IsStopped);
        Assert.True((await Tenant($"{root}/team").ReportAsync())!.IsStopped);
    }

    [Fact]
    public async Task Open_UnderATenantThatIsStopped_IsRefusedUntilItIsResumed()
    {
        var root = NewPath();
        var old = (await OpenAsync($"{root}/team", 1))[0];
        await AnsweredAsync(Tenant(root).StopAsync(new StopTenantCommand()));

        Assert.Equal(RefusalReason.Paused, await Open(fixture.Cluster.Session($"{root}@new")).RefusedAsync());
        Assert.Equal(RefusalReason.Paused, await Open(fixture.Cluster.Session($"{root}/team@new")).RefusedAsync());

        var resumed = await AnsweredAsync(Tenant(root).ResumeAsync(new ResumeCommand()));
        Assert.Equal(0, resumed.ChildrenNotReached);
        Assert.False((await Tenant($"{root}/team").ReportAsync())!.IsStopped);
        var young = fixture.Cluster.Session($"{root}/team@new");
        await Open(young).GrantedAsync();
        await GrantedInTheEndAsync(young, "0.01");
        Assert.Equal(EndReason.Stopped, (await old.StandingAsync()).End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_WithASessionThatCannotBeReached_SaysHowManyAndIsAskedForAgain(bool isStop)
    {
        var root = NewPath();
        var sessions = await OpenAsync($"{root}/team", 3);
        fixture.Store.OnAppend = append => append.Head.SessionId == sessions[1].Id() ? Fault.Away(FaultMoment.BeforeWrite) : null;

        var first = await AnsweredAsync(HoldAsync(root, isStop));
        Assert.Equal((3, 1), (first.ChildrenTold, first.ChildrenNotReached));

        fixture.Store.Heal();
        fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        var again = await AnsweredAsync(HoldAsync(root, isStop));
        Assert.True(again.IsUnchanged);
        Assert.Equal((4, 0), (again.ChildrenTold, again.ChildrenNotReached));
        Assert.Equal(isStop ? RefusalReason.SessionEnded : RefusalReason.Paused, await sessions[1].ReserveAsync("0.01").RefusedAsync());
    }

    [Fact]
    public async Task Session_NotReachedByAStop_EndsWhenItIsReachedThoughTheTenantIsResumed()
    {
        var root = NewPath();
        var sessions = await OpenAsync(root, 2);
        fixture.Store.OnAppend = append => append.Head.SessionId == sessions[1].Id() ? Fault.Away(FaultMoment.BeforeWrite) : null;
        var stopped = await AnsweredAsync(Tenant(root).StopAsync(new StopTenantCommand { AnswerWithin = TimeSpan.FromSeconds(10) }));
        Assert.Equal((1, 1), (stopped.ChildrenTold, stopped.ChildrenNotReached));
        await AnsweredAsync(Tenant(root).ResumeAsync(new ResumeCommand { AnswerWithin = TimeSpan.Zero }));

        fixture.Store.Heal();
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        await fixture.Cluster.Grains.GetGrain<IExpirySweep>(0).SweepAsync().InTimeAsync();

        for (var tries = 0; tries < 50 && (await sessions[1].StandingAsync()).End == EndReason.None; tries++)
            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(EndReason.Stopped, (await sessions[1].StandingAsync()).End);
        var young = fixture.Cluster.Session($"{root}@young");
        await Open(young).GrantedAsync();
        await GrantedInTheEndAsync(young, "0.01");
    }

    [Fact]
    public async Task Wait_ForTheAnswer_BeyondItsRange_IsRefusedInWords() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Tenant(NewPath()).StopAsync(new StopTenantCommand { AnswerWithin = TimeSpan.FromSeconds(21) })
        );

    private Task<SessionAnswer> HoldAsync(string path, bool isStop) =>
        isStop ? Tenant(path).StopAsync(new StopTenantCommand()) : Tenant(path).PauseAsync(new PauseCommand());

    // The clock goes on while it waits for those who do not answer.
    private async Task<SessionAnswer> AnsweredAsync(Task<SessionAnswer> answer)
    {
        for (var waited = 0; waited < 1_000 && !answer.IsCompleted; waited++)
        {
            await Task.WhenAny(answer, Task.Delay(20, TestContext.Current.CancellationToken));
            fixture.Cluster.Clock.Advance(answer.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(100));
        }

        return await answer.GrantedAsync();
    }

    private async Task GrantedInTheEndAsync(IBudgetSession session, string amount)
    {
        var refusal = (Refusal?)null;
        for (var tries = 0; tries < 20; tries++)
        {
            refusal = (await session.ReserveAsync(amount)).Refusal;
            if (refusal is null)
                return;
            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Null(refusal);
    }

    private ITenantBudget Tenant(string path) => fixture.Cluster.Grains.GetGrain<ITenantBudget>(path);

    private string NewPath() => fixture.NewId().Replace("session", "tenant", StringComparison.Ordinal);

    private static Task<SessionAnswer> Open(IBudgetSession session) =>
        session.OpenAsync(
            new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = Money.Parse("5.00"), Loops = LoopPolicy.Off },
            }
        );

    private async Task<IBudgetSession[]> OpenAsync(string path, int count)
    {
        IBudgetSession[] sessions = [.. Enumerable.Range(1, count).Select(number => fixture.Cluster.Session($"{path}@{number}"))];
        foreach (var session in sessions)
            await Open(session).GrantedAsync();
        if (TenantPath.Parse(path).Parent is { } above)
            await KnownAsync(above.ToString());
        return sessions;
    }

    // A tenant makes itself known to the one above within seconds.
    private async Task KnownAsync(string above)
    {
        var open = 0;
        for (var tries = 0; tries < 100 && open == 0; tries++)
        {
            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
            open = (await Tenant(above).ReportAsync().InTimeAsync())?.Open ?? 0;
        }

        Assert.NotEqual(0, open);
    }
}

using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>Tenants over their sessions, on two silos.</summary>
public sealed class TenantTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Reserve_ManySessionsOfOneTenant_AuthoriseExactlyItsLimit(int levels)
    {
        var root = NewPath();
        var leaf = string.Join('/', Enumerable.Range(0, levels).Select(level => level == 0 ? root : $"n{level}"));
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("1.00") });
        var sessions = await OpenAsync(leaf, 5);

        var granted = 0;
        var exhausted = 0;
        for (var round = 0; round < 100 && exhausted < sessions.Length; round++)
        {
            exhausted = 0;
            foreach (var session in sessions)
            {
                var answer = await ReserveAsync(session, "0.03");
                if (answer.IsGranted)
                {
                    granted++;
                    await session.SettleAsync(answer.ReservationId, "0.03").GrantedAsync();
                    continue;
                }

                // Money that lies idle with others is called back, level by level.
                if (answer.Refusal!.Reason == RefusalReason.InsufficientNow)
                {
                    fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(10));
                    continue;
                }

                exhausted++;
                Assert.Equal((RefusalReason.TenantExhausted, root), (answer.Refusal.Reason, answer.Refusal.Tenant?.Path.ToString()));
            }
        }

        Assert.Equal(sessions.Length, exhausted);

        Assert.Equal(33, granted);
        var report = (await Tenant(root).ReportAsync().InTimeAsync())!;
        Assert.Equal(Money.Parse("1.00"), report[WindowKind.Total].LimitInForce);
        Assert.Equal(Money.Parse("0.99"), report[WindowKind.Total].Spent + report[WindowKind.Total].Outstanding);
        Assert.True(report.IsExhausted);
    }

    [Fact]
    public async Task Settle_OfASession_StandsInEveryTenantAbove()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { DailyLimit = Money.Parse("2.00") });
        var session = (await OpenAsync($"{root}/team", 1))[0];
        var reserved = await ReserveAsync(session, "0.50").GrantedAsync();
        await session.SettleAsync(reserved.ReservationId, "0.20").GrantedAsync();
        await session.CloseAsync(new CloseCommand()).GrantedAsync();

        var team = (await Tenant($"{root}/team").ReportAsync().InTimeAsync())!;
        Assert.Equal((Money.Parse("0.20"), Money.Zero), (team[WindowKind.Day].Spent, team[WindowKind.Day].Outstanding));
        Assert.Equal(0, team.Open);
    }

    // It was refused for good, though the tenant had the money; and twice as much was asked for.
    [Fact]
    public async Task TopUp_OfAChildBeyondWhatItsSessionHasInHand_IsAskedOfTheTenant()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("1000.00") });
        var session = fixture.Cluster.Session($"{root}@1");
        var options = new BudgetSessionOptions { Budget = Money.Parse("100.00"), Loops = LoopPolicy.Off };
        await session.OpenAsync(new OpenCommand { Options = options }).GrantedAsync();
        var child = fixture.Cluster.Session($"{root}@1/c");
        var open = new OpenCarvedChildCommand
        {
            Child = $"{root}@1/c",
            Options = options with { Budget = Money.Parse("1.00") },
            Key = "c",
        };
        await session.OpenCarvedChildAsync(open).GrantedAsync();

        await child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("60.00"), Key = "t" }).GrantedAsync();

        Assert.Equal(Money.Parse("61.00"), (await child.StandingAsync().InTimeAsync()).Budget);
        Assert.Equal(Money.Parse("61.00"), (await session.StandingAsync().InTimeAsync()).Reserved);
        var report = (await Tenant(root).ReportAsync().InTimeAsync())!;
        var outstanding = report[WindowKind.Total].Outstanding;
        Assert.True(outstanding >= Money.Parse("61.00") && outstanding <= Money.Parse("100.00"), $"{outstanding} is out.");
    }

    // The tenant had nothing in hand, and asked for nothing: none was ever opened.
    [Fact]
    public async Task Open_WithItsWholeBudgetSetAside_HasItComeFromTheTenantAbove()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("12.00") });
        await SetAsync($"{root}/team", new TenantSettings { Policy = TenantPolicy.FullReservation });
        var sessions = await OpenAsync($"{root}/team", 2);
        Assert.Equal(RefusalReason.InsufficientNow, await Open(fixture.Cluster.Session($"{root}/team@3")).RefusedAsync());
        Assert.Equal(Money.Parse("10.00"), (await Tenant($"{root}/team").ReportAsync().InTimeAsync())![WindowKind.Total].Outstanding);

        await sessions[0].CloseAsync(new CloseCommand()).GrantedAsync();
        fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        await Open(fixture.Cluster.Session($"{root}/team@3")).GrantedAsync();
    }

    // Of nothing it could never be told whether it had arrived, and every call waited for it.
    [Fact]
    public async Task Child_WithoutABudget_IsNotOpened()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("10.00") });
        var session = (await OpenAsync(root, 1))[0];
        var open = new OpenCarvedChildCommand
        {
            Child = $"{root}@1/c",
            Options = new BudgetSessionOptions { Budget = Money.Zero, Tenant = TenantPath.Parse(root) },
            Key = "c",
        };
        Assert.Equal(RefusalReason.NoBudget, await session.OpenCarvedChildAsync(open).RefusedAsync());
    }

    [Fact]
    public async Task TopUp_OfAnExhaustedTenant_LetsItsSessionsGoOn()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("0.10") });
        var session = (await OpenAsync(root, 1))[0];
        var reserved = await ReserveAsync(session, "0.10").GrantedAsync();
        Assert.Equal(RefusalReason.InsufficientNow, await ReserveAsync(session, "0.01").RefusedAsync());
        await session.SettleAsync(reserved.ReservationId, "0.10").GrantedAsync();
        await InTheEndAsync(session, "0.01", RefusalReason.TenantExhausted);

        var topUp = new TopUpTenantCommand
        {
            Amount = Money.Parse("0.05"),
            By = "ops",
            Reason = "invoice paid",
            Key = "t1",
        };
        await Tenant(root).TopUpAsync(topUp).GrantedAsync();
        Assert.True((await Tenant(root).TopUpAsync(topUp).GrantedAsync()).IsReplay);
        await InTheEndAsync(session, "0.05", RefusalReason.None);
        Assert.Equal(Money.Parse("0.15"), (await Tenant(root).ReportAsync().InTimeAsync())![WindowKind.Total].LimitInForce);
    }

    [Fact]
    public async Task Pause_OfATenant_HoldsEverySessionBelow()
    {
        var root = NewPath();
        var sessions = await OpenAsync($"{root}/team", 4);
        var paused = await Tenant(root).PauseAsync(new PauseCommand { Reason = "runaway" }).GrantedAsync();
        Assert.Equal(0, paused.ChildrenNotReached);
        foreach (var session in sessions)
            Assert.Equal(RefusalReason.Paused, await ReserveAsync(session, "0.01").RefusedAsync());
        await Tenant(root).ResumeAsync(new ResumeCommand()).GrantedAsync();
        fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var session in sessions)
            await InTheEndAsync(session, "0.01", RefusalReason.None);
    }

    [Fact]
    public async Task Reserve_OnAnIdNeverOpened_OpensItWithTheTenantsDefaults()
    {
        var root = NewPath();
        await SetAsync(
            root,
            new TenantSettings
            {
                OpensSessions = true,
                Defaults = new SessionDefaults { Budget = Money.Parse("0.40"), HardLimit = 0.5m },
            }
        );
        var session = fixture.Cluster.Session($"{root}@walk-in");
        var reserved = await ReserveAsync(session, "0.20").GrantedAsync();
        await session.SettleAsync(reserved.ReservationId, "0.20").GrantedAsync();
        Assert.Equal(Money.Parse("0.40"), (await session.StandingAsync()).Budget);
        Assert.Equal(RefusalReason.BudgetExhausted, await ReserveAsync(session, "0.01").RefusedAsync());
    }

    [Fact]
    public async Task Open_UnderATenantThatIsExhausted_IsRefusedAndLeavesNoTrace()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { TotalLimit = Money.Parse("0.10") });
        var session = (await OpenAsync(root, 1))[0];
        var reserved = await ReserveAsync(session, "0.10").GrantedAsync();
        await session.SettleAsync(reserved.ReservationId, "0.10").GrantedAsync();
        await session.CloseAsync(new CloseCommand()).GrantedAsync();

        var second = fixture.Cluster.Session($"{root}@second");
        Assert.Equal(RefusalReason.TenantExhausted, await Open(second).RefusedAsync());
        Assert.Equal(RefusalReason.SessionUnknown, await ReserveAsync(second, "0.01").RefusedAsync());
        await Tenant(root).TopUpAsync(new TopUpTenantCommand { Amount = Money.Parse("1.00") }).GrantedAsync();
        await Open(second).GrantedAsync();
        await InTheEndAsync(second, "0.50", RefusalReason.None);
    }

    // A session that was refused asks again after a while, and a tenant hears of what was spent a moment after it was.
    private async Task InTheEndAsync(IBudgetSession session, string amount, RefusalReason expected)
    {
        var reason = (RefusalReason?)null;
        for (var tries = 0; tries < 20 && reason != expected; tries++)
        {
            if (tries > 0)
                fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(30));
            reason = (await ReserveAsync(session, amount)).Refusal?.Reason ?? RefusalReason.None;
        }

        Assert.Equal(expected, reason);
    }

    // Recalls follow one another at a distance. On a busy machine three words between three ledgers take their time: at first the clock goes
    // no faster than that.
    private async Task<SessionAnswer> ReserveAsync(IBudgetSession session, string amount)
    {
        var sent = SessionCalls.ReserveAsync(session, amount);
        for (var waited = 0; waited < 500 && !sent.IsCompleted; waited++)
        {
            await Task.WhenAny(sent, Task.Delay(20, TestContext.Current.CancellationToken));
            fixture.Cluster.Clock.Advance(sent.IsCompleted ? TimeSpan.Zero : TimeSpan.FromMilliseconds(waited < 50 ? 20 : 100));
        }

        return await sent.InTimeAsync();
    }

    private ITenantBudget Tenant(string path) => fixture.Cluster.Grains.GetGrain<ITenantBudget>(path);

    private string NewPath() => fixture.NewId().Replace("session", "tenant", StringComparison.Ordinal);

    private Task<SessionAnswer> SetAsync(string path, TenantSettings settings) =>
        Tenant(path).SetAsync(new SetTenantCommand { Settings = settings, By = "tests" }).GrantedAsync();

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
        return sessions;
    }
}

using AgentBudget.Orleans.Tests.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Ids that are no session's: whoever asks for them is answered, and the silo keeps nothing of them.</summary>
public sealed class UnknownSessionTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const int Ids = 300;

    [Fact]
    public async Task Questions_ForIdsThatAreNoSessions_LeaveNoActivations()
    {
        var known = await fixture.OpenAsync();
        for (var i = 0; i < Ids; i++)
        {
            var session = fixture.Cluster.Session(fixture.NewId());
            Assert.Null(await session.ReportAsync(new ReportQuery()));
            Assert.Null(await session.TimelineAsync(1, 10));
            Assert.Equal(0, (await session.StandingAsync()).Sequence);
            var charge = new ChargeCommand { Cost = Money.Parse("0.01"), Call = Call.Tool("search") };
            Assert.Equal(RefusalReason.SessionUnknown, (await session.ChargeAsync(charge)).Refusal?.Reason);
        }

        Assert.Equal(1, (await known.StandingAsync()).Sequence);
        await AssertFewActivationsAsync();
    }

    [Fact]
    public async Task WrongQuestions_ForIdsThatAreNoSessions_LeaveNoActivations()
    {
        for (var i = 0; i < Ids; i++)
        {
            var session = fixture.Cluster.Session(fixture.NewId());
            await Assert.ThrowsAnyAsync<ArgumentException>(() => session.TimelineAsync(1, -1));
            var charge = new ChargeCommand { Cost = Money.FromNanoDollars(-1), Call = Call.Tool("search") };
            await Assert.ThrowsAsync<ArgumentException>(() => session.ChargeAsync(charge));
        }

        await AssertFewActivationsAsync();
    }

    // Two grains would serve one ledger, and what is for a session would stand in a tenant's timeline.
    [Fact]
    public async Task Questions_ForATenantsLedgerAsIfItWereASession_AreRefused()
    {
        var path = fixture.NewId();
        var settings = new TenantSettings { TotalLimit = Money.Parse("1.00") };
        await fixture.Cluster.Grains.GetGrain<ITenantBudget>(path).SetAsync(new SetTenantCommand { Settings = settings }).GrantedAsync();
        var session = fixture.Cluster.Session($"~{path}");
        var options = new BudgetSessionOptions { Budget = Money.Parse("1.00") };
        Func<Task>[] questions =
        [
            () => session.ReportAsync(new ReportQuery()),
            () => session.TimelineAsync(1, 10),
            () => session.StandingAsync(),
            () => session.PauseAsync(new PauseCommand()),
            () => session.OpenAsync(new OpenCommand { Options = options }),
            () => session.WaitForStopAsync(TimeSpan.Zero),
        ];
        foreach (var question in questions)
            Assert.Contains("session id", (await Assert.ThrowsAsync<ArgumentException>(question)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_ForPathsThatAreNoTenants_LeaveNoActivations()
    {
        for (var i = 0; i < Ids; i++)
        {
            var path = fixture.NewId();
            var tenant = fixture.Cluster.Grains.GetGrain<ITenantBudget>(path);
            Assert.Null(await tenant.TimelineAsync(1, 10));
            Assert.Equal(RefusalReason.TenantUnknown, (await tenant.ResumeAsync(new ResumeCommand())).Refusal?.Reason);
            var open = new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = Money.Zero, Tenant = TenantPath.Parse(path) },
            };
            Assert.Equal(RefusalReason.NoBudget, (await fixture.Cluster.Session($"{path}@1").OpenAsync(open)).Refusal?.Reason);
        }

        await AssertFewActivationsAsync("TenantBudget");
    }

    [Fact]
    public async Task Session_OpenedAfterItWasAskedFor_IsServed()
    {
        var session = fixture.Cluster.Session(fixture.NewId());
        Assert.Null(await session.ReportAsync(new ReportQuery()));
        await session.OpenAsync(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.Parse("1") } }).GrantedAsync();
        Assert.Equal(Money.Parse("1"), (await session.StandingAsync()).Budget);
    }

    // Those that were asked last may still be on their way out, and other tests' sessions are few.
    private async Task AssertFewActivationsAsync(string grain = "BudgetSession")
    {
        var activations = await ActivationsAsync(grain);
        for (var asked = 0; activations > 20 && asked < 1_000; asked++)
            activations = await ActivationsAsync(grain);
        Assert.InRange(activations, 0, 20);
    }

    private async Task<int> ActivationsAsync(string grain)
    {
        var statistics = await fixture.Cluster.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(one => one.GrainType.Contains(grain, StringComparison.Ordinal)).Sum(one => one.ActivationCount);
    }
}

using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>What tenants say of their spend by names, of runs and of their sessions, on two silos.</summary>
public sealed class SpendTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Spend_OfSessionsBelow_IsToldApartByNamesAtEveryLevel()
    {
        var root = NewPath();
        await SetAsync(root, new TenantSettings { DailyLimit = Money.Parse("10.00"), TagNames = ["customer"] });
        await RunAsync($"{root}/team@1", "writer", "x", "0.10", "0.20");
        await RunAsync($"{root}/team@2", "writer", "y", "0.30");
        await RunAsync($"{root}@3", null, null, "0.05");

        var spend = await InTheEndAsync(root, Money.Parse("0.65"), runs: 3);
        Assert.Equal(["gpt-5 $0.65 4"], Lines(spend.Find(SpendBy.Model)));
        Assert.Equal([], Lines(spend.Find(SpendBy.Tool)));
        Assert.Equal(["writer $0.60 3", "(none) $0.05 1"], Lines(spend.Find(SpendBy.Agent)));
        Assert.Equal(["x $0.30 2", "y $0.30 1", "(none) $0.05 1"], Lines(spend.Find(SpendBy.Tag, "customer")));
        var writer = Assert.Single(spend.RunsByAgent, run => run.Agent == "writer");
        Assert.Equal((2, Money.Parse("0.60"), Money.Parse("0.30"), 0m), (writer.Runs, writer.Cost, writer.Average, writer.StoppedShare));
        Assert.Equal(Money.Parse("0.65"), spend.LastHour.Spent);
        Assert.NotNull(spend.LastHour.TimeLeft[(int)WindowKind.Day]);
        var team = await InTheEndAsync($"{root}/team", Money.Parse("0.60"), runs: 2);
        Assert.Null(team.Find(SpendBy.Tag, "customer"));

        fixture.Cluster.Clock.Advance(TimeSpan.FromDays(1));
        // Whoever asks begins the day.
        var day = (await Tenant(root).ReportAsync().InTimeAsync())![WindowKind.Day];
        Assert.Equal((Money.Zero, Money.Parse("0.65")), (day.Spent, day.PreviousSpent));
        Assert.Equal(Money.Zero, (await Tenant(root).SpendAsync(new TenantSpendQuery()).InTimeAsync())!.Spent);
        var before = (await Tenant(root).SpendAsync(new TenantSpendQuery { DayBefore = true }).InTimeAsync())!;
        Assert.Equal((Money.Parse("0.65"), 3), (before.Spent, before.Runs.Runs));
    }

    [Fact]
    public async Task Sessions_OfATenant_AreItsOwnPagedFilteredAndDearestFirst()
    {
        var root = NewPath();
        await RunAsync($"{root}@1", null, null, "0.10");
        await RunAsync($"{root}/team@2", null, null, "0.30");
        await OpenAsync($"{root}@3", null, null);
        await OpenAsync($"{root}x@4", null, null);

        Assert.Equal([$"{root}/team@2", $"{root}@1", $"{root}@3"], await IdsAsync(root, new SessionsQuery()));
        Assert.Equal([$"{root}@1"], await IdsAsync(root, new SessionsQuery { After = $"{root}/team@2", Count = 1 }));
        Assert.Equal([$"{root}@3"], await IdsAsync(root, new SessionsQuery { Status = SessionStatus.Open }));
        var dearest = new SessionsQuery { DearestFirst = true, Count = 2 };
        Assert.Equal([$"{root}/team@2", $"{root}@1"], await IdsAsync(root, dearest));
        Assert.Equal([$"{root}@3"], await IdsAsync(root, new SessionsQuery { HidesClosed = true }));
        Assert.Empty(await IdsAsync($"{root}/team", new SessionsQuery { Status = SessionStatus.Paused }));
        Assert.Empty(await IdsAsync(NewPath(), new SessionsQuery()));
    }

    [Fact]
    public async Task Spend_OfATenantThatNeverWas_IsNull() =>
        Assert.Null(await Tenant(NewPath()).SpendAsync(new TenantSpendQuery()).InTimeAsync());

    private async Task<string[]> IdsAsync(string path, SessionsQuery query)
    {
        var directory = fixture.Cluster.Grains.GetGrain<ISessionDirectory>(0);
        var page = await directory.ListAsync(query with { Tenant = TenantPath.Parse(path) }).InTimeAsync();
        return [.. page.Sessions.Select(session => session.SessionId)];
    }

    // A session is closed with what it spent, and a tenant tells the one above a moment later.
    private async Task<TenantSpend> InTheEndAsync(string path, Money spent, long runs)
    {
        for (var tries = 0; ; tries++)
        {
            var spend = (await Tenant(path).SpendAsync(new TenantSpendQuery()).InTimeAsync())!;
            if ((spend.Spent == spent && spend.Runs.Runs == runs) || tries == 200)
            {
                Assert.Equal((spent, runs), (spend.Spent, spend.Runs.Runs));
                return spend;
            }

            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task RunAsync(string id, string? agent, string? customer, params string[] costs)
    {
        var session = await OpenAsync(id, agent, customer);
        foreach (var cost in costs)
            await session.ChargeAsync(new ChargeCommand { Cost = Money.Parse(cost), Call = Call.Model("gpt-5") }).GrantedAsync();
        await session.CloseAsync(new CloseCommand()).GrantedAsync();
    }

    private async Task<IBudgetSession> OpenAsync(string id, string? agent, string? customer)
    {
        var session = fixture.Cluster.Session(id);
        var options = new BudgetSessionOptions
        {
            Budget = Money.Parse("5.00"),
            Loops = LoopPolicy.Off,
            Agent = agent,
            Tags = customer is null ? BudgetSessionOptions.NoTags : new Dictionary<string, string> { ["customer"] = customer },
        };
        await session.OpenAsync(new OpenCommand { Options = options }).GrantedAsync();
        return session;
    }

    private static string[] Lines(SpendList? list) => [.. list!.Names.Select(line => $"{line.Name} {line.Spent} {line.Calls}")];

    private ITenantBudget Tenant(string path) => fixture.Cluster.Grains.GetGrain<ITenantBudget>(path);

    private string NewPath() => fixture.NewId().Replace("session", "tenant", StringComparison.Ordinal);

    private Task<SessionAnswer> SetAsync(string path, TenantSettings settings) =>
        Tenant(path).SetAsync(new SetTenantCommand { Settings = settings }).GrantedAsync();
}

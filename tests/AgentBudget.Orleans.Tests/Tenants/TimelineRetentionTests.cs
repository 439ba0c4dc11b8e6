using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>A tenant never ends: of its timeline what is older than 400 days goes, and its money and reports stay, on two silos.</summary>
public sealed class TimelineRetentionTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(400);

    [Fact]
    public async Task Timelines_PastTheirRetention_AreTrimmedAtEveryLevelAndNoMoneyIsLost()
    {
        const string root = "trimmed";
        const string team = "trimmed/team";
        await Tenant(root)
            .SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("1.00") } })
            .GrantedAsync();
        await RunAsync($"{team}@1", "0.40");
        await RunAsync($"{team}@2", "0.10");
        await UntilSpentAsync(root, "0.50");
        await AdvanceAndSweepAsync(Retention - TimeSpan.FromHours(1));
        Assert.NotEmpty(await EntriesAsync(root, 1));
        Assert.NotEmpty(await EntriesAsync(team, 1));

        // Sessions are kept for 90 days, and their rows as long as they are there.
        Assert.Equal([$"{team}@1", $"{team}@2"], await ClosedAsync(team));
        // What happens now keeps them from being due never.
        await RunAsync($"{team}@3", "0.20");
        await UntilSpentAsync(root, "0.70");
        await AdvanceAndSweepAsync(TimeSpan.FromHours(13));
        Assert.Empty(await EntriesAsync(root, 1));
        Assert.Empty(await EntriesAsync(team, 1));
        Assert.Equal([$"{team}@3"], await ClosedAsync(team));
        var report = (await Tenant(root).ReportAsync().InTimeAsync())!;
        Assert.Equal((Money.Parse("0.70"), Money.Zero), (report[WindowKind.Total].Spent, report[WindowKind.Total].Outstanding));
        Assert.NotEmpty(await EntriesAsync(root, await LastOfAsync(root)));
        Assert.NotEmpty(await EntriesAsync(team, await LastOfAsync(team)));

        await fixture.Cluster.ForgetAsync(Tenant(root));
        await fixture.Cluster.ForgetAsync(Tenant(team));
        await RunAsync($"{team}@4", "0.25");
        await UntilSpentAsync(root, "0.95");
        var refused = await OpenAsync($"{team}@5");
        Assert.Equal(
            RefusalReason.TenantExhausted,
            (await refused.ReserveAsync(new ReserveCommand { Amount = Money.Parse("0.06"), Call = Call.Model("gpt-5") })).Refusal!.Reason
        );
    }

    [Fact]
    public async Task Timeline_OfATenantWhoseParentHasNotHeard_IsKept()
    {
        await RunAsync("unheard/team@1", "0.40");
        await UntilSpentAsync("unheard", "0.40");
        fixture.Store.OnAppend = append => append.Head.SessionId == LedgerIdOf("unheard") ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await RunAsync("unheard/team@2", "0.10");
        await UntilSpentAsync("unheard/team", "0.50");
        var last = await LastOfAsync("unheard/team");
        await AdvanceAndSweepAsync(Retention + TimeSpan.FromDays(2));
        await AdvanceAndSweepAsync(TimeSpan.FromHours(13));
        Assert.NotEmpty(await EntriesAsync("unheard/team", last));

        fixture.Store.Heal();
        await AdvanceAndSweepAsync(TimeSpan.FromMinutes(10));
        await UntilSpentAsync("unheard", "0.50");
    }

    private async Task<IReadOnlyList<Entry>> EntriesAsync(string path, long sequence) =>
        await fixture.Store.ReadAsync(LedgerIdOf(path), sequence, 1, TestContext.Current.CancellationToken);

    private async Task<string[]> ClosedAsync(string path)
    {
        var rows = await fixture.Store.ReadClosedHoldersAsync(LedgerIdOf(path), 0, 100, TestContext.Current.CancellationToken);
        return [.. rows.Select(row => row.HolderId)];
    }

    private async Task<long> LastOfAsync(string path) =>
        (await fixture.Store.LoadHeadAsync(LedgerIdOf(path), TestContext.Current.CancellationToken))!.Sequence;

    private static string LedgerIdOf(string path) => TenantLedgers.IdOf(TenantPath.Parse(path));

    private ITenantBudget Tenant(string path) => fixture.Cluster.Grains.GetGrain<ITenantBudget>(path);

    private async Task RunAsync(string id, string cost)
    {
        var session = await OpenAsync(id);
        await session.ChargeAsync(new ChargeCommand { Cost = Money.Parse(cost), Call = Call.Model("gpt-5") }).GrantedAsync();
        await session.CloseAsync(new CloseCommand()).GrantedAsync();
    }

    private async Task<IBudgetSession> OpenAsync(string id)
    {
        var session = fixture.Cluster.Session(id);
        var options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), Loops = LoopPolicy.Off };
        await session.OpenAsync(new OpenCommand { Options = options }).GrantedAsync();
        return session;
    }

    // A session is closed with what it spent, and a tenant tells the one above a moment later.
    private async Task UntilSpentAsync(string path, string spent)
    {
        for (var tries = 0; ; tries++)
        {
            // A tenant is there once one below has told it of a cost.
            var told = (await Tenant(path).ReportAsync().InTimeAsync())?[WindowKind.Total].Spent;
            if (told == Money.Parse(spent) || tries == 200)
            {
                Assert.Equal(Money.Parse(spent), told);
                return;
            }

            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task AdvanceAndSweepAsync(TimeSpan time)
    {
        fixture.Cluster.Clock.Advance(time);
        await fixture.Cluster.SweepAsync();
    }
}

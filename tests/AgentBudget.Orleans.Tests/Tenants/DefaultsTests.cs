using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>What sessions are opened with where their callers say nothing, and whose they are where their ids say nothing.</summary>
public sealed class DefaultsTests : IAsyncLifetime
{
    private readonly InMemoryLedgerStore store = new();
    private LedgerCluster cluster = null!;

    public async ValueTask InitializeAsync() =>
        cluster = await LedgerCluster.StartAsync(store, configure: options => options.Tenants.Default = "others");

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Fact]
    public async Task Open_ThreeLevelsBelow_HasEachOptionFromTheNearestThatSaysIt()
    {
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("2.00"), HardLimit = 0.5m });
        await SetAsync("acme/research", new SessionDefaults { HardLimit = 0.8m, UnknownModels = UnknownModelPolicy.Fallback });
        var opened = await OpenAsync("acme/research/alice@a").GrantedAsync();
        Assert.Equal(Money.Parse("2.00"), opened.Standing.Budget);
        Assert.Equal(UnknownModelPolicy.Fallback, opened.UnknownModels);
        var options = await OptionsAsync("acme/research/alice@a");
        Assert.Equal((0.8m, "acme/research/alice"), (options.HardLimit, options.Tenant?.ToString()));
    }

    [Fact]
    public async Task Set_OfATenantAbove_HoldsForSessionsThatAreOpenedAWhileLater()
    {
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("2.00") });
        Assert.Equal(Money.Parse("2.00"), (await OpenAsync("acme/team@a").GrantedAsync()).Standing.Budget);
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("3.00") });
        cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Money.Parse("3.00"), (await OpenAsync("acme/team@b").GrantedAsync()).Standing.Budget);
    }

    [Fact]
    public async Task Open_AgainAfterTheDefaultsHaveChanged_IsTheSameOpening()
    {
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("2.00") });
        await OpenAsync("acme@a").GrantedAsync();
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("3.00") });
        var again = await OpenAsync("acme@a").GrantedAsync();
        Assert.Equal((true, Money.Parse("2.00")), (again.IsUnchanged, again.Standing.Budget));
        Assert.Equal(RefusalReason.AlreadyOpen, await OpenAsync("acme@a", "2.00").RefusedAsync());
    }

    [Fact]
    public async Task Open_OfAnIdThatNamesNoTenant_BelongsToTheDefaultOne()
    {
        await SetAsync("others", new SessionDefaults { Budget = Money.Parse("4.00") });
        Assert.Equal(Money.Parse("4.00"), (await OpenAsync("ticket-7").GrantedAsync()).Standing.Budget);
        await cluster.OpenAsync("ticket-6");
        Assert.Equal("others", (await OptionsAsync("ticket-6")).Tenant?.ToString());
        Assert.Equal(2, (await Tenant("others").ReportAsync().InTimeAsync())!.Open);
        Assert.Equal(RefusalReason.SessionUnknown, await SessionCalls.ReserveAsync(cluster.Session("ticket-8"), "0.01").RefusedAsync());
    }

    [Fact]
    public async Task Reserve_OnAnUnknownIdWithoutATenant_OpensItWhereTheDefaultTenantSaysSo()
    {
        await SetAsync("others", new SessionDefaults { Budget = Money.Parse("4.00") }, opensSessions: true);
        await SessionCalls.ReserveAsync(cluster.Session("walk-in"), "0.01").GrantedAsync();
        Assert.Equal(Money.Parse("4.00"), (await cluster.Session("walk-in").StandingAsync().InTimeAsync()).Budget);
    }

    // Made-up paths would fill the store with ledgers that never end, and the tenant above with rows.
    [Fact]
    public async Task Reserve_OnMadeUpIds_LeavesNoTenantBehindAtAnyLevel()
    {
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("4.00") });
        var reserve = SessionCalls.ReserveAsync(cluster.Session("acme/made/up@1"), "0.01");
        Assert.Equal(RefusalReason.SessionUnknown, await reserve.RefusedAsync());
        Assert.Equal(RefusalReason.NoBudget, await OpenAsync("other/made/up@1").RefusedAsync());
        Assert.Equal(RefusalReason.TenantUnknown, await Tenant("acme/made").ResumeAsync(new ResumeCommand()).RefusedAsync());
        foreach (var path in new[] { "acme/made", "acme/made/up", "other", "other/made", "other/made/up" })
        {
            Assert.Null(await Tenant(path).ReportAsync().InTimeAsync());
            Assert.Null(await Tenant(path).TimelineAsync(1, 10).InTimeAsync());
            Assert.Null(await store.LoadHeadAsync($"~{path}", TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, (await Tenant("acme").ReportAsync().InTimeAsync())!.Opened);
    }

    [Fact]
    public async Task Reserve_OnAnUnknownIdBelowTenantsThatWereNeverSet_OpensItAsTheOneAboveThemSays()
    {
        await SetAsync("acme", new SessionDefaults { Budget = Money.Parse("4.00") }, opensSessions: true);
        await SessionCalls.ReserveAsync(cluster.Session("acme/a/b/c@1"), "0.01").GrantedAsync();
        Assert.Equal(Money.Parse("4.00"), (await cluster.Session("acme/a/b/c@1").StandingAsync().InTimeAsync()).Budget);
    }

    private ITenantBudget Tenant(string path) => cluster.Grains.GetGrain<ITenantBudget>(path);

    private Task<SessionAnswer> SetAsync(string path, SessionDefaults defaults, bool opensSessions = false) =>
        Tenant(path)
            .SetAsync(
                new SetTenantCommand
                {
                    Settings = new TenantSettings { Defaults = defaults, OpensSessions = opensSessions },
                }
            )
            .GrantedAsync();

    private Task<SessionAnswer> OpenAsync(string id, string budget = "0") =>
        cluster
            .Session(id)
            .OpenAsync(
                new OpenCommand
                {
                    Options = new BudgetSessionOptions
                    {
                        Budget = Money.Parse(budget),
                        Tenant = SessionIds.TenantOf(id) ?? TenantPath.Parse("others"),
                    },
                }
            );

    private async Task<BudgetSessionOptions> OptionsAsync(string id) =>
        (await store.LoadHeadAsync(id, TestContext.Current.CancellationToken))!.Options!;
}

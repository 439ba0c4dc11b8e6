using System.Diagnostics;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Carved children beside each other, and what parent and child owe each other when one of them is away.</summary>
public sealed class CarvedChildTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    private const int Children = 10;

    // AGENTBUDGET_CHILDREN=10000 tries the most that a session may have.
    private static int Many => int.TryParse(Environment.GetEnvironmentVariable("AGENTBUDGET_CHILDREN"), out var asked) ? asked : 1_000;

    public void Dispose() => fixture.Store.Heal();

    [Theory]
    [InlineData("0.30", 3, "0.90")]
    [InlineData("0.10", 10, "1.00")]
    [InlineData("0.80", 1, "0.80")]
    public async Task Carve_TenChildrenAtOnceOnADollar_NeverHaveMoreThanIt(string each, int granted, string inAll)
    {
        var parent = await fixture.OpenAsync("1.00");
        var spent = await Task.WhenAll(Enumerable.Range(0, Children).Select(i => SpendAllAsync(parent, $"{parent.Id()}/child-{i}", each)));
        Assert.Equal(granted, spent.Count(amount => amount > Money.Zero));
        Assert.Equal(Money.Parse(inAll).NanoDollars, spent.Sum(amount => amount.NanoDollars));

        var before = await parent.StandingAsync();
        Assert.Equal((Money.Parse(inAll), Money.Zero), (before.Reserved, before.Spent));
        var closed = await parent.CloseAsync(new CloseCommand()).GrantedAsync();
        Assert.Equal(
            (Money.Zero, Money.Parse(inAll), Money.Zero),
            (closed.Standing.Reserved, closed.Standing.Spent, closed.Standing.Overage)
        );
        await fixture.Store.LawfulAsync(parent.Id());
    }

    [Fact]
    public async Task Carve_AThousandChildrenOfOneParent_AllOpenAndEndWithIt()
    {
        var many = Many;
        var took = new List<string>();
        var since = Process.GetCurrentProcess().TotalProcessorTime;
        void Took(string what)
        {
            var now = Process.GetCurrentProcess().TotalProcessorTime;
            took.Add($"{what} {(now - since).TotalSeconds:N1} s");
            since = now;
        }

        var parent = await fixture.Cluster.OpenAsync(fixture.NewId(), "1000.00", options => options with { CarvedChildren = many });
        string[] ids = [.. Enumerable.Range(0, many).Select(i => $"{parent.Id()}/child-{i}")];
        // The clock of tests looks at all who wait whenever somebody begins to.
        foreach (var some in ids.Chunk(1_000))
        {
            var opened = await Task.WhenAll(some.Select(id => parent.OpenCarvedChildAsync(id, "0.05", id.Replace('/', ':'))));
            Assert.All(opened, answer => Assert.True(answer.IsGranted));
        }

        Took("opening");
        Assert.Equal(RefusalReason.TooManyChildren, await parent.OpenCarvedChildAsync(parent.Id() + "/more", "0.05").RefusedAsync());
        await Task.WhenAll(ids.Select(id => fixture.Cluster.Session(id).ChargeAsync("0.01").GrantedAsync()));
        Took("a charge each");
        var listed = await ListChildrenAsync(parent);
        Took("listing");
        Assert.Equal(ids.Order(), listed.Select(child => child.Name).Order());

        var closed = await Patience.UntilKnownAsync(() => parent.CloseAsync(new CloseCommand { Key = "close" }));
        Took("ending");
        Assert.Equal(
            (Money.Parse("0.01").NanoDollars * many, 0),
            (closed.Standing.Spent.NanoDollars, closed.Standing.Reserved.NanoDollars)
        );
        var ends = await Task.WhenAll(ids.Select(id => fixture.Cluster.Session(id).StandingAsync()));
        Assert.All(ends, standing => Assert.Equal(EndReason.Stopped, standing.End));
        TestContext.Current.TestOutputHelper?.WriteLine($"Processor time for {many:N0} children: {string.Join(", ", took)}");
    }

    [Fact]
    public async Task Sweep_ChildThatWasNotReached_IsOpenedWithItsMoney()
    {
        var parent = await fixture.OpenAsync();
        var child = parent.Id() + "/child";
        fixture.Store.OnAppend = append => append.Head.SessionId == child ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await parent.OpenCarvedChildAsync(child, "0.40", "key").AssertUnavailableAsync();
        fixture.Store.Heal();
        Assert.Equal(Money.Parse("0.40"), (await parent.StandingAsync()).Reserved);

        await SweepAsync();
        Assert.Equal(Money.Parse("0.40"), (await HeadAsync(child)).Budget);
        Assert.True((await parent.OpenCarvedChildAsync(child, "0.40", "key").GrantedAsync()).IsReplay);
        Assert.Equal(RefusalReason.AlreadyOpen, await parent.OpenCarvedChildAsync(child, "0.40").RefusedAsync());
        Assert.Equal(Money.Parse("0.40"), (await parent.StandingAsync()).Reserved);
    }

    // The parent has answered that the child is open: whoever calls it must not hear that it has no money.
    [Fact]
    public async Task Reserve_OnAChildInNoMemoryWhoseFirstGrantWasLost_GetsTheGrantFirst()
    {
        var parent = await fixture.OpenAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        var appends = 0;
        // The first registers; the second takes what the parent grants.
        fixture.Store.OnAppend = append =>
            append.Head.SessionId == child.Id() && ++appends == 2 ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await parent.OpenCarvedChildAsync(child.Id(), "0.40").GrantedAsync();
        fixture.Store.Heal();
        Assert.Equal(Money.Zero, (await HeadAsync(child.Id())).Budget);
        await fixture.Cluster.ForgetAsync(child.Id());
        await child.ReserveAsync("0.40").GrantedAsync();
        Assert.Equal(Money.Parse("0.40"), (await parent.StandingAsync()).Reserved);
    }

    [Fact]
    public async Task Close_OfAParentWhoseChildWasNeverReached_BringsItsMoneyBackAndTheChildNeverHasAny()
    {
        var parent = await fixture.OpenAsync();
        var child = parent.Id() + "/child";
        fixture.Store.OnAppend = append => append.Head.SessionId == child ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await parent.OpenCarvedChildAsync(child, "0.40").AssertUnavailableAsync();
        var closed = await parent.CloseAsync(new CloseCommand()).GrantedAsync();
        Assert.Equal((Money.Zero, Money.Zero), (closed.Standing.Reserved, closed.Standing.Spent));
        fixture.Store.Heal();
        await SweepAsync();
        Assert.Equal(RefusalReason.SessionUnknown, await fixture.Cluster.Session(child).ReserveAsync("0.01").RefusedAsync());
    }

    [Fact]
    public async Task TopUp_ThatTheChildCouldNotTake_IsTakenByItsRepetition()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        var appends = 0;
        // The first is what was asked for; the second takes what the parent has granted.
        fixture.Store.OnAppend = append =>
            append.Head.SessionId == child.Id() && ++appends == 2 ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }).AssertUnavailableAsync();
        fixture.Store.Heal();
        Assert.Equal(Money.Parse("0.60"), (await parent.StandingAsync()).Reserved);

        await Patience.UntilKnownAsync(() => child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }));
        Assert.Equal(Money.Parse("0.60"), (await child.StandingAsync()).Budget);
        Assert.Equal(Money.Parse("0.60"), (await parent.StandingAsync()).Reserved);
    }

    [Fact]
    public async Task TopUp_EightOfOneChildAtOnce_AllStandInItsTimeline()
    {
        var (parent, child) = await OpenFamilyAsync("0.20");
        var topUps = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.10"), Key = $"more-{i}" }).GrantedAsync())
        );
        Assert.Equal(8, topUps.Select(answer => answer.EntrySequence).Distinct().Count());
        var timeline = await fixture.Store.LawfulAsync(child.Id());
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(EntryKind.ToppedUp, timeline.Of($"more-{i}").Kind));
        Assert.Equal(
            (Money.Parse("1.00"), Money.Parse("1.00")),
            ((await child.StandingAsync()).Budget, (await parent.StandingAsync()).Reserved)
        );
    }

    [Fact]
    public async Task Charge_TwentyAtOnceOnAClosedChild_AreEachBookedOnceAtTheParent()
    {
        var (parent, child) = await OpenFamilyAsync("1.00");
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => child.ChargeAsync("0.10", $"late-{i}").GrantedAsync()));
        await SweepAsync();
        var head = await HeadAsync(parent.Id());
        Assert.Equal((Money.Parse("2.00"), Money.Zero), (head.Spent, head.Reserved));
    }

    [Fact]
    public async Task Report_OfAParent_SaysWhatItsChildHasSpentSoFar()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.ChargeAsync("0.15").GrantedAsync();
        await SweepAsync();
        var report = (await parent.ReportAsync())!;
        Assert.Equal((Money.Parse("0.15"), Money.Parse("0.25")), (report.TotalSpent, report.Reserved));
        var account = Assert.Single(report.Children);
        Assert.Equal((ChildKind.Carved, Money.Parse("0.40"), Money.Parse("0.15")), (account.Kind, account.Carved, account.Spent));
    }

    [Fact]
    public async Task TopUp_ThatTheParentCannotPay_IsRefused()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        Assert.Equal(RefusalReason.ParentRefused, await child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.61") }).RefusedAsync());
        Assert.Equal(
            (Money.Parse("0.40"), Money.Parse("0.40")),
            ((await child.StandingAsync()).Budget, (await parent.StandingAsync()).Reserved)
        );
    }

    [Fact]
    public async Task Close_OfAChildWhoseParentIsAway_IsAnsweredAndTheParentHearsLater()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.ChargeAsync("0.15").GrantedAsync();
        await fixture.Cluster.ForgetAsync(parent.Id());
        fixture.Store.OnRead = id =>
            id == parent.Id() ? new LedgerStoreUnavailableException("The parent's part of the store is away.") : null;
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        await child.ChargeAsync("0.05", "late").GrantedAsync();
        fixture.Store.Heal();
        Assert.Equal(Money.Parse("0.40"), (await HeadAsync(parent.Id())).Reserved);

        await SweepAsync();
        var head = await HeadAsync(parent.Id());
        Assert.Equal((Money.Zero, Money.Parse("0.20")), (head.Reserved, head.Spent));
        Assert.False((await HeadAsync(child.Id())).Link!.HasNews);
        await SweepAsync();
        Assert.Equal(Money.Parse("0.20"), (await HeadAsync(parent.Id())).Spent);
    }

    [Fact]
    public async Task Close_OfTheParent_StopsChildrenAndTheirChildrenFirst()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.OpenCarvedChildAsync(child.Id() + "/child", "0.20").GrantedAsync();
        var grandchild = fixture.Cluster.Session(child.Id() + "/child");
        await grandchild.ChargeAsync("0.15").GrantedAsync();
        await grandchild.ReserveAsync("0.05").GrantedAsync();
        await child.ChargeAsync("0.10").GrantedAsync();

        var closed = await parent.CloseAsync(new CloseCommand()).GrantedAsync();
        Assert.Equal(
            (Money.Parse("0.25"), Money.Zero, EndReason.Closed),
            (closed.Standing.Spent, closed.Standing.Reserved, closed.Standing.End)
        );
        Assert.Equal((EndReason.Stopped, EndReason.Stopped), ((await child.StandingAsync()).End, (await grandchild.StandingAsync()).End));
        Assert.Equal(Money.Parse("0.25"), (await child.StandingAsync()).Spent);
    }

    [Fact]
    public async Task Pause_OfTheParent_HoldsItsChildrenUntilItResumes()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await parent.PauseAsync(new PauseCommand()).GrantedAsync();
        Assert.Equal(RefusalReason.Paused, await child.ReserveAsync("0.01").RefusedAsync());
        await parent.ResumeAsync(new ResumeCommand()).GrantedAsync();
        await child.ReserveAsync("0.01").GrantedAsync();
    }

    [Fact]
    public async Task Pause_ThatAChildDidNotHear_IsToldBySweep()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await fixture.Cluster.ForgetAsync(child.Id());
        fixture.Store.OnRead = id =>
            id == child.Id() ? new LedgerStoreUnavailableException("The child's part of the store is away.") : null;
        await parent.PauseAsync(new PauseCommand()).GrantedAsync();
        fixture.Store.Heal();
        await SweepAsync();
        Assert.Equal(RefusalReason.Paused, await child.ReserveAsync("0.01").RefusedAsync());
    }

    [Fact]
    public async Task Carve_ForAnIdThatBelongsToSomebodyElse_IsRefusedAndComesBack()
    {
        var parent = await fixture.OpenAsync();
        var other = await fixture.OpenAsync("7.00");
        Assert.Equal(RefusalReason.AlreadyOpen, await parent.OpenCarvedChildAsync(other.Id(), "0.40").RefusedAsync());
        Assert.Equal(Money.Zero, (await parent.StandingAsync()).Reserved);
        await parent.CloseAsync(new CloseCommand()).GrantedAsync();
        Assert.Equal((Money.Parse("7.00"), EndReason.None), ((await other.StandingAsync()).Budget, (await other.StandingAsync()).End));
    }

    // Regression: after a crash a child that was only read told its parent nothing until the parent's sweep.
    [Fact]
    public async Task Read_OfAChildWhoseReportWasLost_HasItTold()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.ChargeAsync("0.15").GrantedAsync();
        await fixture.Cluster.ForgetAsync(child.Id());
        Assert.Equal(Money.Zero, (await parent.StandingAsync()).Spent);
        await child.StandingAsync();
        await Patience.UntilAsync(async () =>
        {
            fixture.Cluster.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await parent.StandingAsync()).Spent == Money.Parse("0.15");
        });
    }

    private static async Task<List<ChildAccount>> ListChildrenAsync(IBudgetSession parent)
    {
        var listed = new List<ChildAccount>();
        while (true)
        {
            var from = listed.Count == 0 ? 1 : listed[^1].OpenedSequence + 1;
            var page = (await parent.ReportAsync(new ReportQuery { FromChild = from }))!.Children;
            Assert.InRange(page.Count, 0, SessionReport.MaxChildren);
            if (page.Count == 0)
                return listed;
            listed.AddRange(page);
        }
    }

    private async Task<(IBudgetSession Parent, IBudgetSession Child)> OpenFamilyAsync(string budget)
    {
        var parent = await fixture.OpenAsync();
        await parent.OpenCarvedChildAsync(parent.Id() + "/child", budget).GrantedAsync();
        return (parent, fixture.Cluster.Session(parent.Id() + "/child"));
    }

    /// <summary>Opens a child and reserves and settles in steps of five cents, several at once, until its money is gone.</summary>
    private async Task<Money> SpendAllAsync(IBudgetSession parent, string childId, string budget)
    {
        if (!(await parent.OpenCarvedChildAsync(childId, budget, childId.Replace('/', ':')).InTimeAsync()).IsGranted)
            return Money.Zero;
        var child = fixture.Cluster.Session(childId);
        var costs = await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(async _ =>
                {
                    var reserved = await child.ReserveAsync("0.05").InTimeAsync();
                    return reserved.IsGranted
                        ? (await child.SettleAsync(reserved.ReservationId, "0.05").GrantedAsync()).Amount
                        : Money.Zero;
                })
        );
        return Money.FromNanoDollars(costs.Sum(cost => cost.NanoDollars));
    }

    private async Task SweepAsync()
    {
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        await fixture.Cluster.SweepAsync();
    }

    private async Task<SessionHead> HeadAsync(string sessionId) =>
        (await fixture.Store.Inner.LoadAsync(sessionId, TestContext.Current.CancellationToken))!.Head;
}

using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>What once made or lost money between a parent and a carved child with ordinary calls, through grains and store.</summary>
public sealed class FamilyCallTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task TopUp_OfAChildUnderAKeyOfSomethingElse_IsRefusedAndDebitsNobody()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.ChargeAsync("0.10", "taken").GrantedAsync();
        var more = new TopUpCommand { Amount = Money.Parse("0.20"), Key = "taken" };
        Assert.Equal(RefusalReason.KeyConflict, await child.TopUpAsync(more).RefusedAsync());
        Assert.Equal(RefusalReason.KeyConflict, await child.TopUpAsync(more).RefusedAsync());
        await SweepAsync();
        Assert.Equal((Money.Parse("0.40"), Money.Parse("0.30")), ((await HeadAsync(child)).Budget, (await HeadAsync(parent)).Reserved));

        await child.TopUpAsync(more with { Key = "free" }).GrantedAsync();
        Assert.Equal((Money.Parse("0.60"), Money.Parse("0.50")), ((await HeadAsync(child)).Budget, (await HeadAsync(parent)).Reserved));
    }

    [Fact]
    public async Task Close_OfAParentUnderAUsedKey_IsRefusedAndItsChildrenGoOn()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await parent.ChargeAsync("0.10", "taken").GrantedAsync();
        Assert.Equal(RefusalReason.KeyConflict, await parent.CloseAsync(new CloseCommand { Key = "taken" }).RefusedAsync());
        await SweepAsync();
        Assert.Equal((EndReason.None, EndReason.None), ((await HeadAsync(parent)).End, (await HeadAsync(child)).End));
        await child.ReserveAsync("0.40").GrantedAsync();
    }

    [Fact]
    public async Task OpenChild_RepeatedWithItsKeyAfterTheChildIsPurged_OpensNothing()
    {
        var parent = await fixture.Cluster.OpenAsync(
            fixture.NewId(),
            with: options => options with { IdleTimeout = TimeSpan.FromDays(90) }
        );
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        var opened = await parent.OpenCarvedChildAsync(child.Id(), "0.40", "key").GrantedAsync();
        await child.ChargeAsync("0.10").GrantedAsync();
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        for (var month = 0; month < 2; month++)
        {
            fixture.Cluster.Clock.Advance(TimeSpan.FromDays(50));
            await parent.ChargeAsync("0.01").GrantedAsync();
            await fixture.Cluster.SweepAsync();
        }

        Assert.Null(await fixture.Store.Inner.LoadAsync(child.Id(), TestContext.Current.CancellationToken));
        var again = await parent.OpenCarvedChildAsync(child.Id(), "0.40", "key").GrantedAsync();
        Assert.Equal((true, opened.EntrySequence), (again.IsReplay, again.EntrySequence));
        await SweepAsync();
        Assert.Null(await fixture.Store.Inner.LoadAsync(child.Id(), TestContext.Current.CancellationToken));
        Assert.Equal((Money.Zero, Money.Parse("0.12")), ((await HeadAsync(parent)).Reserved, (await HeadAsync(parent)).Spent));
    }

    // Nobody calls the child, and nobody repeats the top-up.
    [Fact]
    public async Task Sweep_AfterAKillBetweenTheParentsGrantAndTheChildsAcceptance_BringsTheMoneyHome()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        var appends = 0;
        // The first is what was asked for; the second takes what the parent has granted.
        fixture.Store.OnAppend = append =>
            append.Head.SessionId == child.Id() && ++appends >= 2 ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await child.TopUpAsync(new TopUpCommand { Amount = Money.Parse("0.20"), Key = "more" }).AssertUnavailableAsync();
        await fixture.Cluster.ForgetAsync(child.Id());
        await fixture.Cluster.ForgetAsync(parent.Id());
        fixture.Store.Heal();
        Assert.Equal((Money.Parse("0.40"), Money.Parse("0.60")), ((await HeadAsync(child)).Budget, (await HeadAsync(parent)).Reserved));

        await SweepAsync();
        Assert.Equal((Money.Parse("0.60"), Money.Parse("0.60")), ((await HeadAsync(child)).Budget, (await HeadAsync(parent)).Reserved));
        Assert.Empty((await HeadAsync(child)).Intents);
        var timeline = await fixture.Store.LawfulAsync(child.Id());
        Assert.Equal(EntryKind.ToppedUp, timeline.Of("more").Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Correction_OfAGrandchild_ReachesAllAboveIt(bool hasEnded)
    {
        var (parent, child) = await OpenFamilyAsync("0.60");
        await child.OpenCarvedChildAsync(child.Id() + "/child", "0.40").GrantedAsync();
        var grandchild = fixture.Cluster.Session(child.Id() + "/child");
        var charged = await grandchild.ChargeAsync("0.20").GrantedAsync();
        if (hasEnded)
            await grandchild.CloseAsync(new CloseCommand()).GrantedAsync();
        await CorrectAsync(grandchild, charged.EntrySequence, Money.Parse("0.05"));
        await CorrectAsync(grandchild, charged.EntrySequence, -Money.Parse("0.15"));
        for (var level = 0; level < 3; level++)
            await SweepAsync();

        Assert.All(
            new[] { await HeadAsync(grandchild), await HeadAsync(child), await HeadAsync(parent) },
            head => Assert.Equal(Money.Parse("0.10"), head.Spent)
        );
        Assert.Equal(
            (Money.Parse("0.50"), hasEnded ? Money.Zero : Money.Parse("0.30")),
            ((await HeadAsync(parent)).Reserved, (await HeadAsync(child)).Reserved)
        );
        var booked = (await fixture.Store.LawfulAsync(parent.Id())).Single(entry =>
            entry.Kind == EntryKind.HolderReported && entry.Amount != Money.Zero
        );
        Assert.Equal(
            RefusalReason.NotCorrectable,
            await parent
                .CorrectAsync(
                    new CorrectCommand
                    {
                        EntrySequence = booked.Sequence,
                        Difference = -Money.Parse("0.01"),
                        Reason = "invoice",
                    }
                )
                .RefusedAsync()
        );
    }

    // Each message of a child that the parent has no open row of is answered from the store.
    [Fact]
    public async Task Proof_OfAParentWithOpenChildren_ReadsItsHeadAndNotItsRows()
    {
        var (parent, child) = await OpenFamilyAsync("0.40");
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        await parent.OpenCarvedChildAsync(parent.Id() + "/other", "0.40").GrantedAsync();
        await fixture.Cluster.ForgetAsync(parent.Id());
        await parent.StandingAsync();
        var before = fixture.Store.LedgersLoaded;
        await child.ChargeAsync("0.05", "late").GrantedAsync();
        Assert.Equal(Money.Parse("0.05"), (await HeadAsync(parent)).Spent);
        Assert.Equal(before, fixture.Store.LedgersLoaded);
    }

    private static Task<SessionAnswer> CorrectAsync(IBudgetSession session, long entry, Money difference) =>
        session
            .CorrectAsync(
                new CorrectCommand
                {
                    EntrySequence = entry,
                    Difference = difference,
                    Reason = "as billed",
                }
            )
            .GrantedAsync();

    private async Task<(IBudgetSession Parent, IBudgetSession Child)> OpenFamilyAsync(string budget)
    {
        var parent = await fixture.OpenAsync();
        await parent.OpenCarvedChildAsync(parent.Id() + "/child", budget).GrantedAsync();
        return (parent, fixture.Cluster.Session(parent.Id() + "/child"));
    }

    private async Task SweepAsync()
    {
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        await fixture.Cluster.SweepAsync();
    }

    private async Task<SessionHead> HeadAsync(IBudgetSession session) =>
        (await fixture.Store.Inner.LoadAsync(session.Id(), TestContext.Current.CancellationToken))!.Head;
}

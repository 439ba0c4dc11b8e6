using AgentBudget.Client.Tests.Ledgers;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Children;

public sealed class ChildTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CarvedChild_OpensAndCloses_MoneyLeavesAndComesBack()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        var child = await parent.OpenChildAsync("researcher", "0.40", Token);
        Assert.Equal((parent.Id + "/researcher", Dollars("0.60")), (child.Id, (await parent.NowAsync()).Available));
        await child.CallAsync("0.10", "0.10");
        Assert.Equal(Dollars("0.10"), (await child.CloseAsync(Token)).TotalSpent);
        var report = await parent.ReportAsync(cancellationToken: Token);
        Assert.Equal((Dollars("0.10"), Dollars("0.90"), Money.Zero), (report.TotalSpent, report.Standing.Available, report.Reserved));
        var listed = Assert.Single(report.Children);
        Assert.Equal(
            (ChildKind.Carved, Dollars("0.40"), Dollars("0.10"), false),
            (listed.Kind, listed.Carved, listed.Spent, listed.IsOpen)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task CarvedChild_WithoutAName_IsRefusedAndSetsNothingAside(string name)
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await Assert.ThrowsAsync<ArgumentException>(nameof(name), () => parent.OpenChildAsync(name, "0.40", Token));
        Assert.Equal(Dollars("1.00"), (await parent.NowAsync()).Available);
    }

    [Fact]
    public async Task CarvedChildren_TenAtOnceOfTheWholeBudget_OneOpens()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        var opening = Enumerable.Range(0, 10).Select(i => OpenOrNullAsync(parent, $"child-{i}", "0.80"));
        var children = (await Task.WhenAll(opening).InTimeAsync()).OfType<BudgetSession>().ToArray();
        Assert.Single(children);
        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => parent.CallAsync("0.30", "0.30"));
        await children[0].DisposeAsync();
    }

    [Fact]
    public async Task CarvedChildren_TenThatSpendAllTheyCan_NeverSpendMoreThanTheParentHas()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        var opening = Enumerable.Range(0, 10).Select(i => OpenOrNullAsync(parent, $"child-{i}", "0.10"));
        var children = (await Task.WhenAll(opening).InTimeAsync()).OfType<BudgetSession>().ToArray();
        Assert.Equal(10, children.Length);
        Assert.Null(await OpenOrNullAsync(parent, "eleventh", "0.01"));

        var made = await Task.WhenAll(children.SelectMany(child => Enumerable.Range(0, 10).Select(_ => TryCallAsync(child, "0.03"))))
            .InTimeAsync();
        Assert.Equal(30, made.Count(one => one));
        var spent = await Task.WhenAll(children.Select(async child => (await child.CloseAsync(Token)).TotalSpent)).InTimeAsync();
        Assert.All(spent, one => Assert.Equal(Dollars("0.09"), one));
        var report = await parent.ReportAsync(cancellationToken: Token);
        Assert.Equal(
            (Dollars("0.90"), Dollars("0.10"), Money.Zero),
            (report.TotalSpent, report.Standing.Available, report.Standing.Overage)
        );
    }

    [Fact]
    public async Task CarvedChild_ToppedUp_TakesTheMoneyFromItsParent()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenChildAsync("researcher", "0.40", Token);
        await child.TopUpAsync("0.50", cancellationToken: Token);
        Assert.Equal((Dollars("0.90"), Dollars("0.10")), ((await child.NowAsync()).Budget, (await parent.NowAsync()).Available));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => child.TopUpAsync("0.20", cancellationToken: Token));
        Assert.Equal(RefusalReason.ParentRefused, refused.Refusal.Reason);
    }

    [Fact]
    public async Task CarvedChild_OfAPausedParent_IsHeldToo()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenChildAsync("researcher", "0.40", Token);
        await parent.PauseAsync("lunch", Token);
        await Assert.ThrowsAsync<SessionStoppedException>(() => child.CallAsync("0.10", "0.10"));
        await parent.ResumeAsync(cancellationToken: Token);
        Assert.Equal("answer", await child.CallAsync("0.10", "0.10"));
    }

    [Fact]
    public async Task CarvedChild_ParentCloses_EndsFirst()
    {
        var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenChildAsync("researcher", "0.40", Token);
        await child.CallAsync("0.10", "0.10");
        var report = await parent.CloseAsync(Token);
        Assert.Equal((Dollars("0.10"), Money.Zero), (report.TotalSpent, report.Reserved));
        await Assert.ThrowsAsync<SessionStoppedException>(() => child.CallAsync("0.10", "0.10"));
    }

    [Fact]
    public async Task CarvedChild_NameIsTaken_IsRefused()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenChildAsync("researcher", "0.40", Token);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => parent.OpenChildAsync("researcher", "0.10", Token));
        Assert.Equal(RefusalReason.AlreadyOpen, refused.Refusal.Reason);
        Assert.Equal(Dollars("0.60"), (await parent.NowAsync()).Available);
    }

    [Fact]
    public async Task SharedChildren_Spend_OnTheParentsMoneyWithReportsOfTheirOwn()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var first = await parent.OpenSharedChildAsync("first", Token);
        await using var second = await parent.OpenSharedChildAsync("second", Token);
        await first.CallAsync("0.60", "0.60");
        await second.TrackAsync(0, "search", "0.30", cancellationToken: Token);
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => second.CallAsync("0.20", "0.20"));
        Assert.Equal(Dollars("0.60"), (await first.ReportAsync(cancellationToken: Token)).TotalSpent);
        Assert.Equal(Dollars("0.30"), (await second.ReportAsync(cancellationToken: Token)).TotalSpent);
        Assert.Equal(Dollars("0.90"), (await parent.NowAsync()).Spent);
    }

    [Fact]
    public async Task SharedChild_Closed_TakesNoMoneyWhileItsSessionGoesOn()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        var child = await parent.OpenSharedChildAsync("helper", Token);
        await child.DisposeAsync();
        await Assert.ThrowsAsync<SessionStoppedException>(() => child.CallAsync("0.10", "0.10"));
        Assert.Equal("answer", await parent.CallAsync("0.10", "0.10"));
    }

    [Fact]
    public async Task SharedChild_OfASharedChild_IsNotToBeHad()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenSharedChildAsync("helper", Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => child.OpenSharedChildAsync("helpers-helper", Token));
    }

    [Fact]
    public async Task SharedChildren_LoopInOne_CountsForItself()
    {
        await using var parent = await ledger.OpenWithLoopsAsync("1.00");
        await using var first = await parent.OpenSharedChildAsync("first", Token);
        await using var second = await parent.OpenSharedChildAsync("second", Token);
        for (var i = 0; i < 2; i++)
        {
            await first.TrackAsync(0, "search", "0", "{}", Token);
            await second.TrackAsync(0, "search", "0", "{}", Token);
        }

        Assert.Equal(BreakerState.Closed, (await parent.NowAsync()).Breaker.State);
        await Assert.ThrowsAsync<LoopDetectedException>(() => second.TrackAsync(0, "search", "0", "{}", Token));
    }

    private static async Task<BudgetSession?> OpenOrNullAsync(BudgetSession parent, string name, string budget)
    {
        try
        {
            return await parent.OpenChildAsync(name, budget, Token);
        }
        catch (MoneyRefusedException)
        {
            return null;
        }
    }

    private static async Task<bool> TryCallAsync(BudgetSession session, string cost)
    {
        try
        {
            await session.CallAsync(cost, cost);
            return true;
        }
        catch (MoneyRefusedException)
        {
            return false;
        }
    }

    [Fact]
    public async Task SharedChild_OperatorsSide_IsRefusedAndLeftToTheSession()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenSharedChildAsync("helper", Token);
        Func<Task>[] operations =
        [
            () => child.TopUpAsync("1.00", cancellationToken: Token),
            () => child.SetBudgetAsync("2.00", cancellationToken: Token),
            () => child.PauseAsync(cancellationToken: Token),
            () => child.ResumeAsync(cancellationToken: Token),
            () => child.OpenChildAsync("grandchild", "0.10", Token),
            () => child.OpenSharedChildAsync("other", Token),
        ];
        foreach (var operation in operations)
            await Assert.ThrowsAsync<InvalidOperationException>(operation);
    }

    [Fact]
    public async Task SharedChild_Timeline_HoldsItsOwnEntriesOnly()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenSharedChildAsync("helper", Token);
        await parent.TrackAsync(0, "search", "0.01", cancellationToken: Token);
        await child.TrackAsync(0, "search", "0.02", cancellationToken: Token);
        var own = new List<Entry>();
        await foreach (var entry in child.TimelineAsync(cancellationToken: Token))
            own.Add(entry);
        Assert.Equal([EntryKind.ChildOpened, EntryKind.Charged], own.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task SharedChild_Closed_FiresItsToken()
    {
        await using var parent = await ledger.OpenAsync("1.00");
        await using var child = await parent.OpenSharedChildAsync("helper", Token);
        var (ofChild, ofParent) = (child.StoppedToken, parent.StoppedToken);
        await child.CloseAsync(Token);
        Assert.True(ofChild.IsCancellationRequested);
        Assert.False(ofParent.IsCancellationRequested);
    }
}

using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>After an append that failed, a session serves again at once, whatever calls its activation still has under way.</summary>
public sealed class FaultedActivationTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    [Theory]
    [InlineData(FaultMoment.BeforeWrite, "0.00")]
    [InlineData(FaultMoment.AfterWrite, "0.10")]
    public async Task Session_WhileSomebodyWaitsForItsStop_ServesAgainAtOnce(FaultMoment moment, string spent)
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        // On the clock of the test this wait never ends by itself.
        var waiting = session.WaitForStopAsync(TimeSpan.FromSeconds(25));
        await turns.TakenAsync();
        fixture.Store.OnAppend = append => append.Head.SessionId == session.Id() ? Fault.Away(moment) : null;
        await session.ChargeAsync("0.10", "charge").AssertUnavailableAsync();
        fixture.Store.Heal();

        Assert.Equal(Money.Parse(spent), (await session.StandingAsync().InTimeAsync()).Spent);
        Assert.Equal(Money.Parse("0.10"), (await session.ChargeAsync("0.10", "charge").GrantedAsync().InTimeAsync()).Standing.Spent);
        await session.PauseAsync(new PauseCommand()).GrantedAsync();
        Assert.True(await waiting.InTimeAsync());
    }

    [Fact]
    public async Task Parent_WhoseAppendFailsWhileItSealsAChildThatHasNews_ServesAgainAtOnce()
    {
        var parent = await fixture.OpenAsync();
        var child = fixture.Cluster.Session(parent.Id() + "/child");
        await parent.OpenCarvedChildAsync(child.Id(), "0.40").GrantedAsync();
        await child.ChargeAsync("0.15").GrantedAsync();
        fixture.Store.OnAppend = append => append.Head.SessionId == parent.Id() ? Fault.Away(FaultMoment.BeforeWrite) : null;
        await child.CloseAsync(new CloseCommand()).GrantedAsync();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => parent.CloseAsync(new CloseCommand()).InTimeAsync());
        fixture.Store.Heal();

        Assert.Equal(Money.Parse("0.15"), (await parent.CloseAsync(new CloseCommand()).GrantedAsync().InTimeAsync()).Standing.Spent);
    }
}

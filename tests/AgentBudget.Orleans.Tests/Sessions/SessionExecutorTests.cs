using AgentBudget.Orleans.Sessions;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>The executor alone, over a store and a writer, without a silo.</summary>
public sealed class SessionExecutorTests : IAsyncDisposable
{
    private readonly LoneSession lone = new();

    public ValueTask DisposeAsync() => lone.DisposeAsync();

    [Fact]
    public async Task Command_IsAnsweredWhenItIsDurableAndNotBefore()
    {
        await lone.OpenAsync();
        var gate = lone.Store.BlockNext();
        var charging = ChargeAsync("0.10");
        await gate.ReachedAsync();
        Assert.Equal(Money.Parse("0.10"), (await lone.Executor.LedgerAsync()).Head.Spent);
        Assert.False(charging.IsCompleted);
        gate.Open();
        Assert.Equal(Money.Parse("0.10"), (await charging).Standing.Spent);
    }

    [Theory]
    [InlineData(FaultMoment.BeforeWrite, "0.00")]
    [InlineData(FaultMoment.AfterWrite, "0.10")]
    public async Task Session_WhoseAppendFailed_IsLoadedAsItIsDurable(FaultMoment moment, string spent)
    {
        await lone.OpenAsync();
        lone.Store.OnAppend = _ => Fault.Away(moment);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ChargeAsync("0.10", "key"));
        lone.Store.Heal();
        Assert.Equal(Money.Parse(spent), (await lone.Executor.StandingAsync()).Spent);
        Assert.Equal(Money.Parse("0.10"), (await ChargeAsync("0.10", "key")).Standing.Spent);
        Assert.False(lone.End.Begun.IsCompleted);
    }

    [Fact]
    public async Task Session_WrittenFromElsewhere_EndsTheActivation()
    {
        await lone.OpenAsync();
        var other = lone.NewExecutor(new ActivationEnd(activation: null));
        await other.ExecuteAsync(Charge("0.10"));
        var waiting = lone.Executor.WaitForStopAsync(TimeSpan.FromSeconds(25));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ChargeAsync("0.20"));
        Assert.True(lone.End.Begun.IsCompleted);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => waiting.InTimeAsync());
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => lone.Executor.StandingAsync());
    }

    [Fact]
    public async Task WaitForStop_EndsWithTheStopOrTheWait()
    {
        await lone.OpenAsync();
        var patient = lone.Executor.WaitForStopAsync(TimeSpan.FromSeconds(25));
        var impatient = lone.Executor.WaitForStopAsync(TimeSpan.FromSeconds(5));
        lone.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await impatient.InTimeAsync());
        await lone.Executor.ExecuteAsync(new PauseCommand());
        Assert.True(await patient.InTimeAsync());
    }

    [Fact]
    public async Task Purge_DeletesTheSessionAndEndsTheActivation()
    {
        await lone.OpenAsync();
        await lone.Executor.PurgeAsync((await lone.Executor.LedgerAsync()).Head);
        Assert.Null(await lone.Store.LoadAsync("session", TestContext.Current.CancellationToken));
        Assert.True(lone.End.Begun.IsCompleted);
    }

    private static ChargeCommand Charge(string cost, string? key = null) =>
        new()
        {
            Cost = Money.Parse(cost),
            Call = Call.Model("gpt-5"),
            Key = key,
        };

    private async Task<SessionAnswer> ChargeAsync(string cost, string? key = null) =>
        (await lone.Executor.ExecuteAsync(Charge(cost, key))).Answer;
}

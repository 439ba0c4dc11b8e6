using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Prices;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Writing;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>The executor alone, over a store and a writer, without a silo.</summary>
public sealed class SessionExecutorTests : IAsyncDisposable
{
    private readonly ServiceProvider provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ControlledStore store = new(new InMemoryLedgerStore());
    private readonly FakeTimeProvider clock = new(GrowingSession.Start);
    private readonly ActivationEnd end = new(activation: null);
    private readonly LedgerWriter writer;
    private readonly SessionServices services;
    private readonly SessionExecutor session;

    public SessionExecutorTests()
    {
        var options = Options.Create(new AgentBudgetOptions());
        var metrics = new LedgerMetrics(provider.GetRequiredService<IMeterFactory>());
        writer = new LedgerWriter(store, options, metrics, clock, NullLogger<LedgerWriter>.Instance);
        writer.Start();
        var prices = new SiloPrices(options, NullLogger<SiloPrices>.Instance, clock);
        services = new SessionServices(writer, store, options, new LedgerClock(clock), metrics, new UsagePricer(prices, options));
        session = new SessionExecutor("session", services, end);
    }

    public async ValueTask DisposeAsync()
    {
        store.Heal();
        await writer.StopAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task Command_IsAnsweredWhenItIsDurableAndNotBefore()
    {
        await OpenAsync();
        var gate = store.BlockNext();
        var charging = ChargeAsync("0.10");
        await gate.ReachedAsync();
        Assert.Equal(Money.Parse("0.10"), (await session.LedgerAsync()).Head.Spent);
        Assert.False(charging.IsCompleted);
        gate.Open();
        Assert.Equal(Money.Parse("0.10"), (await charging).Standing.Spent);
    }

    [Theory]
    [InlineData(FaultMoment.BeforeWrite, "0.00")]
    [InlineData(FaultMoment.AfterWrite, "0.10")]
    public async Task Session_WhoseAppendFailed_IsLoadedAsItIsDurable(FaultMoment moment, string spent)
    {
        await OpenAsync();
        store.OnAppend = _ => Fault.Away(moment);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ChargeAsync("0.10", "key"));
        store.Heal();
        Assert.Equal(Money.Parse(spent), (await session.StandingAsync()).Spent);
        Assert.Equal(Money.Parse("0.10"), (await ChargeAsync("0.10", "key")).Standing.Spent);
        Assert.False(end.Begun.IsCompleted);
    }

    [Fact]
    public async Task Session_WrittenFromElsewhere_EndsTheActivation()
    {
        await OpenAsync();
        var other = new SessionExecutor("session", services, new ActivationEnd(activation: null));
        await other.ExecuteAsync(Charge("0.10"));
        var waiting = session.WaitForStopAsync(TimeSpan.FromSeconds(25));
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => ChargeAsync("0.20"));
        Assert.True(end.Begun.IsCompleted);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => waiting.InTimeAsync());
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => session.StandingAsync());
    }

    [Fact]
    public async Task WaitForStop_EndsWithTheStopOrTheWait()
    {
        await OpenAsync();
        var patient = session.WaitForStopAsync(TimeSpan.FromSeconds(25));
        var impatient = session.WaitForStopAsync(TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await impatient.InTimeAsync());
        await session.ExecuteAsync(new PauseCommand());
        Assert.True(await patient.InTimeAsync());
    }

    [Fact]
    public async Task Purge_DeletesTheSessionAndEndsTheActivation()
    {
        await OpenAsync();
        await session.PurgeAsync((await session.LedgerAsync()).Head);
        Assert.Null(await store.LoadAsync("session", TestContext.Current.CancellationToken));
        Assert.True(end.Begun.IsCompleted);
    }

    private static ChargeCommand Charge(string cost, string? key = null) =>
        new()
        {
            Cost = Money.Parse(cost),
            Call = Call.Model("gpt-5"),
            Key = key,
        };

    private async Task OpenAsync() => Assert.True((
                await session.ExecuteAsync(
                    new OpenCommand
                    {
                        Options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), Loops = LoopPolicy.Off },
                    }
                )
            ).Answer.IsGranted);

    private async Task<SessionAnswer> ChargeAsync(string cost, string? key = null) =>
        (await session.ExecuteAsync(Charge(cost, key))).Answer;
}

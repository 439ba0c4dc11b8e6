using AgentBudget.Client.Sessions;
using AgentBudget.Client.Tests.Ledgers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static AgentBudget.Client.Tests.Ledgers.SessionReading;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>What a program gives a client may throw or never come back: the table in docs/operations.md, row by row.</summary>
public sealed class UserCodeTests(SharedLedger ledger) : IDisposable
{
    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private readonly ManualResetEventSlim gate = new();
    private readonly SemaphoreSlim entered = new(0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        gate.Set();
        entered.Dispose();
    }

    [Fact]
    public async Task Callback_ThatHangs_LosesNoResultAndIsNotCalledAgainUntilItIsBack()
    {
        var called = 0;
        var callbacks = new SessionCallbacks
        {
            OnSoftLimit = _ =>
            {
                Interlocked.Increment(ref called);
                Hang();
            },
        };
        var options = new BudgetSessionOptions { Budget = Dollars("1.00"), SoftLimits = [0.1m, 0.2m] };
        await using var session = await ledger.NewClient(clock: clock).OpenAsync(options, callbacks: callbacks, cancellationToken: Token);

        var first = session.CallAsync("0.10", "0.10");
        await PassPatienceAsync(first);
        await first;
        // The second limit: the callback still hangs, so nobody waits for it.
        await session.CallAsync("0.10", "0.10");

        Assert.Equal((1, Dollars("0.20")), (called, (await session.NowAsync()).Spent));
    }

    [Fact]
    public async Task CostOf_ThatHangs_LosesNoResultAndAllThatWasSetAsideIsSpent()
    {
        await using var session = await ledger.NewClient(clock: clock).OpenAsync("1.00", cancellationToken: Token);
        var call = session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromResult("answer"),
            CostAfterHanging,
            cancellationToken: Token
        );
        await PassPatienceAsync(call);
        var uncosted = await Assert.ThrowsAsync<UncostedCallException>(() => call);
        Assert.Equal("answer", uncosted.Result);
        Assert.Equal((Dollars("0.30"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));

        ActualCost CostAfterHanging(string answer)
        {
            Hang();
            return ActualCost.Of("0.10");
        }
    }

    [Fact]
    public async Task OnFailedCall_ThatHangs_GivesTheCallsOwnErrorAndAllThatWasSetAsideIsSpent()
    {
        var client = ledger.NewClient(
            options =>
                options.OnFailedCall = _ =>
                {
                    Hang();
                    return FailedCall.Release;
                },
            clock
        );
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        var call = session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.30"),
            _ => Task.FromException<string>(new InvalidDataException("its own")),
            _ => ActualCost.Of("0.10"),
            cancellationToken: Token
        );
        await PassPatienceAsync(call);
        await Assert.ThrowsAsync<InvalidDataException>(() => call);
        Assert.Equal((Dollars("0.30"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task Logger_ThatThrows_LosesNoResult()
    {
        var client = ledger.NewClient(logger: new BrokenLogger());
        var callbacks = new SessionCallbacks { OnSoftLimit = _ => throw new InvalidOperationException("a callback") };
        await using var session = await client.OpenAsync("1.00", callbacks: callbacks, cancellationToken: Token);
        await session.CallAsync("0.95", "0.95");
        Assert.Equal((Dollars("0.95"), Money.Zero), ((await session.NowAsync()).Spent, (await session.NowAsync()).Reserved));
    }

    [Fact]
    public async Task PricesAndEstimators_ThatThrow_MakeNoCallAndMoveNoMoney()
    {
        var isCalled = false;
        var client = ledger.NewClient(options => options.Tools = () => throw new InvalidOperationException("prices"));
        await using var session = await client.OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.RunToolAsync("search", CallAsync, cancellationToken: Token));
        var estimator = ToolCost.Estimated(_ => throw new InvalidOperationException("an estimator"));
        var costs = new ToolCosts([new("search", estimator)]);
        await using var other = await ledger.NewClient(options => options.Tools = () => costs).OpenAsync("1.00", cancellationToken: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunToolAsync("search", CallAsync, cancellationToken: Token));
        Assert.False(isCalled);
        Assert.Equal((Dollars("1.00"), Dollars("1.00")), ((await session.NowAsync()).Available, (await other.NowAsync()).Available));

        Task<int> CallAsync(CancellationToken cancellationToken)
        {
            isCalled = true;
            return Task.FromResult(1);
        }
    }

    private void Hang()
    {
        entered.Release();
        gate.Wait(Token);
    }

    // The wait for what hangs begins at about the time when it is entered.
    private async Task PassPatienceAsync(Task call)
    {
        await entered.WaitAsync(Token);
        while (!call.IsCompleted)
        {
            clock.Advance(UserCode.Patience);
            await Task.Yield();
        }
    }

    private sealed class BrokenLogger : ILogger<AgentBudgetClient>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("a logger");

        public bool IsEnabled(LogLevel logLevel) => throw new InvalidOperationException("a logger");

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => throw new InvalidOperationException("a logger");
    }
}

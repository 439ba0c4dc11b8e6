using AgentBudget.Orleans.Between;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>What a tenant says to the one below in the background, and what is lost of it.</summary>
public sealed class LostGrantTests : IAsyncDisposable
{
    private readonly LosingFilter filter = new();
    private LedgerCluster? cluster;

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Grant_ToATenantBelowIsLost_IsAskedForAgainByTheClockAlone()
    {
        cluster = await LedgerCluster.StartAsync(new InMemoryLedgerStore(), configureSilo: silo => silo.AddIncomingGrainCallFilter(filter));
        await cluster
            .Grains.GetGrain<ITenantBudget>("acme")
            .SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("1.00") } })
            .GrantedAsync();
        var busy = await OpenAsync("acme/b@1");
        var held = await ReserveAsync(busy, "0.80");
        var session = await OpenAsync("acme/a@1");
        var waiting = session.ReserveWaitingAsync(Reserve("0.50"), TimeSpan.FromSeconds(20), isAgain: false);
        await PassAsync(waiting, TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);

        // What comes free is granted to the one who waits, and nobody hears of it.
        filter.Loses = message => message is ParentWord { HolderId: "~acme/a" } word && word.Granted >= Money.Parse("0.50");
        await busy.ReleaseAsync(new ReleaseCommand { ReservationId = held }).GrantedAsync();
        await PassAsync(filter.Lost, TimeSpan.FromSeconds(60));
        Assert.True(filter.Lost.IsCompleted);

        await PassAsync(waiting, TimeSpan.FromSeconds(12));
        // On a busy machine what the clock has set off takes its time.
        await waiting.InTimeAsync();
        Assert.True(waiting.IsCompleted && (await waiting).Answer.IsGranted);
    }

    private async Task PassAsync(Task until, TimeSpan atMost)
    {
        var step = TimeSpan.FromMilliseconds(250);
        for (var passed = TimeSpan.Zero; passed < atMost && !until.IsCompleted; passed += step)
        {
            // Whatever can be done without the clock is done first.
            await Task.WhenAny(until, Task.Delay(100, TestContext.Current.CancellationToken));
            cluster!.Clock.Advance(step);
        }

        await Task.WhenAny(until, Task.Delay(500, TestContext.Current.CancellationToken));
    }

    private async Task<long> ReserveAsync(IBudgetSession session, string amount)
    {
        var reserving = session.ReserveAsync(Reserve(amount));
        await PassAsync(reserving, TimeSpan.FromSeconds(2));
        return (await reserving.GrantedAsync()).ReservationId;
    }

    private async Task<IBudgetSession> OpenAsync(string id)
    {
        var session = cluster!.Session(id);
        var options = new BudgetSessionOptions { Budget = Money.Parse("5.00"), Loops = LoopPolicy.Off };
        await session.OpenAsync(new OpenCommand { Options = options }).GrantedAsync();
        return session;
    }

    private static ReserveCommand Reserve(string amount) =>
        new()
        {
            Amount = Money.Parse(amount),
            Call = Call.Tool("x"),
            Key = Guid.NewGuid().ToString("N"),
        };

    /// <summary>Loses a message that it is told to, once: one that is sent, or an answer.</summary>
    private sealed class LosingFilter : IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Predicate<LedgerMessage>? Loses { get; set; }

        public Task Lost => lost.Task;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName != nameof(ILedgerPeer.HearAsync))
            {
                await context.Invoke();
                return;
            }

            Lose(context.Request.GetArgument(0));
            await context.Invoke();
            Lose(context.Result);
        }

        private void Lose(object? said)
        {
            if (Loses is { } loses && said is LedgerMessage message && loses(message) && lost.TrySetResult())
                throw new TimeoutException("It was lost.");
        }
    }
}

using AgentBudget.StoreContract.Clusters;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>A store of several partitions, one of which is away: what is in the others is posted all the same.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly DividedStore store = new();
    private LedgerCluster cluster = null!;
    private Receiver receiver = null!;
    private IWebhook webhook = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        receiver = await Receiver.StartAsync();
        cluster = await LedgerCluster.StartAsync(
            store,
            configureSilo: silo =>
            {
                silo.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
                silo.AddAgentBudgetWebhooks(webhooks =>
                {
                    webhooks.AllowInsecureAddresses = true;
                    webhooks.PollInterval = TimeSpan.FromMilliseconds(100);
                });
            }
        );
        await cluster.Grains.GetGrain<IWebhooks>(0).SetAsync(new() { Id = "one", Url = receiver.Url });
        webhook = cluster.Grains.GetGrain<IWebhook>("one");
    }

    public async ValueTask DisposeAsync()
    {
        store.Away = null;
        await cluster.DisposeAsync();
        await receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(0, "second")]
    [InlineData(1, "first")]
    public async Task Partition_ThatIsAway_HoldsUpNothingOfTheOther(int away, string there)
    {
        await cluster.OpenAsync("first");
        await cluster.OpenAsync("second");
        await UntilAsync(() => receiver.Once.Count == 2);
        store.Away = away;
        for (var i = 0; i < 5; i++)
            await ChargeAsync(there);
        await UntilAsync(() => receiver.Once.Count == 7);
        await ChargeAsync(there == "first" ? "second" : "first");
        store.Away = null;
        await UntilAsync(() => receiver.Once.Count == 8);
    }

    [Fact]
    public async Task Partition_ThatIsAwayWhenDeliveryStarts_IsTakenUpWhenItIsBack()
    {
        await cluster.OpenAsync("first");
        await cluster.OpenAsync("second");
        await UntilAsync(() => receiver.Once.Count == 2);
        await webhook.PauseAsync();
        await ChargeAsync("second");
        store.Away = 1;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => webhook.ResumeAsync());
        await ChargeAsync("first");
        await UntilAsync(() => receiver.Once.Count == 3);
        store.Away = null;
        await UntilAsync(() => receiver.Once.Count == 4);
        Assert.Equal(4, receiver.All.Count);
    }

    [Fact]
    public async Task Partition_ThatIsAway_IsNotAskedAgainAtOnce()
    {
        // What is due: a post that waits, of the partition that is there, and what came of it, which cannot be written down.
        receiver.OnPost = Receiver.Always(500);
        for (var i = 0; i < 20; i++)
            await cluster.OpenAsync($"first-{i}");
        await UntilAsync(() => receiver.All.Count >= 20);
        store.Away = 0;
        var before = store.Refusals;
        var until = cluster.Clock.GetUtcNow().AddMinutes(1);
        await UntilAsync(() => cluster.Clock.GetUtcNow() >= until);
        Assert.InRange(store.Refusals - before, 1, 60);
    }

    [Fact]
    public async Task Removal_ThatFailsHalfWay_CanBeRepeated()
    {
        store.RefusesDeletions = true;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => webhook.RemoveAsync());
        // Nothing begins to deliver from the oldest on what is half removed.
        await webhook.WakeAsync();
        Assert.Equal(WebhookState.Disabled, (await webhook.FindAsync()).State);
        store.RefusesDeletions = false;
        await webhook.RemoveAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => webhook.FindAsync());
        for (var partition = 0; partition < 2; partition++)
            Assert.Empty(await store.Feed.ReadConsumersAsync(partition, Token));
        Assert.Empty(await store.Deliveries.ReadAsync(0, "webhooks", null, 10, Token));
    }

    private Task<SessionAnswer> ChargeAsync(string id) =>
        cluster.Session(id).ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse("0.01") });

    private async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (!isSo())
        {
            cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, limit.Token);
        }
    }
}

using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Webhooks.Tests.Endpoints;

/// <summary>An endpoint is delivered by one silo of a cluster, and by another when that dies.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_ThatDiesWhileItDelivers_LosesNothing()
    {
        await using var receiver = await Receiver.StartAsync();
        var keys = new EphemeralDataProtectionProvider();
        var store = new InMemoryLedgerStore();
        await using var cluster = await LedgerCluster.StartAsync(
            store,
            silos: 2,
            configureSilo: silo =>
            {
                silo.Services.AddSingleton<IDataProtectionProvider>(keys);
                silo.AddAgentBudgetWebhooks(webhooks =>
                {
                    webhooks.AllowInsecureAddresses = true;
                    webhooks.PollInterval = TimeSpan.FromMilliseconds(100);
                });
            }
        );
        // Some of what is posted fails at first, so that some is under way, some waits and some has passed when the silo dies.
        receiver.OnPost = (post, context) =>
        {
            context.Response.StatusCode = post.Number == 1 && post.Sequence % 3 == 0 ? 500 : 200;
            return Task.CompletedTask;
        };
        var webhooks = cluster.Grains.GetGrain<IWebhooks>(0);
        var id = (await webhooks.SetAsync(new() { Url = receiver.Url })).Endpoint.Id;
        var webhook = cluster.Grains.GetGrain<IWebhook>(id);
        await RunAsync(cluster, "before", 20);
        await UntilAsync(cluster, () => receiver.Once.Count >= 60);

        var before = await OwnerAsync(store);
        await cluster.KillSiloAsync(webhook);
        await RunAsync(cluster, "after", 20);
        var expected = await EventsAsync(store);
        await UntilAsync(cluster, () => receiver.Once.Count >= expected.Length);

        // By another owner, and not by what is left of the one before in this process.
        await UntilAsync(cluster, () => OwnerAsync(store).GetAwaiter().GetResult() > before);
        Assert.Equal(expected.Order(), receiver.Once.Select(post => post.Id).Order());
        Assert.Equal(WebhookState.Active, (await webhook.FindAsync()).State);
    }

    private static async Task<long> OwnerAsync(InMemoryLedgerStore store) => (await store.Feed.ReadConsumersAsync(0, Token)).Single().Epoch;

    private static async Task RunAsync(LedgerCluster cluster, string name, int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            var session = await cluster.OpenAsync($"{name}-{i}", budget: "100");
            for (var charge = 0; charge < 5; charge++)
                await session.ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse("0.01") });
        }
    }

    private static async Task<string[]> EventsAsync(InMemoryLedgerStore store)
    {
        var ids = new List<string>();
        foreach (var row in await store.Feed.ReadFeedAsync(0, 1, int.MaxValue, EventKinds.All, Token))
        {
            foreach (var range in row.Ranges)
            {
                var entries = await store.ReadAsync(range.LedgerId, range.First, range.Count, Token);
                var opened = (await store.ReadAsync(range.LedgerId, 1, 1, Token))[0];
                var origin = EventOrigin.Of(range.LedgerId, opened);
                ids.AddRange(entries.SelectMany(entry => BudgetEvents.Of(entry, origin, 0)).Select(one => one.Id));
            }
        }

        return [.. ids];
    }

    private static async Task UntilAsync(LedgerCluster cluster, Func<bool> isSo)
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

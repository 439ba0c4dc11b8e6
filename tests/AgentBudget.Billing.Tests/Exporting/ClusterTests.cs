using AgentBudget.Billing.Exporting;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Billing.Tests.Exporting;

/// <summary>An export is sent by one silo of a cluster, and by another when that dies.</summary>
public sealed class ClusterTests
{
    private const string Name = "bill";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_ThatDiesWhileItSends_LosesNothing()
    {
        await using var receiver = await Receiver.StartAsync();
        var store = new InMemoryLedgerStore();
        await using var cluster = await LedgerCluster.StartAsync(
            store,
            silos: 2,
            configureSilo: silo => silo.AddAgentBudgetBilling(billing => Configure(billing, receiver))
        );
        // Some is taken, some fails at first, and some is under way when the silo dies.
        receiver.OnRequest = (sent, context) =>
            sent.Number % 3 == 0 ? Receiver.AnswerAsync(context, 500)
            : sent.Number % 7 == 0 ? Task.Delay(Timeout.Infinite, context.RequestAborted)
            : Task.CompletedTask;
        await RunAsync(cluster, "before", sessions: 20);
        await UntilAsync(cluster, () => Once(receiver).Length >= 40);

        await cluster.KillSiloAsync(cluster.Grains.GetGrain<IBillingExport>(Name));
        receiver.OnRequest = (_, _) => Task.CompletedTask;
        await RunAsync(cluster, "after", sessions: 20);
        await UntilAsync(cluster, () => Once(receiver).Length >= 200);

        Assert.Equal(200, Once(receiver).Length);
        Assert.Equal(Money.Parse("2.000000200"), Once(receiver).Aggregate(Money.Zero, (sum, cost) => sum + cost.Amount));
        Assert.Empty(await cluster.Grains.GetGrain<IBillingExport>(Name).DeadLettersAsync(10));
    }

    private static void Configure(BillingOptions billing, Receiver receiver)
    {
        billing.PollInterval = TimeSpan.FromMilliseconds(100);
        billing.Exports.Add(
            new BillingExportOptions
            {
                Name = Name,
                To = BillingTarget.Stripe,
                Url = receiver.Url,
                Key = "sk_test_1",
                DefaultCustomer = "cus_1",
                FromStart = true,
            }
        );
    }

    private static Billed[] Once(Receiver receiver) =>
        [.. receiver.Taken.SelectMany(sent => Billed.Of(BillingTarget.Stripe, sent)).DistinctBy(cost => cost.Id)];

    private static async Task RunAsync(LedgerCluster cluster, string name, int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            var session = await cluster.OpenAsync($"{name}-{i}", budget: "100");
            for (var charge = 0; charge < 5; charge++)
                await session.ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse("0.010000001") });
        }
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

using AgentBudget.Billing.Exporting;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Billing.Tests;

/// <summary>An embedded budget on a SQLite ledger with a clock of its own, and the exports of its costs.</summary>
internal sealed class BillingWorld : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-billing-");

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public EmbeddedAgentBudget Budget { get; private set; } = null!;

    public Action<BillingOptions>? Configure { get; set; }

    public string Path(string file) => System.IO.Path.Combine(folder.FullName, file);

    /// <summary>Starts, or starts again over the same ledger.</summary>
    public async Task<BillingWorld> StartAsync(params BillingExportOptions[] exports)
    {
        await StopAsync();
        Budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = folder.FullName;
                options.Time = Clock;
                options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
                options.ConfigureSilo = silo =>
                    silo.AddAgentBudgetBilling(billing =>
                    {
                        billing.PollInterval = TimeSpan.FromMilliseconds(100);
                        billing.Exports = exports;
                        Configure?.Invoke(billing);
                    });
            },
            TestContext.Current.CancellationToken
        );
        return this;
    }

    /// <summary>Starts, or starts again, with an export to a receiver on loopback.</summary>
    public Task<BillingWorld> RestartAsync(Receiver receiver, BillingTarget to) =>
        StartAsync(
            new BillingExportOptions
            {
                Name = "bill",
                To = to,
                Url = receiver.Url,
                Key = "sk_test_1",
                Customers = { ["acme"] = "cus_acme", ["acme/research"] = "cus_research" },
                FromStart = true,
            }
        );

    /// <summary>Stops the host.</summary>
    public async Task StopAsync()
    {
        if (Budget is not null)
            await Budget.DisposeAsync();
        Budget = null!;
    }

    public IBillingExport Export(string name) => Budget.Grains.GetGrain<IBillingExport>(name);

    /// <summary>Opens a session and charges it so often.</summary>
    /// <returns>Its whole id.</returns>
    public async Task<string> RunAsync(string id, string? tenant = null, int charges = 1, string cost = "0.010000001")
    {
        var options = new BudgetSessionOptions { Budget = Money.Parse("100"), Loops = LoopPolicy.Off };
        var opening = tenant is null
            ? Budget.OpenAsync(options, id, cancellationToken: TestContext.Current.CancellationToken)
            : Budget.Tenant(tenant).OpenAsync(options, id, cancellationToken: TestContext.Current.CancellationToken);
        var session = await opening.WithClockAsync(Clock);
        await ChargeAsync(session.Id, charges, cost);
        return session.Id;
    }

    public async Task ChargeAsync(string id, int charges = 1, string cost = "0.010000001")
    {
        for (var i = 0; i < charges; i++)
        {
            var charged = await Budget
                .Grains.GetGrain<IBudgetSession>(id)
                .ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse(cost) });
            Assert.True(charged.IsGranted);
        }
    }

    /// <summary>The costs that the feed has, as events.</summary>
    public async Task<ChargeEvent[]> ChargesAsync()
    {
        var all = new List<ChargeEvent>();
        var reading = Budget.Client.Events.From(filter: new EventFilter { BillableOnly = true });
        await foreach (var one in reading.ReadAsync(TestContext.Current.CancellationToken))
            all.Add((ChargeEvent)one);
        return [.. all];
    }

    /// <summary>How far an export is behind; before it has registered, as far as can be.</summary>
    public async Task<long> BehindAsync(string export)
    {
        var consumers = await Budget.Grains.GetGrain<IBudgetEventFeed>(0).ConsumersAsync();
        return consumers.FirstOrDefault(consumer => consumer.Name == FeedOfExport.ConsumerOf(export))?.Behind ?? long.MaxValue;
    }

    /// <summary>Lets time pass until something is so, a little at a time, so that what is done in between is done.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? step = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience.Limit);
        while (!await isSo())
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, limit.Token);
        }
    }

    public Task UntilAsync(Func<bool> isSo, TimeSpan? step = null) => UntilAsync(() => Task.FromResult(isSo()), step);

    /// <summary>Lets so much time pass.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var until = Clock.GetUtcNow() + time;
        await UntilAsync(() => Clock.GetUtcNow() >= until, step);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }
}

using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Webhooks.Tests;

/// <summary>An embedded budget on a SQLite ledger with a clock of its own, and what it has posted to.</summary>
internal sealed class WebhookWorld : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-webhooks-");

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public EmbeddedAgentBudget Budget { get; private set; } = null!;

    public WebhookDirectory Webhooks => Budget.Client.Webhooks;

    public Action<WebhooksOptions>? Configure { get; set; }

    public async Task<WebhookWorld> StartAsync(WebhookSettings? webhook = null)
    {
        Budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = folder.FullName;
                options.Time = Clock;
                options.Webhook = webhook is null ? null : webhook with { Secret = webhook.Secret ?? WebhookSettings.NewSecret() };
                options.ConfigureLedger = ledger => ledger.SweepEnabled = false;
                options.ConfigureWebhooks = webhooks =>
                {
                    webhooks.AllowInsecureAddresses = true;
                    webhooks.PollInterval = TimeSpan.FromMilliseconds(100);
                    Configure?.Invoke(webhooks);
                };
            },
            TestContext.Current.CancellationToken
        );
        return this;
    }

    /// <summary>Stops the host, and starts another one over the same ledger.</summary>
    /// <param name="losesKeys">Whether the keys are lost that secrets were kept with.</param>
    public async Task RestartAsync(bool losesKeys = false)
    {
        await Budget.DisposeAsync();
        if (losesKeys)
            Directory.Delete(Path.Combine(folder.FullName, "ledger.db.keys"), recursive: true);
        await StartAsync();
    }

    /// <summary>Opens a session and charges it so often.</summary>
    public async Task<string> RunAsync(string id, int charges = 1, string cost = "0.01")
    {
        var options = new BudgetSessionOptions { Budget = Money.Parse("100"), Loops = LoopPolicy.Off };
        await Budget.OpenAsync(options, id, cancellationToken: TestContext.Current.CancellationToken).WithClockAsync(Clock);
        await ChargeAsync(id, charges, cost);
        return id;
    }

    public async Task ChargeAsync(string id, int charges = 1, string cost = "0.01")
    {
        for (var i = 0; i < charges; i++)
        {
            var charged = await Budget
                .Grains.GetGrain<IBudgetSession>(id)
                .ChargeAsync(new ChargeCommand { Call = Call.Tool("search"), Cost = Money.Parse(cost) });
            Assert.True(charged.IsGranted);
        }
    }

    /// <summary>The ids of all events of sessions, as their timelines have them.</summary>
    public async Task<string[]> EventsAsync(params string[] ids)
    {
        var all = new List<string>();
        var reading = Budget.Client.Events.From();
        await foreach (var one in reading.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (ids.Length == 0 || ids.Contains(one.Origin.Ledger))
                all.Add(one.Id);
        }

        return [.. all];
    }

    /// <summary>Lets time pass until something is so, a little at a time, so that what is done in between is done.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan? step = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience.Limit);
        while (!isSo())
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Lets so much time pass.</summary>
    public async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        var until = Clock.GetUtcNow() + time;
        await UntilAsync(() => Clock.GetUtcNow() >= until, step);
    }

    public async ValueTask DisposeAsync()
    {
        if (Budget is not null)
            await Budget.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

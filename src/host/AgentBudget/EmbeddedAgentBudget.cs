using AgentBudget.Orleans.Prices;
using AgentBudget.Orleans.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace AgentBudget;

/// <summary>A whole budget in one process: silo, SQLite ledger and client. One process at a time has a ledger open for writing.</summary>
public sealed class EmbeddedAgentBudget : IAsyncDisposable
{
    private const int MaxPortAttempts = 5;
    private const string OrleansMeter = "Microsoft.Orleans";
    private const string OwnWebhook = "embedded";

    private readonly IHost host;

    private EmbeddedAgentBudget(IHost host)
    {
        this.host = host;
        Client = host.Services.GetRequiredService<AgentBudgetClient>();
        Grains = host.Services.GetRequiredService<IGrainFactory>();
        Store = host.Services.GetRequiredService<ILedgerStore>();
    }

    /// <summary>Opens sessions.</summary>
    public AgentBudgetClient Client { get; }

    /// <summary>The silo's grains: <c>Grains.GetGrain&lt;IBudgetSession&gt;(id)</c>.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>The ledger store, to list sessions.</summary>
    public ILedgerStore Store { get; }

    /// <summary>Starts with a ledger at a path, and the defaults otherwise.</summary>
    /// <param name="path">See <see cref="EmbeddedOptions.Path"/>.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="AgentBudgetException">The ledger cannot be used; the message names it and the mend.</exception>
    public static Task<EmbeddedAgentBudget> StartAsync(string path = ".agentbudget", CancellationToken cancellationToken = default) =>
        StartAsync(options => options.Path = path, cancellationToken);

    /// <summary>Starts.</summary>
    /// <param name="configure">Sets options.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="AgentBudgetException">The ledger cannot be used; the message names it and the mend.</exception>
    public static async Task<EmbeddedAgentBudget> StartAsync(
        Action<EmbeddedOptions> configure,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new EmbeddedOptions();
        configure(options);
        options.Validate();
        for (var attempt = 1; ; attempt++)
        {
            var host = Build(options, FreePort.Find());
            try
            {
                await host.StartAsync(cancellationToken);
                var budget = new EmbeddedAgentBudget(host);
                if (options.Webhook is { } webhook)
                    await SetAsync(budget.Client.Webhooks, webhook with { Id = webhook.Id ?? OwnWebhook }, cancellationToken);
                return budget;
            }
            catch (Exception exception)
            {
                await DisposeAsync(host);
                if (FreePort.WasTaken(exception) && attempt < MaxPortAttempts)
                    continue;
                if (Find<LedgerStoreUnavailableException>(exception) is { } unavailable)
                    throw new AgentBudgetException(unavailable.Message, unavailable);
                if (Find<OptionsValidationException>(exception) is { } invalid)
                    throw new ArgumentException(invalid.Message, nameof(configure), invalid);
                throw;
            }
        }
    }

    /// <summary>Opens a session with a budget in dollars, such as <c>"$2.00"</c>.</summary>
    public Task<BudgetSession> OpenAsync(
        string budget,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => Client.OpenAsync(budget, sessionId, callbacks, cancellationToken);

    /// <summary>Opens a session with a budget, such as <c>2.00m</c> dollars.</summary>
    public Task<BudgetSession> OpenAsync(
        Money budget,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => Client.OpenAsync(budget, sessionId, callbacks, cancellationToken);

    /// <summary>Opens a session.</summary>
    public Task<BudgetSession> OpenAsync(
        BudgetSessionOptions options,
        string? sessionId = null,
        SessionCallbacks? callbacks = null,
        CancellationToken cancellationToken = default
    ) => Client.OpenAsync(options, sessionId, callbacks, cancellationToken);

    /// <summary>A tenant, such as <c>acme/research</c>: its limits, its sessions and its report.</summary>
    /// <param name="path">The tenant's path.</param>
    /// <exception cref="FormatException">It is no path of a tenant; the message says why.</exception>
    public TenantBudget Tenant(string path) => Client.Tenant(path);

    /// <summary>Stops: what was acknowledged is on the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await DisposeAsync(host);
    }

    private static async Task SetAsync(WebhookDirectory webhooks, WebhookSettings webhook, CancellationToken cancellationToken)
    {
        if (webhook.Secret is null && (await webhooks.ListAsync(null, cancellationToken)).All(known => known.Id != webhook.Id))
            throw new ArgumentException(
                $"The webhook '{webhook.Id}' is new and has no secret: nobody could verify what it is posted. Name one in Webhook.Secret "
                    + "that the receiver has as well; WebhookSettings.NewSecret() makes one."
            );
        await webhooks.SetAsync(webhook, cancellationToken);
    }

    private static IHost Build(EmbeddedOptions options, int siloPort)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // The OTEL_* variables, and AgentBudget__* for the ledger's options; nothing else of the environment is looked at.
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.ClearProviders();
        options.ConfigureLogging?.Invoke(builder.Logging);
        // The program that embeds the budget decides what a signal does, not the budget.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(new LedgerClock(options.Time));
        builder
            .Services.AddOptions<AgentBudgetClientOptions>()
            .Configure<SiloPrices>((client, prices) => ConfigureClient(client, prices, options));
        builder.Services.AddSingleton(provider => new AgentBudgetClient(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<IOptions<AgentBudgetClientOptions>>(),
            options.Time,
            provider.GetRequiredService<ILogger<AgentBudgetClient>>()
        ));
        if (options.ExportTelemetry)
            builder
                .Services.AddOpenTelemetry()
                .UseOtlpExporter()
                .WithMetrics(metrics => metrics.AddMeter(LedgerMetrics.MeterName, OrleansMeter));
        builder.UseOrleans(silo =>
        {
            // No gateway: the only client is in the process. The silo's own port is on loopback.
            silo.UseLocalhostClustering(siloPort, gatewayPort: 0, serviceId: "agentbudget", clusterId: "agentbudget-embedded");
            silo.AddAgentBudget(ledger =>
            {
                ledger.Prices = options.Prices ?? ledger.Prices;
                options.ConfigureLedger?.Invoke(ledger);
            });
            if (options.Path is { } path)
                silo.AddSqliteLedgerStore(sqlite => sqlite.Path = path);
            else
                silo.AddInMemoryLedgerStore();
            AddWebhooks(silo, options);
            options.ConfigureSilo?.Invoke(silo);
        });
        return builder.Build();
    }

    private static void AddWebhooks(ISiloBuilder silo, EmbeddedOptions options)
    {
        // Keys live as long as what is kept with them.
        if (options.Path is null)
            silo.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        silo.AddAgentBudgetWebhooks(webhooks =>
        {
            if (options.Path is { } path)
                webhooks.KeysFolder ??= new SqliteLedgerOptions { Path = path }.FilePath + ".keys";
            options.ConfigureWebhooks?.Invoke(webhooks);
        });
    }

    // The client in the process prices as the silo does, unless it was told otherwise.
    private static void ConfigureClient(AgentBudgetClientOptions client, SiloPrices prices, EmbeddedOptions options)
    {
        options.ConfigureClient?.Invoke(client);
        if (client.PriceSource is not null || client.Prices is not { HasLayers: false })
            return;
        client.PriceSource = prices;
        client.Tools ??= () => prices.Tools;
    }

    private static async ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception =>
        exception switch
        {
            null => null,
            T found => found,
            AggregateException aggregate => aggregate.InnerExceptions.Select(Find<T>).FirstOrDefault(found => found is not null),
            _ => Find<T>(exception.InnerException),
        };

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

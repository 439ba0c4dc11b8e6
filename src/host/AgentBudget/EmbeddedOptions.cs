using Microsoft.Extensions.Logging;

namespace AgentBudget;

/// <summary>How an embedded budget is set up. Every value has a default that works.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>
    /// Where the ledger lives: a folder, made when it is missing, or a file ending in <c>.db</c>. Default: <c>.agentbudget</c> in the
    /// working directory. Null keeps it in memory, and it is gone with the process.
    /// </summary>
    public string? Path { get; set; } = ".agentbudget";

    /// <summary>
    /// The user's prices over the embedded table, for silo and client alike: a file or folder that is followed, single models, names,
    /// tools. Default null: what the configuration says under <c>AgentBudget:Prices</c>, and the embedded table alone if it says nothing.
    /// </summary>
    public LivePricesOptions? Prices { get; set; }

    /// <summary>The clock of the ledger. Default: the system's. A backtest gives its own.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>How the ledger is kept: retention, sweep, queues.</summary>
    public Action<AgentBudgetOptions>? ConfigureLedger { get; set; }

    /// <summary>Prices, retries, reservations.</summary>
    public Action<AgentBudgetClientOptions>? ConfigureClient { get; set; }

    /// <summary>Where logs go, exceptions of <see cref="SessionCallbacks"/> among them. Default: nowhere.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; set; }

    /// <summary>
    /// Whether metrics and logs of ledger and silo go out over OTLP, to where the standard <c>OTEL_*</c> environment variables say.
    /// Default: if
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// </summary>
    public bool ExportTelemetry { get; set; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"));

    /// <summary>
    /// Where events are posted, signed and at least once: <c>new() { Url = "https://example.com/hook", Secret = "whsec_…" }</c>. Set at
    /// every start, as the endpoint <c>embedded</c> unless it names another id. Default: nowhere, or where endpoints that were added say.
    /// A new one needs its secret, which the receiver verifies posts with: one that was made at a start would be told to nobody.
    /// One that is not named here any more stays, until <c>Client.Webhooks.RemoveAsync</c>.
    /// </summary>
    public WebhookSettings? Webhook { get; set; }

    /// <summary>How webhooks are delivered: time-outs, the folder of the keys that secrets are kept with (beside the ledger), http
    /// addresses for development.</summary>
    public Action<WebhooksOptions>? ConfigureWebhooks { get; set; }

    /// <summary>Adds to the silo: streams, telemetry, other grains.</summary>
    public Action<ISiloBuilder>? ConfigureSilo { get; set; }

    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (Path is not null)
            new SqliteLedgerOptions { Path = Path }.Validate();
        Webhook?.Validate();
        if (Time is null)
            throw new ArgumentException("Time is null; leave it out for the system's clock.");
    }
}

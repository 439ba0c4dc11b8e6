using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using AgentBudget.Billing.Notes;
using AgentBudget.Billing.Sinks;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentBudget.Billing;

/// <summary>What exports are sent with, one a silo.</summary>
internal sealed class BillingServices(
    ILedgerStore store,
    IGrainFactory grains,
    IHttpClientFactory clients,
    LedgerClock clock,
    LedgerMetrics metrics,
    IOptions<BillingOptions> options,
    ILogger<BillingServices> logger
)
{
    private readonly QuietLogger log = new(logger);

    public BillingOptions Options => options.Value;

    public TimeProvider Time => clock.Time;

    public ILogger Log => log;

    /// <summary>The settings of an export; null for none of this name.</summary>
    public BillingExportOptions? Find(string name) => Options.Exports.FirstOrDefault(export => export.Name == name);

    /// <summary>The notes of an export.</summary>
    public IExportNotes NotesOf(string name) => new StoredNotes(store, name);

    /// <summary>What an export goes to.</summary>
    public IBillingSink SinkOf(BillingExportOptions export) => SinkMaker.Make(export, Client, clock.Time);

    /// <summary>An exporter.</summary>
    public ExportParts PartsOf(BillingExportOptions export, IBillingSink sink) =>
        new()
        {
            Name = export.Name,
            Feed = grains.GetGrain<IBudgetEventFeed>(0),
            Sink = sink,
            Customers = SinkMaker.CustomersOf(export),
            Notes = NotesOf(export.Name),
            Time = clock.Time,
            Log = log,
            FromStart = export.FromStart,
            MaxDeadLetters = Options.MaxDeadLetters,
            Metrics = metrics,
        };

    private HttpClient Client() => clients.CreateClient(BillingHttp.ClientName);
}

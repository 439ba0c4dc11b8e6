using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using AgentBudget.Billing.Sinks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentBudget.Billing.Tests.Http;

/// <summary>One sink, as an export has it, with the client that it has there, and a billing system on loopback.</summary>
internal sealed class SinkWorld : IAsyncDisposable
{
    public const string Key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

    /// <summary>For a receiver that does not answer. Elsewhere it would be too short for the first request of a process on a busy machine,
    /// which would be sent again.</summary>
    public static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongTimeout = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider services;

    private SinkWorld(Receiver receiver, BillingTarget to, Action<BillingExportOptions>? configure, TimeSpan timeout)
    {
        Receiver = receiver;
        var collection = new ServiceCollection();
        BillingHttp.Add(collection, _ => TimeProvider.System, _ => timeout);
        services = collection.BuildServiceProvider();
        var export = new BillingExportOptions
        {
            To = to,
            Url = receiver.Url,
            Key = Key,
            DefaultCustomer = "cus_1",
        };
        configure?.Invoke(export);
        export.Validate();
        var clients = services.GetRequiredService<IHttpClientFactory>();
        Sink = SinkMaker.Make(export, () => clients.CreateClient(BillingHttp.ClientName), TimeProvider.System);
    }

    public Receiver Receiver { get; }

    public IBillingSink Sink { get; }

    public static async Task<SinkWorld> StartAsync(
        BillingTarget to,
        Action<BillingExportOptions>? configure = null,
        TimeSpan? timeout = null
    ) => new(await Receiver.StartAsync(), to, configure, timeout ?? LongTimeout);

    public Task<SinkAnswer> SendAsync(params BilledCost[] costs) => Sink.SendAsync(costs, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        await services.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

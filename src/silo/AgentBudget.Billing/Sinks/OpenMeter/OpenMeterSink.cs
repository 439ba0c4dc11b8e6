using System.Net.Http.Headers;
using System.Text.Json;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace AgentBudget.Billing.Sinks.OpenMeter;

/// <summary>
/// OpenMeter: a batch of CloudEvents, which it drops by source and id when they come again. The subject is the customer; the amount is
/// <c>data.cost_usd</c>, US dollars as a decimal string, for a meter that sums <c>$.cost_usd</c>. A correction is an event of its own.
/// </summary>
internal sealed class OpenMeterSink(BillingSender sender, string type, TimeSpan? maxAge) : IBillingSink
{
    /// <summary>The vendor's own address.</summary>
    public const string DefaultUrl = "https://openmeter.cloud";

    private const string Path = "/api/v1/events";
    private const string MediaType = "application/cloudevents-batch+json";
    private const int BatchSize = 100;
    private const int Taken = 204;

    private static readonly Uri Source = new("/agentbudget", UriKind.Relative);
    private static readonly JsonEventFormatter Formatter = new();

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "OpenMeter",
            BatchSize = BatchSize,
            Oldest = maxAge,
        };

    public async Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(BodyOf(costs, type));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        var reply = await sender.SendAsync(HttpMethod.Post, Path, content, null, cancellationToken);
        // A batch is taken or refused as a whole, and not said for whose sake.
        return reply is { Status: Taken, Body.Length: 0 } ? SinkAnswer.AllOf(costs) : SinkAnswer.NoneFor(reply.Left);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The body of a batch.</summary>
    internal static byte[] BodyOf(IEnumerable<BilledCost> costs, string type) =>
        Formatter.EncodeBatchModeMessage(costs.Select(cost => EventOf(cost, type)), out _).ToArray();

    private static CloudEvent EventOf(BilledCost cost, string type) =>
        new(CloudEventsSpecVersion.V1_0)
        {
            Id = cost.Id,
            Source = Source,
            Type = type,
            Subject = cost.Customer,
            Time = cost.Time,
            DataContentType = "application/json",
            Data = JsonSerializer.SerializeToElement(CostProperties.Of(cost, "cost_usd", cost.Amount.ToDecimalString())),
        };
}

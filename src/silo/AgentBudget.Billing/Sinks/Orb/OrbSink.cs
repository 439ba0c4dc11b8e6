using System.Net.Http.Headers;
using System.Text.Json;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using AgentBudget.Ledger;

namespace AgentBudget.Billing.Sinks.Orb;

/// <summary>
/// Orb: a batch of usage events. The amount is <c>properties.cost_nano_usd</c>, a whole number of nano-dollars: Orb sums numbers only, and
/// a whole number is exact. <c>properties.cost_usd</c> says the same in dollars, as a decimal string. What it refuses it names by its
/// idempotency key; the others are sent again. How old an event may be is the account's grace period, which the export's MaxAge states.
/// </summary>
internal sealed class OrbSink(BillingSender sender, string eventName, TimeSpan? maxAge) : IBillingSink
{
    /// <summary>The vendor's own address.</summary>
    public const string DefaultUrl = "https://api.withorb.com";

    private const string Path = "/v1/ingest";
    private const int BatchSize = 500;

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "Orb",
            BatchSize = BatchSize,
            Oldest = maxAge,
            Newest = TimeSpan.FromHours(1),
        };

    public async Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(BodyOf(costs, eventName));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var reply = await sender.SendAsync(HttpMethod.Post, Path, content, null, cancellationToken);
        var refused = RefusedOf(reply);
        if (refused.Count > 0)
            return new SinkAnswer { Refused = refused, Left = new LeftCosts(LeftFor.Again, reply.Problem) };
        return reply.IsDone && IsOfNone(reply) ? SinkAnswer.AllOf(costs) : SinkAnswer.NoneFor(reply.Left);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The body of a batch.</summary>
    internal static byte[] BodyOf(IEnumerable<BilledCost> costs, string eventName)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("events");
            foreach (var cost in costs)
                Write(writer, cost, eventName);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, BilledCost cost, string eventName)
    {
        writer.WriteStartObject();
        writer.WriteString("event_name", eventName);
        writer.WriteString("timestamp", JsonLine.Iso(cost.Time));
        writer.WriteString("idempotency_key", cost.Id);
        writer.WriteString("external_customer_id", cost.Customer);
        var properties = CostProperties.Of(cost, "cost_nano_usd", cost.Amount.NanoDollars);
        properties["cost_usd"] = cost.Amount.ToDecimalString();
        writer.WritePropertyName("properties");
        JsonSerializer.Serialize(writer, properties);
        writer.WriteEndObject();
    }

    // {"validation_failed":[]}
    private static bool IsOfNone(HttpReply reply)
    {
        using var json = reply.ReadJson();
        return json?.RootElement.TryGetProperty("validation_failed", out var all) == true
            && all.ValueKind == JsonValueKind.Array
            && all.GetArrayLength() == 0;
    }

    // {"validation_failed":[{"idempotency_key":"…","validation_errors":["…"]}]}
    private static List<RefusedCost> RefusedOf(HttpReply reply)
    {
        var refused = new List<RefusedCost>();
        using var json = reply.Status is 0 or 401 or 403 or 429 or >= 500 ? null : reply.ReadJson();
        if (json?.RootElement.TryGetProperty("validation_failed", out var all) != true || all.ValueKind != JsonValueKind.Array)
            return refused;
        foreach (var fault in all.EnumerateArray())
        {
            if (fault.ValueKind != JsonValueKind.Object || !fault.TryGetProperty("idempotency_key", out var id))
                continue;
            var why = fault.TryGetProperty("validation_errors", out var errors) ? errors.GetRawText() : "";
            refused.Add(new RefusedCost(id.ToString(), $"Orb refused it: {HttpReply.Short(why)}"));
        }

        return refused;
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;

namespace AgentBudget.Billing.Sinks.Lago;

/// <summary>
/// Lago: a batch of usage events. The amount is <c>precise_total_amount_cents</c>, US cents as a decimal string, for a charge of the
/// dynamic model, and <c>properties.cost_usd</c> for its metric's sum. A customer is the external id of a subscription. A batch is taken
/// whole or not at all, and what is wrong is told by its place in the batch; what it has had already counts as taken.
/// </summary>
internal sealed class LagoSink(BillingSender sender, string code, TimeSpan? maxAge) : IBillingSink
{
    /// <summary>The vendor's own address.</summary>
    public const string DefaultUrl = "https://api.getlago.com";

    private const string Path = "/api/v1/events/batch";
    private const string AlreadyThere = "value_already_exist";
    private const int BatchSize = 100;
    private const decimal CentsOfDollar = 100;

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "Lago",
            BatchSize = BatchSize,
            Oldest = maxAge,
        };

    public async Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(BodyOf(costs, code));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var reply = await sender.SendAsync(HttpMethod.Post, Path, content, null, cancellationToken);
        if (reply.IsDone && TakenOf(reply, costs) is var taken)
            return new SinkAnswer { Taken = taken, Left = taken.Count == costs.Count ? null : reply.Left };
        return reply.Status == 422 && FaultsOf(reply, costs) is { } answer ? answer : SinkAnswer.NoneFor(reply.Left);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The body of a batch.</summary>
    internal static byte[] BodyOf(IEnumerable<BilledCost> costs, string code)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("events");
            foreach (var cost in costs)
                Write(writer, cost, code);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, BilledCost cost, string code)
    {
        writer.WriteStartObject();
        writer.WriteString("transaction_id", cost.Id);
        writer.WriteString("external_subscription_id", cost.Customer);
        writer.WriteString("code", code);
        writer.WriteNumber("timestamp", cost.Time.ToUnixTimeSeconds());
        writer.WriteString("precise_total_amount_cents", CentsOf(cost.Amount));
        writer.WritePropertyName("properties");
        JsonSerializer.Serialize(writer, CostProperties.Of(cost, "cost_usd", cost.Amount.ToDecimalString()));
        writer.WriteEndObject();
    }

    // Seven decimals are what nano-dollars are in cents.
    private static string CentsOf(Money amount) => (amount.Dollars * CentsOfDollar).ToString("0.0000000", CultureInfo.InvariantCulture);

    // {"events":[{"transaction_id":"…"}]}
    private static HashSet<string> TakenOf(HttpReply reply, IReadOnlyList<BilledCost> costs)
    {
        using var json = reply.ReadJson();
        if (json?.RootElement.TryGetProperty("events", out var all) != true || all.ValueKind != JsonValueKind.Array)
            return [];
        var taken = all.EnumerateArray()
            .Where(one => one.ValueKind == JsonValueKind.Object && one.TryGetProperty("transaction_id", out _))
            .Select(one => one.GetProperty("transaction_id").ToString())
            .ToHashSet(StringComparer.Ordinal);
        taken.IntersectWith(costs.Select(cost => cost.Id));
        return taken;
    }

    // {"error_details":{"1":{"transaction_id":["value_already_exist"]}}}
    private static SinkAnswer? FaultsOf(HttpReply reply, IReadOnlyList<BilledCost> costs)
    {
        using var json = reply.ReadJson();
        if (json?.RootElement.TryGetProperty("error_details", out var details) != true || details.ValueKind != JsonValueKind.Object)
            return null;
        var taken = new List<string>();
        var refused = new List<RefusedCost>();
        foreach (var fault in details.EnumerateObject())
        {
            if (!int.TryParse(fault.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= costs.Count)
                return null;
            if (IsThere(fault.Value))
                taken.Add(costs[index].Id);
            else
                refused.Add(new RefusedCost(costs[index].Id, $"Lago refused it: {HttpReply.Short(fault.Value.GetRawText())}"));
        }

        return taken.Count + refused.Count == 0
            ? null
            : new SinkAnswer
            {
                Taken = taken,
                Refused = refused,
                Left = new LeftCosts(LeftFor.Again, reply.Problem),
            };
    }

    // That its id is known is all that is wrong with it.
    private static bool IsThere(JsonElement fault) =>
        fault.ValueKind == JsonValueKind.Object
        && fault.EnumerateObject().ToArray() is [{ Value.ValueKind: JsonValueKind.Array } only]
        && only.NameEquals("transaction_id")
        && only.Value.EnumerateArray().All(what => what.ValueKind == JsonValueKind.String && what.ValueEquals(AlreadyThere));
}

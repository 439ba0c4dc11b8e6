using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;

namespace AgentBudget.Billing.Sinks.Stripe;

/// <summary>
/// Stripe: meter events, one a request. The value is a whole number of nano-dollars, for a price of $0.000000001 a unit; corrections are
/// events below zero. Stripe wants one request at a time of a customer, so that customers go side by side and each one's costs in a row.
/// </summary>
/// <remarks>
/// Stripe refuses an identifier that it knows, which means that it has it, and knows one for 24 hours only: a cost that may have been
/// taken longer ago is not sent again by itself. That it answers 200 means that it will look at the event;
/// <see cref="StripeComparison"/> finds what it did not count.
/// </remarks>
internal sealed class StripeSink(BillingSender sender, string eventName, TimeSpan? maxAge) : IBillingSink
{
    /// <summary>The vendor's own address.</summary>
    public const string DefaultUrl = "https://api.stripe.com";

    /// <summary>The longest time ago that a meter event may be.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(35);

    private const string Path = "/v1/billing/meter_events";
    private const int MaxIdentifierLength = 100;
    private const int CustomersAtOnce = 8;
    private const int BatchSize = 100;

    public SinkLimits Limits { get; } =
        new()
        {
            Name = "Stripe",
            BatchSize = BatchSize,
            Oldest = maxAge < Oldest ? maxAge : Oldest,
            Newest = TimeSpan.FromMinutes(5),
            RemembersFor = TimeSpan.FromHours(24),
        };

    public async Task<SinkAnswer> SendAsync(IReadOnlyList<BilledCost> costs, CancellationToken cancellationToken)
    {
        var taken = new ConcurrentBag<string>();
        var refused = new ConcurrentBag<RefusedCost>();
        var left = new ConcurrentBag<LeftCosts>();
        await Parallel.ForEachAsync(
            costs.GroupBy(cost => cost.Customer, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = CustomersAtOnce, CancellationToken = cancellationToken },
            async (ofCustomer, token) =>
            {
                foreach (var cost in ofCustomer)
                {
                    var reply = await SendAsync(cost, token);
                    if (IsAccepted(reply, cost) || IsThere(reply))
                        taken.Add(cost.Id);
                    else if (reply.Left.For == LeftFor.Parts)
                        refused.Add(new RefusedCost(cost.Id, reply.Detail, reply.MayBeTaken));
                    else
                    {
                        left.Add(reply.Left);
                        return;
                    }
                }
            }
        );
        return new SinkAnswer
        {
            Taken = taken,
            Refused = refused,
            Left = left.IsEmpty ? null : Worst(left),
        };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The fields of an event, in the order in which they are sent.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> FieldsOf(BilledCost cost, string eventName) =>
        [
            new("event_name", eventName),
            new("identifier", IdentifierOf(cost.Id)),
            new("timestamp", cost.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new("payload[stripe_customer_id]", cost.Customer!),
            new("payload[value]", cost.Amount.NanoDollars.ToString(CultureInfo.InvariantCulture)),
        ];

    /// <summary>The identifier of a cost: its id, or what stands for it where that is too long. No id looks like that.</summary>
    internal static string IdentifierOf(string id) =>
        id.Length <= MaxIdentifierLength ? id : "sha256-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private async Task<HttpReply> SendAsync(BilledCost cost, CancellationToken cancellationToken)
    {
        using var content = new FormUrlEncodedContent(FieldsOf(cost, eventName));
        return await sender.SendAsync(HttpMethod.Post, Path, content, StripeHeaders.All, cancellationToken);
    }

    // {"object":"billing.meter_event","identifier":"…"}
    private static bool IsAccepted(HttpReply reply, BilledCost cost)
    {
        using var json = reply.IsDone ? reply.ReadJson() : null;
        return json?.RootElement.TryGetProperty("object", out var kind) == true
            && kind.ToString() == "billing.meter_event"
            && json.RootElement.TryGetProperty("identifier", out var identifier)
            && identifier.ToString() == IdentifierOf(cost.Id);
    }

    // The code that the documentation names, or the words that come without one.
    private static bool IsThere(HttpReply reply)
    {
        using var json = reply.Status == 400 ? reply.ReadJson() : null;
        return json?.RootElement.TryGetProperty("error", out var error) == true
            && error.ValueKind == System.Text.Json.JsonValueKind.Object
            && (
                (error.TryGetProperty("code", out var code) && code.ToString() == "duplicate_meter_event")
                || (
                    error.TryGetProperty("message", out var message)
                    && message.ToString().Contains("already exists with identifier", StringComparison.OrdinalIgnoreCase)
                )
            );
    }

    private static LeftCosts Worst(IEnumerable<LeftCosts> all)
    {
        var worst = all.OrderByDescending(left => left.For).ThenByDescending(left => left.RetryAfter).First();
        return worst with { MayBeTaken = all.Any(left => left.MayBeTaken) };
    }
}

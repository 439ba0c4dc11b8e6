using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Billing.Tests;

/// <summary>A cost as a billing system reads it off a request.</summary>
/// <param name="Id">By which it knows a repeat.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="Amount">How much.</param>
internal sealed record Billed(string Id, string Customer, Money Amount)
{
    /// <summary>The costs of a request.</summary>
    public static Billed[] Of(BillingTarget to, SentRequest sent) =>
        to switch
        {
            BillingTarget.OpenMeter =>
            [
                .. sent
                    .Json.EnumerateArray()
                    .Select(one => new Billed(Text(one, "id"), Text(one, "subject"), Dollars(Text(one.GetProperty("data"), "cost_usd")))),
            ],
            BillingTarget.Stripe =>
            [
                new Billed(
                    sent.Form["identifier"],
                    sent.Form["payload[stripe_customer_id]"],
                    Money.FromNanoDollars(long.Parse(sent.Form["payload[value]"], CultureInfo.InvariantCulture))
                ),
            ],
            BillingTarget.Lago =>
            [
                .. Events(sent)
                    .Select(one => new Billed(
                        Text(one, "transaction_id"),
                        Text(one, "external_subscription_id"),
                        Money.FromDollars(Decimal(Text(one, "precise_total_amount_cents")) / 100)
                    )),
            ],
            _ =>
            [
                .. Events(sent)
                    .Select(one => new Billed(
                        Text(one, "idempotency_key"),
                        Text(one, "external_customer_id"),
                        Money.FromNanoDollars(one.GetProperty("properties").GetProperty("cost_nano_usd").GetInt64())
                    )),
            ],
        };

    /// <summary>The status with which it refuses one cost of a request.</summary>
    public static int RefusalStatus(BillingTarget to) => to == BillingTarget.Lago ? 422 : 400;

    /// <summary>What it says of it.</summary>
    public static string RefusalOf(BillingTarget to, SentRequest sent, string id) =>
        to switch
        {
            BillingTarget.Stripe => """{"error":{"message":"no such thing"}}""",
            BillingTarget.Lago => "{\"error_details\":{\""
                + Array.FindIndex(Of(to, sent), cost => cost.Id == id).ToString(CultureInfo.InvariantCulture)
                + "\":{\"code\":[\"no such thing\"]}}}",
            BillingTarget.Orb => $$"""{"validation_failed":[{"idempotency_key":"{{id}}","validation_errors":["no such thing"]}]}""",
            _ => """{"detail":"no such thing"}""",
        };

    private static JsonElement.ArrayEnumerator Events(SentRequest sent) => sent.Json.GetProperty("events").EnumerateArray();

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static decimal Decimal(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static Money Dollars(string text) => Money.FromDollars(Decimal(text));
}

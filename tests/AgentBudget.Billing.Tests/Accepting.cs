using System.Text.Json;

namespace AgentBudget.Billing.Tests;

/// <summary>What a billing system answers when it takes a request, as its documentation has it (the addresses and the day stand in the
/// shapes of requests, beside the tests of the sinks).</summary>
internal static class Accepting
{
    /// <summary>The status and the body.</summary>
    public static (int Status, string Body) Of(SentRequest sent) =>
        sent.Line switch
        {
            "POST /api/v1/events" => (204, ""),
            "POST /v1/ingest" => (200, """{"debug":null,"validation_failed":[]}"""),
            "POST /v1/billing/meter_events" => (200, Stripe(sent)),
            "POST /api/v1/events/batch" => (200, Lago(sent)),
            _ => (200, "{}"),
        };

    private static string Stripe(SentRequest sent) =>
        JsonSerializer.Serialize(
            new
            {
                @object = "billing.meter_event",
                created = 1795953700,
                event_name = sent.Form["event_name"],
                identifier = sent.Form["identifier"],
                livemode = false,
                payload = new { stripe_customer_id = sent.Form["payload[stripe_customer_id]"], value = sent.Form["payload[value]"] },
                timestamp = 1795953601,
            }
        );

    private static string Lago(SentRequest sent)
    {
        var ids = sent.Json.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("transaction_id").GetString());
        return JsonSerializer.Serialize(
            new
            {
                events = ids.Select(id => new
                {
                    lago_id = Guid.NewGuid(),
                    transaction_id = id,
                    lago_customer_id = (string?)null,
                    code = "agentbudget_cost",
                }),
            }
        );
    }
}

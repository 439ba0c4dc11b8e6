using System.Globalization;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>Webhook endpoints, and attempts to post something to them, as JSON.</summary>
internal static class WebhookJson
{
    /// <summary>An endpoint, with its secret where it is told.</summary>
    public static string Of(WebhookEndpoint endpoint, string? secret) =>
        JsonLine.Of(writer =>
        {
            writer.WriteString("id", endpoint.Id);
            writer.WriteString("url", endpoint.Url);
            writer.WriteString("tenant", endpoint.Tenant?.ToString());
            writer.WriteStartArray("types");
            foreach (var type in endpoint.Types)
                writer.WriteStringValue(type);
            writer.WriteEndArray();
            writer.WriteString("description", endpoint.Description);
            writer.WriteString("state", WebhookView.StateOf(endpoint));
            writer.WriteString("reason", endpoint.Reason);
            writer.WriteString("set_at", JsonLine.Iso(endpoint.SetAt));
            writer.WriteString("failing_since", endpoint.FailingSince is { } since ? JsonLine.Iso(since) : null);
            writer.WriteString("full_since", endpoint.FullSince is { } full ? JsonLine.Iso(full) : null);
            writer.WriteNumber("waiting", endpoint.Waiting);
            writer.WriteNumber("rows_behind", endpoint.Behind);
            if (secret is not null)
                writer.WriteString("secret", secret);
        });

    /// <summary>An attempt.</summary>
    public static string Of(WebhookAttempt attempt) =>
        JsonLine.Of(writer =>
        {
            writer.WriteString("at", JsonLine.Iso(attempt.At));
            writer.WriteString("event", attempt.EventId);
            writer.WriteString("type", attempt.Type);
            writer.WriteNumber("attempt", attempt.Number);
            writer.WriteNumber("status", attempt.Status);
            writer.WriteBoolean("accepted", attempt.IsAccepted);
            writer.WriteString("problem", attempt.Problem);
            writer.WriteString("seconds", attempt.Took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
            writer.WriteBoolean("given_up", attempt.IsGivenUp);
        });
}

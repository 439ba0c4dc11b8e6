using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>Webhook endpoints, and attempts to post something to them, for people.</summary>
internal static class WebhookView
{
    /// <summary>One row an endpoint.</summary>
    public static void WriteRows(IAnsiConsole console, IEnumerable<WebhookEndpoint> endpoints)
    {
        var listing = new Listing(keepsAll: true)
            .Add("Endpoint")
            .Add("State")
            .Add("Waiting", isNumber: true)
            .Add("Behind", isNumber: true)
            .Add("Tenant", mayGo: true)
            .Add("Types", mayGo: true)
            .Add("Address", mayGo: true)
            .Add("Reason", mayGo: true);
        foreach (var endpoint in endpoints)
        {
            listing.AddRow(
                endpoint.Id,
                StateCell(endpoint),
                Facts.Number(endpoint.Waiting),
                Facts.Number(endpoint.Behind),
                endpoint.Tenant?.ToString(),
                TypesOf(endpoint),
                endpoint.Url,
                endpoint.Reason ?? (endpoint.FullSince is { } since ? $"nothing new since {Facts.Utc(since)}: too much waits" : null)
            );
        }

        listing.Write(console);
    }

    /// <summary>All there is to say about one.</summary>
    public static void WriteFacts(IAnsiConsole console, WebhookEndpoint endpoint, string? secret)
    {
        var facts = new Facts(console);
        facts.Write("Endpoint", endpoint.Id);
        facts.Write("Address", endpoint.Url);
        facts.Write("State", StateCell(endpoint));
        facts.Write("Tenant", endpoint.Tenant?.ToString() ?? "the whole ledger");
        facts.Write("Types", endpoint.Types.Count == 0 ? "all" : TypesOf(endpoint));
        facts.Write("Description", endpoint.Description);
        if (secret is null)
            return;
        facts.Write("Secret", secret);
        console.WriteText("The secret is shown this once; give it to the receiver, and keep it nowhere else.", style: Looks.Quiet);
    }

    /// <summary>One row an attempt.</summary>
    public static void WriteRows(IAnsiConsole console, IEnumerable<WebhookAttempt> attempts)
    {
        var listing = new Listing(keepsAll: true)
            .Add("Event")
            .Add("Type")
            .Add("At (UTC)")
            .Add("Attempt", isNumber: true)
            .Add("Status", isNumber: true, mayGo: true)
            .Add("Seconds", isNumber: true, mayGo: true)
            .Add("Problem", mayGo: true);
        foreach (var attempt in attempts)
        {
            listing.AddRow(
                attempt.EventId,
                attempt.Type,
                Facts.Utc(attempt.At),
                Facts.Number(attempt.Number),
                attempt.Status == 0 ? "" : attempt.Status.ToString(CultureInfo.InvariantCulture),
                SecondsOf(attempt),
                attempt.IsGivenUp ? $"{attempt.Problem}; given up" : attempt.Problem
            );
        }

        listing.Write(console);
    }

    /// <summary>What came of a test.</summary>
    public static string Said(string endpoint, WebhookAttempt attempt) =>
        attempt.IsAccepted
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Webhook {endpoint} took the test: it answered {attempt.Status} in {SecondsOf(attempt)} s."
            )
            : $"Webhook {endpoint} did not take the test: {attempt.Problem}.";

    /// <summary>The word of a state.</summary>
    public static string StateOf(WebhookEndpoint endpoint) =>
        endpoint.State switch
        {
            WebhookState.Paused => "paused",
            WebhookState.Disabled => "disabled",
            _ when endpoint.FullSince is not null => "full",
            _ => endpoint.FailingSince is null ? "active" : "failing",
        };

    private static Cell StateCell(WebhookEndpoint endpoint) => new(StateOf(endpoint), LookOf(endpoint));

    private static Style LookOf(WebhookEndpoint endpoint) =>
        endpoint.State switch
        {
            WebhookState.Disabled => Looks.Bad,
            WebhookState.Paused => Looks.Doubtful,
            _ => endpoint.FailingSince is null && endpoint.FullSince is null ? Looks.Good : Looks.Doubtful,
        };

    private static string TypesOf(WebhookEndpoint endpoint) => string.Join(", ", endpoint.Types);

    private static string SecondsOf(WebhookAttempt attempt) => attempt.Took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}

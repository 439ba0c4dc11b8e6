using System.Text;
using System.Text.Json;
using AgentBudget.Ledger;
using AgentBudget.Webhooks.Endpoints;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace AgentBudget.Webhooks.Sending;

/// <summary>Makes posts: CloudEvents 1.0 in their JSON form, whole. What is within <c>data</c> is the event as docs/events.md says
/// it.</summary>
internal static class EventPosts
{
    /// <summary>The media type of what is posted.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>The type of a test.</summary>
    public const string TestType = "test";

    /// <summary>The type of what tells that an endpoint was disabled.</summary>
    public const string DisabledType = "webhook.disabled";

    private const string OfEndpoints = "webhooks";
    private const string TypePrefix = "agentbudget.";
    private const string SourcePrefix = "/agentbudget/";

    private static readonly JsonEventFormatter Formatter = new();

    /// <summary>The post of an event.</summary>
    public static Post Of(BudgetEvent of)
    {
        using var data = JsonDocument.Parse(BudgetEventJson.Write(of));
        return Make(of.Id, of.Type, of.Origin.Ledger, of.At, data.RootElement);
    }

    /// <summary>A post to try an endpoint with.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="at">The time.</param>
    public static Post OfTest(string id, string endpoint, DateTimeOffset at)
    {
        using var data = JsonDocument.Parse(JsonSerializer.Serialize(new { endpoint }));
        return Make(id, TestType, OfEndpoints, at, data.RootElement);
    }

    /// <summary>The post that tells others that an endpoint was disabled. It has no address: that may be as good as a key.</summary>
    /// <param name="disabled">The endpoint.</param>
    /// <param name="at">The time.</param>
    public static Post OfDisabled(StoredEndpoint disabled, DateTimeOffset at)
    {
        using var data = JsonDocument.Parse(
            JsonLine.Of(writer =>
            {
                writer.WriteString("endpoint", disabled.Id);
                writer.WriteString("tenant", disabled.Tenant);
                writer.WriteString("description", disabled.Description);
                writer.WriteString("reason", disabled.Reason);
                writer.WriteString("failing_since", disabled.FailingSince is { } since ? JsonLine.Iso(since) : null);
            })
        );
        var id = FormattableString.Invariant($"{DisabledType}_{disabled.Id}_{at.UtcTicks:x}");
        return Make(id, DisabledType, OfEndpoints, at, data.RootElement);
    }

    private static Post Make(string id, string type, string ledger, DateTimeOffset at, JsonElement data)
    {
        var message = new CloudEvent(CloudEventsSpecVersion.V1_0)
        {
            Id = id,
            Type = TypePrefix + type,
            Source = new Uri(SourcePrefix + ledger, UriKind.Relative),
            Subject = ledger,
            Time = at,
            DataContentType = "application/json",
            Data = data,
        };
        return new Post(id, type, ledger, Encoding.UTF8.GetString(Formatter.EncodeStructuredModeMessage(message, out _).Span));
    }
}

using System.Text;
using System.Text.Json;
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
        return Make(id, TestType, "webhooks", at, data.RootElement);
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

using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>How one API is spoken.</summary>
internal abstract class Wire
{
    private static readonly Wire[] All = [new ChatWire(), new ResponsesWire(), new MessagesWire(), new GeminiWire(), new CohereWire()];

    /// <summary>The API behind a path; null for none.</summary>
    public static Wire? Find(string path) => Array.Find(All, wire => wire.IsAt(path));

    /// <summary>Whether the API is behind a path.</summary>
    public abstract bool IsAt(string path);

    /// <summary>Reads what is asked for.</summary>
    public abstract Asked Read(string path, JsonObject body);

    /// <summary>The answer in one piece.</summary>
    public abstract JsonObject Whole(Answer answer);

    /// <summary>The answer as events.</summary>
    public abstract IEnumerable<WireEvent> Events(Answer answer);

    /// <summary>An error.</summary>
    public virtual JsonObject Error(int status) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["message"] = $"The provider answers with {status}.",
                ["type"] = status == 429 ? "rate_limit_exceeded" : "server_error",
                ["param"] = null,
                ["code"] = null,
            },
        };

    /// <summary>The media type of events.</summary>
    public virtual string EventsType(Answer answer) => "text/event-stream; charset=utf-8";

    protected static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    protected static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    protected static WireEvent Data(JsonNode data, long tokens = 0, int? piece = null) =>
        new($"data: {data.ToJsonString()}\n\n", tokens, piece);

    protected static WireEvent Named(JsonObject data, long tokens = 0, int? piece = null) =>
        new($"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n", tokens, piece);
}

using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>Anthropic's Messages. What was cached stands beside the input and not in it.</summary>
internal sealed class MessagesWire : Wire
{
    public override bool IsAt(string path) => path.EndsWith("/messages", StringComparison.Ordinal);

    public override Asked Read(string path, JsonObject body) =>
        new((string?)body["model"] ?? "", Number(body["max_tokens"]), 1, IsTrue(body["stream"]), WantsUsage: true);

    public override JsonObject Whole(Answer answer)
    {
        var whole = Message(answer, new JsonArray(Block(answer, answer.Text)));
        whole["stop_reason"] = Reason(answer);
        if (answer.Script.TellsUsage)
            whole["usage"] = Usage(answer, answer.Output);
        return whole;
    }

    public override IEnumerable<WireEvent> Events(Answer answer)
    {
        var start = Message(answer, []);
        if (answer.Script.TellsUsage)
            start["usage"] = Usage(answer, 1);
        yield return Named(new JsonObject { ["type"] = "message_start", ["message"] = start }, answer.Reasoning);
        yield return Named(Of("content_block_start", "content_block", Block(answer, "")));
        yield return Named(new JsonObject { ["type"] = "ping" });
        for (var piece = 0; piece < answer.Pieces.Count; piece++)
        {
            var delta = answer.Script.Tool is null
                ? new JsonObject { ["type"] = "text_delta", ["text"] = answer.Pieces[piece] }
                : new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = answer.Pieces[piece] };
            yield return Named(Of("content_block_delta", "delta", delta), answer.Script.TokensPerPiece, piece);
        }

        if (answer.Script.Fails)
        {
            yield return Named(Error(529));
            yield break;
        }

        yield return Named(new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        var end = new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = Reason(answer), ["stop_sequence"] = null },
        };
        if (answer.Script.TellsUsage)
            end["usage"] = new JsonObject { ["output_tokens"] = answer.Output };
        yield return Named(end);
        yield return Named(new JsonObject { ["type"] = "message_stop" });
    }

    public override JsonObject Error(int status) =>
        new()
        {
            ["type"] = "error",
            ["error"] = new JsonObject
            {
                ["type"] =
                    status == 429 ? "rate_limit_error"
                    : status == 529 ? "overloaded_error"
                    : "api_error",
                ["message"] = $"The provider answers with {status}.",
            },
            ["request_id"] = "req_1",
        };

    private static JsonObject Of(string type, string name, JsonObject value) =>
        new()
        {
            ["type"] = type,
            ["index"] = 0,
            [name] = value,
        };

    private static JsonObject Block(Answer answer, string text) =>
        answer.Script.Tool is { } tool
            ? new()
            {
                ["type"] = "tool_use",
                ["id"] = $"toolu_{answer.Number}",
                ["name"] = tool,
                ["input"] = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text),
            }
            : new() { ["type"] = "text", ["text"] = text };

    private static JsonObject Message(Answer answer, JsonArray content) =>
        new()
        {
            ["id"] = $"msg_{answer.Number}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = answer.Model,
            ["content"] = content,
            ["stop_reason"] = null,
            ["stop_sequence"] = null,
        };

    private static string Reason(Answer answer) =>
        answer.IsCapped ? "max_tokens"
        : answer.Script.Tool is null ? "end_turn"
        : "tool_use";

    private static JsonObject Usage(Answer answer, long output) =>
        new()
        {
            ["input_tokens"] = answer.Script.InputTokens - answer.Script.CachedTokens - answer.Script.CacheWriteTokens,
            ["cache_creation_input_tokens"] = answer.Script.CacheWriteTokens,
            ["cache_read_input_tokens"] = answer.Script.CachedTokens,
            ["cache_creation"] = new JsonObject
            {
                ["ephemeral_5m_input_tokens"] = answer.Script.CacheWriteTokens,
                ["ephemeral_1h_input_tokens"] = 0,
            },
            ["output_tokens"] = output,
            ["service_tier"] = answer.Script.ServiceTier ?? "standard",
        };
}

using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>OpenAI's Responses.</summary>
internal sealed class ResponsesWire : Wire
{
    public override bool IsAt(string path) => path.EndsWith("/responses", StringComparison.Ordinal);

    public override Asked Read(string path, JsonObject body) =>
        new((string?)body["model"] ?? "", Number(body["max_output_tokens"]), 1, IsTrue(body["stream"]), WantsUsage: true);

    public override JsonObject Whole(Answer answer) => Response(answer, Status(answer), Item(answer, answer.Text, "completed"));

    public override IEnumerable<WireEvent> Events(Answer answer)
    {
        var number = 0;
        var item = answer.Script.Tool is null ? Item(answer, null, "in_progress") : Item(answer, "", "in_progress");
        yield return Next("response.created", Of("response", Response(answer, "in_progress", null)));
        yield return Next("response.in_progress", Of("response", Response(answer, "in_progress", null)), answer.Reasoning);
        yield return Next("response.output_item.added", At(Of("item", item), part: false));
        if (answer.Script.Tool is null)
            yield return Next("response.content_part.added", At(Of("part", Part("")), part: true));
        var delta = answer.Script.Tool is null ? "response.output_text.delta" : "response.function_call_arguments.delta";
        for (var piece = 0; piece < answer.Pieces.Count; piece++)
        {
            var text = At(new JsonObject { ["item_id"] = Id(answer), ["delta"] = answer.Pieces[piece] }, answer.Script.Tool is null);
            yield return Next(delta, text, answer.Script.TokensPerPiece, piece);
        }

        if (!answer.Script.Fails)
        {
            yield return answer.Script.Tool is null
                ? Next("response.output_text.done", At(Text(answer, "text"), part: true))
                : Next("response.function_call_arguments.done", At(Text(answer, "arguments"), part: false));
            if (answer.Script.Tool is null)
                yield return Next("response.content_part.done", At(Of("part", Part(answer.Text)), part: true));
            yield return Next("response.output_item.done", At(Of("item", Item(answer, answer.Text, "completed")), part: false));
        }

        yield return Next($"response.{Status(answer)}", Of("response", Whole(answer)));

        WireEvent Next(string type, JsonObject data, long tokens = 0, int? piece = null)
        {
            data.Insert(0, "type", type);
            data.Insert(1, "sequence_number", number++);
            return Named(data, tokens, piece);
        }
    }

    private static JsonObject Of(string name, JsonNode value) => new() { [name] = value };

    private static JsonObject Text(Answer answer, string name) => new() { ["item_id"] = Id(answer), [name] = answer.Text };

    private static JsonObject At(JsonObject data, bool part)
    {
        data["output_index"] = 0;
        if (part)
        {
            data["content_index"] = 0;
            if (data["delta"] is not null || data["text"] is not null)
                data["logprobs"] = new JsonArray();
        }

        return data;
    }

    private static string Id(Answer answer) => answer.Script.Tool is null ? $"msg_{answer.Number}" : $"fc_{answer.Number}";

    private static string Status(Answer answer) =>
        answer.Script.Fails ? "failed"
        : answer.IsCapped ? "incomplete"
        : "completed";

    private static JsonObject Part(string text) =>
        new()
        {
            ["type"] = "output_text",
            ["annotations"] = new JsonArray(),
            ["logprobs"] = new JsonArray(),
            ["text"] = text,
        };

    private static JsonObject Item(Answer answer, string? text, string status) =>
        answer.Script.Tool is { } tool
            ? new()
            {
                ["id"] = Id(answer),
                ["type"] = "function_call",
                ["status"] = status,
                ["arguments"] = text,
                ["call_id"] = $"call_{answer.Number}",
                ["name"] = tool,
            }
            : new()
            {
                ["id"] = Id(answer),
                ["type"] = "message",
                ["status"] = status,
                ["role"] = "assistant",
                ["content"] = text is null ? new JsonArray() : new JsonArray(Part(text)),
            };

    private static JsonObject Response(Answer answer, string status, JsonObject? item) =>
        new()
        {
            ["id"] = $"resp_{answer.Number}",
            ["object"] = "response",
            ["created_at"] = 1_764_000_000,
            ["status"] = status,
            ["background"] = false,
            ["error"] = status == "failed" ? new JsonObject { ["code"] = "server_error", ["message"] = "The model failed." } : null,
            ["incomplete_details"] = status == "incomplete" ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["instructions"] = null,
            ["max_output_tokens"] = answer.Asked.Cap,
            ["metadata"] = new JsonObject(),
            ["model"] = answer.Model,
            ["output"] = item is null ? new JsonArray() : new JsonArray(item),
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["service_tier"] = status == "in_progress" ? "auto" : answer.Script.ServiceTier ?? "default",
            ["store"] = true,
            ["temperature"] = 1.0,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = status != "in_progress" && answer.Script.TellsUsage ? Usage(answer) : null,
            ["user"] = null,
        };

    private static JsonObject Usage(Answer answer) =>
        new()
        {
            ["input_tokens"] = answer.Script.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.Script.CachedTokens },
            ["output_tokens"] = answer.Output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = answer.Reasoning },
            ["total_tokens"] = answer.Script.InputTokens + answer.Output,
        };
}

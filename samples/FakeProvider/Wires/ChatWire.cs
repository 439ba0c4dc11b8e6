using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>OpenAI's chat completions, and Mistral's, which says its usage unasked and with the last choice.</summary>
internal sealed class ChatWire : Wire
{
    public override bool IsAt(string path) => path.EndsWith("/chat/completions", StringComparison.Ordinal);

    public override Asked Read(string path, JsonObject body) =>
        new(
            (string?)body["model"] ?? "",
            Number(body["max_completion_tokens"]) ?? Number(body["max_tokens"]),
            (int)(Number(body["n"]) ?? 1),
            IsTrue(body["stream"]),
            IsTrue(body["stream_options"]?["include_usage"])
        );

    public override JsonObject Whole(Answer answer)
    {
        var choices = new JsonArray();
        for (var i = 0; i < answer.Asked.Answers; i++)
        {
            choices.Add(
                new JsonObject
                {
                    ["index"] = i,
                    ["message"] = new JsonObject
                    {
                        ["role"] = "assistant",
                        ["content"] = answer.Script.Tool is null ? answer.Text : null,
                        ["tool_calls"] = answer.Script.Tool is { } tool ? new JsonArray(ToolCall(answer, tool, answer.Text)) : null,
                        ["refusal"] = null,
                        ["annotations"] = new JsonArray(),
                    },
                    ["logprobs"] = null,
                    ["finish_reason"] = Reason(answer),
                }
            );
            if (answer.Script.Tool is null)
                ((JsonObject)choices[i]!["message"]!).Remove("tool_calls");
        }

        var whole = Head(answer, "chat.completion");
        whole["choices"] = choices;
        if (answer.Script.TellsUsage)
            whole["usage"] = Usage(answer);
        return whole;
    }

    public override IEnumerable<WireEvent> Events(Answer answer)
    {
        var isMistral = answer.Asked.Model.Contains("mistral", StringComparison.Ordinal);
        for (var i = 0; i < answer.Asked.Answers; i++)
        {
            yield return Data(Chunk(answer, i, First(answer)), i == 0 ? answer.Reasoning * answer.Asked.Answers : 0);
            for (var piece = 0; piece < answer.Pieces.Count; piece++)
            {
                var chunk = Chunk(answer, i, Delta(answer, answer.Pieces[piece]));
                if (answer.Script.TellsUsageAsItGoes)
                    chunk["usage"] = Usage(answer, answer.Reasoning + ((piece + 1) * answer.Script.TokensPerPiece));
                yield return Data(chunk, answer.Script.TokensPerPiece, piece);
            }

            if (answer.Script.Fails)
            {
                yield return Data(Error(500));
                yield break;
            }

            var last = Chunk(answer, i, [], Reason(answer));
            if (isMistral && answer.Script.TellsUsage && i == answer.Asked.Answers - 1)
                last["usage"] = Usage(answer);
            yield return Data(last);
        }

        if (answer.Script.TellsUsage && answer.Asked.WantsUsage && !isMistral)
        {
            var usage = Head(answer, "chat.completion.chunk");
            usage["choices"] = new JsonArray();
            usage["usage"] = Usage(answer);
            yield return Data(usage);
        }

        yield return new WireEvent("data: [DONE]\n\n");
    }

    private static JsonObject First(Answer answer) =>
        answer.Script.Tool is { } tool
            ? new()
            {
                ["role"] = "assistant",
                ["content"] = null,
                ["tool_calls"] = new JsonArray(ToolCall(answer, tool, "", 0)),
            }
            : new()
            {
                ["role"] = "assistant",
                ["content"] = "",
                ["refusal"] = null,
            };

    private static JsonObject Delta(Answer answer, string text)
    {
        if (answer.Script.Tool is null)
            return new() { ["content"] = text };
        var call = new JsonObject
        {
            ["index"] = 0,
            ["function"] = new JsonObject { ["arguments"] = text },
        };
        return new() { ["tool_calls"] = new JsonArray(call) };
    }

    private static JsonObject ToolCall(Answer answer, string tool, string arguments, int? index = null)
    {
        var call = new JsonObject
        {
            ["id"] = $"call_{answer.Number}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
        };
        if (index is { } place)
            call["index"] = place;
        return call;
    }

    private static JsonObject Chunk(Answer answer, int index, JsonObject delta, string? reason = null)
    {
        var chunk = Head(answer, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(
            new JsonObject
            {
                ["index"] = index,
                ["delta"] = delta,
                ["logprobs"] = null,
                ["finish_reason"] = reason,
            }
        );
        if (answer.Asked.WantsUsage)
            chunk["usage"] = null;
        return chunk;
    }

    private static JsonObject Head(Answer answer, string kind) =>
        new()
        {
            ["id"] = $"chatcmpl-{answer.Number}",
            ["object"] = kind,
            ["created"] = 1_764_000_000,
            ["model"] = answer.Model,
            ["service_tier"] = answer.Script.ServiceTier ?? "default",
            ["system_fingerprint"] = null,
        };

    private static string Reason(Answer answer) =>
        answer.IsCapped ? "length"
        : answer.Script.Tool is null ? "stop"
        : "tool_calls";

    private static JsonObject Usage(Answer answer) => Usage(answer, answer.Output);

    private static JsonObject Usage(Answer answer, long output) =>
        new()
        {
            ["prompt_tokens"] = answer.Script.InputTokens,
            ["completion_tokens"] = output,
            ["total_tokens"] = answer.Script.InputTokens + output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.Script.CachedTokens, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = answer.Reasoning * answer.Asked.Answers,
                ["audio_tokens"] = 0,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            },
        };
}

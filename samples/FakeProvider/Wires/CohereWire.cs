using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>Cohere's chat, second version. What is billed stands apart from the tokens.</summary>
internal sealed class CohereWire : Wire
{
    public override bool IsAt(string path) => path.EndsWith("/v2/chat", StringComparison.Ordinal);

    public override Asked Read(string path, JsonObject body) =>
        new((string?)body["model"] ?? "", Number(body["max_tokens"]), 1, IsTrue(body["stream"]), WantsUsage: true);

    public override JsonObject Whole(Answer answer)
    {
        var whole = new JsonObject
        {
            ["id"] = $"cohere-{answer.Number}",
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray(Text(answer.Text)) },
            ["finish_reason"] = Reason(answer),
        };
        if (answer.Script.TellsUsage)
            whole["usage"] = Usage(answer);
        return whole;
    }

    public override IEnumerable<WireEvent> Events(Answer answer)
    {
        var start = new JsonObject
        {
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = new JsonArray() },
        };
        yield return Named(
            new JsonObject
            {
                ["type"] = "message-start",
                ["id"] = $"cohere-{answer.Number}",
                ["delta"] = start,
            },
            answer.Reasoning
        );
        yield return Named(Of("content-start", Text("")));
        for (var piece = 0; piece < answer.Pieces.Count; piece++)
            yield return Named(Of("content-delta", Text(answer.Pieces[piece])), answer.Script.TokensPerPiece, piece);
        if (!answer.Script.Fails)
            yield return Named(new JsonObject { ["type"] = "content-end", ["index"] = 0 });
        var end = new JsonObject { ["finish_reason"] = Reason(answer) };
        if (answer.Script.TellsUsage)
            end["usage"] = Usage(answer);
        yield return Named(new JsonObject { ["type"] = "message-end", ["delta"] = end });
    }

    public override JsonObject Error(int status) => new() { ["message"] = $"The provider answers with {status}." };

    private static JsonObject Of(string type, JsonObject content) =>
        new()
        {
            ["type"] = type,
            ["index"] = 0,
            ["delta"] = new JsonObject { ["message"] = new JsonObject { ["content"] = content } },
        };

    private static JsonObject Text(string text) => new() { ["type"] = "text", ["text"] = text };

    private static string Reason(Answer answer) =>
        answer.Script.Fails ? "ERROR"
        : answer.IsCapped ? "MAX_TOKENS"
        : "COMPLETE";

    private static JsonObject Usage(Answer answer) =>
        new()
        {
            ["billed_units"] = new JsonObject { ["input_tokens"] = answer.Script.InputTokens, ["output_tokens"] = answer.Output },
            ["tokens"] = new JsonObject { ["input_tokens"] = answer.Script.InputTokens + 64, ["output_tokens"] = answer.Output + 2 },
        };
}

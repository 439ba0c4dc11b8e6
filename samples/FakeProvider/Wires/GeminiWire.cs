using System.Text.Json.Nodes;

namespace FakeProvider.Wires;

/// <summary>Gemini's <c>generateContent</c>, whose model stands in the address and whose every piece says what was used so far.</summary>
internal sealed class GeminiWire : Wire
{
    private const string StreamMethod = ":streamGenerateContent";

    public override bool IsAt(string path) =>
        path.EndsWith(":generateContent", StringComparison.Ordinal) || path.EndsWith(StreamMethod, StringComparison.Ordinal);

    public override Asked Read(string path, JsonObject body)
    {
        var settings = body["generationConfig"];
        return new(
            path.Split('/')[^1].Split(':')[0],
            Number(settings?["maxOutputTokens"]),
            (int)(Number(settings?["candidateCount"]) ?? 1),
            path.EndsWith(StreamMethod, StringComparison.Ordinal),
            WantsUsage: true
        );
    }

    public override JsonObject Whole(Answer answer) => Piece(answer, answer.Text, answer.Pieces.Count, isLast: true);

    public override IEnumerable<WireEvent> Events(Answer answer)
    {
        for (var piece = 0; piece < answer.Pieces.Count; piece++)
        {
            var isLast = piece == answer.Pieces.Count - 1 && !answer.Script.Fails;
            var thought = piece == 0 ? answer.Reasoning * answer.Asked.Answers : 0;
            var tokens = (answer.Script.TokensPerPiece * answer.Asked.Answers) + thought;
            yield return Event(Piece(answer, answer.Pieces[piece], piece + 1, isLast), tokens, piece);
        }

        if (answer.Script.Fails)
            yield return Event(Error(500));
        else if (answer.Pieces.Count == 0)
            yield return Event(Piece(answer, "", 0, isLast: true), answer.Reasoning * answer.Asked.Answers);
    }

    public override JsonObject Error(int status) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["code"] = status,
                ["message"] = $"The provider answers with {status}.",
                ["status"] = status == 429 ? "RESOURCE_EXHAUSTED" : "INTERNAL",
            },
        };

    private static WireEvent Event(JsonObject data, long tokens = 0, int? piece = null) =>
        new($"data: {data.ToJsonString()}\r\n\r\n", tokens, piece);

    private static JsonObject Piece(Answer answer, string text, int pieces, bool isLast)
    {
        var candidates = new JsonArray();
        for (var i = 0; i < answer.Asked.Answers; i++)
        {
            var candidate = new JsonObject
            {
                ["content"] = new JsonObject { ["parts"] = new JsonArray(Part(answer, text)), ["role"] = "model" },
                ["index"] = i,
            };
            if (isLast)
                candidate["finishReason"] = answer.IsCapped ? "MAX_TOKENS" : "STOP";
            candidates.Add(candidate);
        }

        var whole = new JsonObject
        {
            ["candidates"] = candidates,
            ["modelVersion"] = answer.Model,
            ["responseId"] = $"gemini-{answer.Number}",
        };
        if (answer.Script.TellsUsage)
            whole["usageMetadata"] = Usage(answer, pieces * answer.Script.TokensPerPiece * answer.Asked.Answers);
        return whole;
    }

    private static JsonObject Part(Answer answer, string text) =>
        answer.Script.Tool is { } tool
            ? new()
            {
                ["functionCall"] = new JsonObject
                {
                    ["name"] = tool,
                    ["args"] = new JsonObject { ["text"] = text },
                },
            }
            : new() { ["text"] = text };

    private static JsonObject Usage(Answer answer, long text)
    {
        var thoughts = answer.Reasoning * answer.Asked.Answers;
        return new()
        {
            ["promptTokenCount"] = answer.Script.InputTokens,
            ["cachedContentTokenCount"] = answer.Script.CachedTokens,
            ["candidatesTokenCount"] = text,
            ["thoughtsTokenCount"] = thoughts,
            ["totalTokenCount"] = answer.Script.InputTokens + text + thoughts,
            ["promptTokensDetails"] = new JsonArray(new JsonObject { ["modality"] = "TEXT", ["tokenCount"] = answer.Script.InputTokens }),
        };
    }
}

using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace AgentBudget.Http.Tests.Ways;

/// <summary>A program without an SDK, in the form that an API has.</summary>
public sealed class PlainWay(string name, string model, string path) : HttpWay
{
    private bool IsGemini => path.Contains(":generateContent", StringComparison.Ordinal);

    public override string Name => name;

    public override string Model => model;

    public override int Attempts => 1;

    public override async Task<string> AskAsync(HttpClient http, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(provider, path), Question(cap, isStream: false), cancellationToken);
        answer.EnsureSuccessStatusCode();
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
        return (string?)(
                body["candidates"]?[0]!["content"]!["parts"]![0]!["text"]
                ?? body["choices"]?[0]!["message"]!["content"]
                ?? body["message"]?["content"]?[0]?["text"]
            ) ?? "";
    }

    public override async IAsyncEnumerable<string> StreamAsync(
        HttpClient http,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var address = path.Replace(":generateContent", ":streamGenerateContent?alt=sse", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(provider, address));
        request.Content = JsonContent.Create(Question(cap, isStream: true));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            var next = JsonNode.Parse(line["data: ".Length..])!;
            if (Text(next) is { Length: > 0 } text)
                yield return text;
        }
    }

    private static string? Text(JsonNode next) =>
        next["candidates"] is JsonArray { Count: > 0 } candidates ? (string?)candidates[0]!["content"]!["parts"]![0]!["text"]
        : next["choices"] is JsonArray { Count: > 0 } choices ? (string?)choices[0]!["delta"]!["content"]
        : next["delta"]?["message"]?["content"] is JsonObject content ? (string?)content["text"]
        : null;

    private JsonObject Question(int? cap, bool isStream)
    {
        if (IsGemini)
        {
            var part = new JsonObject { ["parts"] = new JsonArray(new JsonObject { ["text"] = "Say hello." }), ["role"] = "user" };
            var settings = cap is null ? new JsonObject() : new JsonObject { ["maxOutputTokens"] = cap };
            return new JsonObject { ["contents"] = new JsonArray(part), ["generationConfig"] = settings };
        }

        var message = new JsonObject { ["role"] = "user", ["content"] = "Say hello." };
        var question = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(message),
            ["stream"] = isStream,
        };
        if (cap is not null)
            question["max_tokens"] = cap;
        return question;
    }
}

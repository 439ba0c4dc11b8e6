using System.Text.Json;

namespace AgentBudget.Http.Requests;

/// <summary>
/// Reads the body of a call to a model in one pass. What it does not know is text; what is no JSON object is not read. Nothing that
/// stands in a body throws.
/// </summary>
internal static class BodyReader
{
    private const int MaxDepth = 512;

    private static readonly JsonReaderOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = MaxDepth,
    };

    /// <summary>Reads a body; null where it is no JSON object.</summary>
    public static RequestBody? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            return null;
        var json = new Utf8JsonReader(utf8, Lenient);
        var body = new RequestBody();
        var text = new TextReader(body);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return null;
            var inside = (int)json.BytesConsumed;
            var isEmpty = true;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                isEmpty = false;
                ReadProperty(ref json, body, text);
            }

            body.Root = new BodyObject(inside, isEmpty);
            if (json.TokenType != JsonTokenType.EndObject || json.Read())
                return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half a body, or texts that are no UTF-8.
            return null;
        }

        text.End();
        return body;
    }

    private static void ReadProperty(ref Utf8JsonReader json, RequestBody body, TextReader text)
    {
        if (IsCap(ref json))
            ReadCap(ref json, body);
        else if (json.ValueTextEquals("model"u8))
            body.Model = Text(ref json) ?? body.Model;
        else if (json.ValueTextEquals("n"u8) || json.ValueTextEquals("best_of"u8) || json.ValueTextEquals("num_generations"u8))
            ReadAnswers(ref json, body);
        else if (json.ValueTextEquals("stream"u8))
            body.IsStream = Flag(ref json);
        else if (json.ValueTextEquals("background"u8))
            body.IsBackground = Flag(ref json);
        else if (json.ValueTextEquals("stream_options"u8))
            ReadStreamOptions(ref json, body);
        else if (
            json.ValueTextEquals("generationConfig"u8)
            || json.ValueTextEquals("generation_config"u8)
            || json.ValueTextEquals("inferenceConfig"u8)
        )
            ReadSettings(ref json, body);
        else if (json.ValueTextEquals("thinking"u8))
            Object(ref json, body, ReadThinking);
        else if (json.ValueTextEquals("service_tier"u8) || json.ValueTextEquals("serviceTier"u8))
            body.ServiceTier = Text(ref json);
        else if (json.ValueTextEquals("speed"u8))
            body.Speed = Text(ref json);
        else if (json.ValueTextEquals("inference_geo"u8))
            body.Region = Text(ref json);
        else
            ReadText(ref json, body, text);
    }

    private static void ReadText(ref Utf8JsonReader json, RequestBody body, TextReader text)
    {
        if (json.ValueTextEquals("previous_response_id"u8))
        {
            body.PreviousResponse = Text(ref json);
            body.StandsOnKept |= body.PreviousResponse is not null;
            return;
        }

        var isKept =
            json.ValueTextEquals("conversation"u8) || json.ValueTextEquals("cachedContent"u8) || json.ValueTextEquals("cached_content"u8);
        var isSearch = json.ValueTextEquals("web_search_options"u8);
        var part =
            json.ValueTextEquals("messages"u8) || json.ValueTextEquals("input"u8) || json.ValueTextEquals("contents"u8) ? BodyPart.Messages
            : json.ValueTextEquals("tools"u8) || json.ValueTextEquals("functions"u8) ? BodyPart.Tools
            : BodyPart.Other;
        json.Read();
        body.StandsOnKept |= isKept && json.TokenType != JsonTokenType.Null;
        body.SearchesFreely |= isSearch && json.TokenType == JsonTokenType.StartObject;
        text.Read(ref json, part);
    }

    private static bool IsCap(ref Utf8JsonReader json) =>
        json.ValueTextEquals("max_tokens"u8)
        || json.ValueTextEquals("max_completion_tokens"u8)
        || json.ValueTextEquals("max_output_tokens"u8)
        || json.ValueTextEquals("maxOutputTokens"u8)
        || json.ValueTextEquals("maxTokens"u8)
        || json.ValueTextEquals("max_tokens_to_sample"u8);

    private static void ReadCap(ref Utf8JsonReader json, RequestBody body)
    {
        json.Read();
        if (body.Caps.Count < RequestBody.MaxCaps && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            body.Caps.Add(Place(ref json));
        json.Skip();
    }

    private static void ReadAnswers(ref Utf8JsonReader json, RequestBody body)
    {
        json.Read();
        if (Place(ref json).Number is > 1 and var number)
            body.Answers = Math.Max(body.Answers, Math.Min(number, RequestBody.MaxAnswers));
        json.Skip();
    }

    private static void ReadStreamOptions(ref Utf8JsonReader json, RequestBody body)
    {
        body.StreamOptions = Object(ref json, body, ReadStreamOption);
        body.NoStreamOptions = Null(ref json);
    }

    private static void ReadSettings(ref Utf8JsonReader json, RequestBody body)
    {
        if (Object(ref json, body, ReadSetting) is { } settings)
            (body.Settings, body.NoSettings) = (settings, null);
        else if (body.Settings is null)
            body.NoSettings = Null(ref json);
    }

    private static void ReadSetting(ref Utf8JsonReader json, RequestBody body)
    {
        if (IsCap(ref json))
            ReadCap(ref json, body);
        else if (json.ValueTextEquals("candidateCount"u8) || json.ValueTextEquals("candidate_count"u8))
            ReadAnswers(ref json, body);
        else
            json.Skip();
    }

    private static void ReadStreamOption(ref Utf8JsonReader json, RequestBody body)
    {
        if (!json.ValueTextEquals("include_usage"u8))
        {
            json.Skip();
            return;
        }

        json.Read();
        body.IncludeUsage = Place(ref json);
        body.IncludesUsage = json.TokenType == JsonTokenType.True;
        json.Skip();
    }

    private static void ReadThinking(ref Utf8JsonReader json, RequestBody body)
    {
        var isBudget = json.ValueTextEquals("budget_tokens"u8);
        json.Read();
        if (isBudget)
            body.ThinkingTokens = Place(ref json).Number ?? 0;
        json.Skip();
    }

    private delegate void Property(ref Utf8JsonReader json, RequestBody body);

    // Reads the value behind a name as an object; anything else is none.
    private static BodyObject? Object(ref Utf8JsonReader json, RequestBody body, Property read)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        var inside = (int)json.BytesConsumed;
        var isEmpty = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            read(ref json, body);
        }

        return new BodyObject(inside, isEmpty);
    }

    private static BodyPlace? Null(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? Place(ref json) : null;

    private static BodyPlace Place(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        var number = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var whole) ? whole : (long?)null;
        return new BodyPlace(start, (int)json.BytesConsumed - start, number);
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        var text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        json.Skip();
        return text;
    }

    private static bool Flag(ref Utf8JsonReader json)
    {
        json.Read();
        var flag = json.TokenType == JsonTokenType.True;
        json.Skip();
        return flag;
    }
}

namespace AgentBudget.Http.Requests;

/// <summary>What a call to a model is, by its address.</summary>
internal enum ModelApiKind
{
    /// <summary>One of a provider that is known, for a model, in a form that is not.</summary>
    Other,

    /// <summary>OpenAI's chat, and that of everybody who speaks like it.</summary>
    Chat,

    /// <summary>Completions of text.</summary>
    Completions,

    /// <summary>OpenAI's Responses.</summary>
    Responses,

    /// <summary>Anthropic's Messages.</summary>
    Messages,

    /// <summary>Gemini's and Vertex's <c>generateContent</c>.</summary>
    Gemini,

    /// <summary>Cohere's chat.</summary>
    Cohere,

    /// <summary>Bedrock, whose bodies are signed.</summary>
    Bedrock,

    /// <summary>What gives no text: vectors, ranks.</summary>
    Vectors,

    /// <summary>Pictures.</summary>
    Pictures,

    /// <summary>Speech that is made of a text.</summary>
    Speech,

    /// <summary>Sound that is written down.</summary>
    Hearing,

    /// <summary>What is billed later, for work that the request does not hold: batches, training, films.</summary>
    Jobs,
}

/// <summary>Tells calls to models by their address.</summary>
internal static class ModelApi
{
    // The first that fits: /chat/completions before /completions.
    private static readonly (string End, ModelApiKind Kind)[] Ends =
    [
        ("/chat/completions", ModelApiKind.Chat),
        ("/completions", ModelApiKind.Completions),
        ("/responses", ModelApiKind.Responses),
        ("/messages", ModelApiKind.Messages),
        (":rawPredict", ModelApiKind.Messages),
        (":streamRawPredict", ModelApiKind.Messages),
        (":generateContent", ModelApiKind.Gemini),
        (":streamGenerateContent", ModelApiKind.Gemini),
        ("/v2/chat", ModelApiKind.Cohere),
        ("/v1/chat", ModelApiKind.Cohere),
        ("/embeddings", ModelApiKind.Vectors),
        (":embedContent", ModelApiKind.Vectors),
        (":batchEmbedContents", ModelApiKind.Vectors),
        ("/embed", ModelApiKind.Vectors),
        ("/rerank", ModelApiKind.Vectors),
        ("/images/generations", ModelApiKind.Pictures),
        ("/images/edits", ModelApiKind.Pictures),
        ("/images/variations", ModelApiKind.Pictures),
        ("/audio/speech", ModelApiKind.Speech),
        ("/audio/transcriptions", ModelApiKind.Hearing),
        ("/audio/translations", ModelApiKind.Hearing),
        ("/converse", ModelApiKind.Bedrock),
        ("/converse-stream", ModelApiKind.Bedrock),
        ("/invoke", ModelApiKind.Bedrock),
        ("/invoke-with-response-stream", ModelApiKind.Bedrock),
        ("/batches", ModelApiKind.Jobs),
        (":batchGenerateContent", ModelApiKind.Jobs),
        ("/fine_tuning/jobs", ModelApiKind.Jobs),
        (":predictLongRunning", ModelApiKind.Jobs),
    ];

    // They name a model, and cost nothing.
    private static readonly string[] Free =
    [
        "/count_tokens",
        "/count-tokens:rawPredict",
        ":countTokens",
        "/input_tokens",
        "/tokenize",
        "/detokenize",
        "/moderations",
        "/models",
        "/files",
        "/uploads",
        "/cancel",
        "/assistants",
        "/threads",
        "/conversations",
        "/vector_stores",
        "/client_secrets",
        "/sessions",
    ];

    // So is what is done to one of these; what it costs to keep them is on no request.
    private static readonly string[] FreeRooms = ["/files/", "/uploads/", "/conversations/", "/assistants/", "/vector_stores/"];

    /// <summary>The kind of a call; null for one that is none to a model.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="origin">What the address tells of its provider.</param>
    /// <param name="takesAny">Whether what an unknown host is sent may be a call, too: who sends it has said that it is paid for.</param>
    public static ModelApiKind? Find(Uri address, ResponseOrigin origin, bool takesAny)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        if (IsFree(path))
            return null;
        foreach (var (end, kind) in Ends)
        {
            if (path.EndsWith(end, StringComparison.Ordinal) && (IsTrusted(kind, origin) || (takesAny && kind != ModelApiKind.Jobs)))
                return kind;
        }

        return origin.Provider is null && !takesAny ? null : ModelApiKind.Other;
    }

    /// <summary>The model that an address names; null where it names none.</summary>
    public static string? ModelOf(Uri address)
    {
        var segments = address.AbsolutePath.Split('/');
        foreach (var name in (string[])["models", "deployments", "model"])
        {
            var place = Array.IndexOf(segments, name);
            if (place >= 0 && place + 1 < segments.Length && segments[place + 1].Length > 0)
                return Uri.UnescapeDataString(segments[place + 1]).Split(':')[0];
        }

        return null;
    }

    /// <summary>Whether an address is one whose answer is a stream, whatever the body says.</summary>
    public static bool IsStream(Uri address) =>
        address.AbsolutePath.EndsWith(":streamGenerateContent", StringComparison.Ordinal)
        || address.AbsolutePath.EndsWith(":streamRawPredict", StringComparison.Ordinal)
        || address.AbsolutePath.EndsWith("-stream", StringComparison.Ordinal);

    // A message that is put into a thread of an assistant is none that is answered.
    private static bool IsFree(string path)
    {
        foreach (var end in Free)
        {
            if (path.EndsWith(end, StringComparison.Ordinal))
                return true;
        }

        foreach (var room in FreeRooms)
        {
            if (path.Contains(room, StringComparison.Ordinal))
                return true;
        }

        return path.EndsWith("/messages", StringComparison.Ordinal) && path.Contains("/threads/", StringComparison.Ordinal);
    }

    // Ends that others may have, too, are taken only at hosts that are known.
    private static bool IsTrusted(ModelApiKind kind, ResponseOrigin origin) =>
        origin.Provider is not null
        || kind
            is not (
                ModelApiKind.Bedrock
                or ModelApiKind.Vectors
                or ModelApiKind.Pictures
                or ModelApiKind.Speech
                or ModelApiKind.Hearing
                or ModelApiKind.Jobs
            );
}

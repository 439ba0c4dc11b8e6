namespace FakeProvider;

/// <summary>What the provider does with one request. The default answers with four pieces of text, a token each.</summary>
public sealed record Script
{
    /// <summary>An answer as it should be.</summary>
    public static readonly Script Normal = new();

    /// <summary>The model that the answer names; null for the one that was asked for. Providers name a dated snapshot.</summary>
    public string? Model { get; init; }

    /// <summary>All tokens of the prompt, cached ones among them.</summary>
    public long InputTokens { get; init; } = 12;

    /// <summary>Those of them that were read from a cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Those of them that were written to a cache.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>Tokens that are thought before the first piece, and never seen.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>The text, in the pieces in which a stream sends it.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = ["Hello", ", ", "world", "."];

    /// <summary>How many tokens each piece is.</summary>
    public long TokensPerPiece { get; init; } = 1;

    /// <summary>A tool that the model calls in place of giving text; its arguments are sent in pieces as text is.</summary>
    public string? Tool { get; init; }

    /// <summary>The service tier that was served; null for the standard one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Whether the answer says what it used.</summary>
    public bool TellsUsage { get; init; } = true;

    /// <summary>Whether each piece of a stream of OpenAI's chat says what was used so far, as some servers do that speak like it.</summary>
    public bool TellsUsageAsItGoes { get; init; }

    /// <summary>Whether generation fails behind the last piece, after the answer has begun.</summary>
    public bool Fails { get; init; }

    /// <summary>The status of the answer; other than 200 it is an error, and nothing is billed.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Whether it knows nothing of <c>stream_options</c>, and refuses a request that has it.</summary>
    public bool RefusesStreamOptions { get; init; }

    /// <summary>What an error says in <c>Retry-After</c>, in seconds; null for nothing.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The connection is broken when so many bytes of the body are sent; null for never.</summary>
    public int? CutAfterBytes { get; init; }

    /// <summary>Whether a cut ends the body in order, as something between does that lost the rest, and breaks no connection.</summary>
    public bool CutsInOrder { get; init; }

    /// <summary>Whether it never answers. What it would have answered is generated all the same.</summary>
    public bool Hangs { get; init; }

    /// <summary>Is waited for before each piece of a stream, which has its number from 0, or, with -1, before an answer begins.</summary>
    public Func<int, CancellationToken, Task>? Before { get; init; }

    /// <summary>Scripts that a client in another process or language asks for by the header <c>fake-script</c>.</summary>
    public static readonly IReadOnlyDictionary<string, Script> Named = new Dictionary<string, Script>
    {
        ["normal"] = Normal,
        ["cached"] = new() { CachedTokens = 8 },
        ["reasoning"] = new() { ReasoningTokens = 20 },
        ["tool"] = new() { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] },
        ["failed"] = new() { Fails = true },
        ["cut"] = new() { CutAfterBytes = 600 },
        ["limited"] = Error(429, retryAfterSeconds: 0),
        ["broken"] = Error(500),
        ["slow"] = new() { Before = (_, gone) => Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, gone) },
        ["silent"] = new() { Hangs = true },
    };

    /// <summary>A script that answers with an error.</summary>
    public static Script Error(int status, int? retryAfterSeconds = null) =>
        new() { Status = status, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>A script whose answer has so many pieces, a token each.</summary>
    public static Script OfTokens(int count) => new() { Pieces = [.. Enumerable.Repeat("word ", count)] };
}

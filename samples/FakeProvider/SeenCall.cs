using System.Text.Json.Nodes;

namespace FakeProvider;

/// <summary>How a call ended, as the provider sees it.</summary>
public enum SeenEnd
{
    /// <summary>It is still going on.</summary>
    Open,

    /// <summary>The whole answer was sent.</summary>
    Answered,

    /// <summary>An error was answered.</summary>
    Refused,

    /// <summary>The script cut the answer.</summary>
    Cut,

    /// <summary>The caller went away.</summary>
    Abandoned,
}

/// <summary>A request that the provider saw, and what it bills for it.</summary>
public sealed class SeenCall
{
    internal SeenCall(string path, string body, IReadOnlyDictionary<string, string> headers)
    {
        Path = path;
        Body = body;
        Headers = headers;
    }

    /// <summary>The path of the address, with its query.</summary>
    public string Path { get; }

    /// <summary>The body as it came.</summary>
    public string Body { get; }

    /// <summary>Headers by their names in lower case; what proves who is calling is left out.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The body as JSON.</summary>
    public JsonNode? Json => JsonNode.Parse(Body);

    /// <summary>How it ended.</summary>
    public SeenEnd End { get; internal set; }

    /// <summary>What is billed for, so far.</summary>
    public TokenCount Count { get; internal set; }

    /// <summary>The bill, in dollars.</summary>
    public decimal Cost { get; internal set; }
}

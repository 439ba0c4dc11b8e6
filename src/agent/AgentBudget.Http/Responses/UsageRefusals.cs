namespace AgentBudget.Http.Responses;

/// <summary>Hosts that refuse a stream that is told to say what it used, for the whole process: they are not asked again.</summary>
internal static class UsageRefusals
{
    /// <summary>The most hosts that are known.</summary>
    public const int Most = 256;

    private const int MostBytes = 64 * 1024;

    private static readonly Lock Gate = new();
    private static readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase);

    public static bool Knows(Uri address)
    {
        lock (Gate)
            return Hosts.Contains(address.Authority);
    }

    /// <summary>Remembers a host.</summary>
    /// <returns>Whether it is new.</returns>
    public static bool Remember(Uri address)
    {
        lock (Gate)
            return Hosts.Count < Most && Hosts.Add(address.Authority);
    }

    /// <summary>Whether an error can be about that, for it names what was added; it can be read all the same.</summary>
    public static async Task<bool> IsItAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if ((int)response.StatusCode is not (400 or 422))
            return false;
        var peeked = await PeekedContent.ReadAsync(response.Content, MostBytes, cancellationToken);
        response.Content = peeked;
        return peeked.Begin.IndexOf("stream_options"u8) >= 0 || peeked.Begin.IndexOf("include_usage"u8) >= 0;
    }
}

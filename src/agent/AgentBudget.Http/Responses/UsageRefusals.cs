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

    public static void Remember(Uri address)
    {
        lock (Gate)
        {
            if (Hosts.Count < Most)
                Hosts.Add(address.Authority);
        }
    }

    /// <summary>Whether an error is about that; it can be read all the same.</summary>
    public static async Task<bool> IsItAsync(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (400 or 422))
            return false;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes);
            var error = await response.Content.ReadAsStringAsync();
            return error.Contains("stream_options", StringComparison.Ordinal) || error.Contains("include_usage", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException)
        {
            return false;
        }
    }
}

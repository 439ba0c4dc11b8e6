namespace AgentBudget.Client.Calls;

/// <summary>What is known of a stream besides what it said: how long it ran, and what it was estimated at.</summary>
/// <param name="Elapsed">From the request to the cut.</param>
/// <param name="InputTokens">The most prompt tokens; zero where only a sum was estimated.</param>
/// <param name="MaxOutputTokens">The cap on the output; null for none.</param>
/// <param name="TokensPerSecond">What can be generated in a second where the price table does not say.</param>
internal readonly record struct StreamBound(TimeSpan Elapsed, long InputTokens, long? MaxOutputTokens, long TokensPerSecond)
{
    /// <summary>How long a provider takes to notice that its reader has closed the connection: it generates, and bills, for as
    /// long.</summary>
    public static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(1);

    /// <summary>Whether the user has what was seen counted, and nothing for what was not.</summary>
    public bool CountsSeenTextAlone { get; init; }

    /// <summary>What the call could use at most beside text and pictures; any of it can have been used unseen.</summary>
    public TokenUsage Beside { get; init; }

    /// <summary>The most that a stream can have used which said this much of its usage.</summary>
    /// <param name="said">What it said.</param>
    /// <param name="outputTokens">Output at most, what it said included.</param>
    public TokenUsage Over(in TokenUsage said, long outputTokens)
    {
        // What a search brings is read as input, after the stream has said what it began with.
        var searches = Beside.WebSearches > 0 || said.WebSearches > 0;
        var most = said with
        {
            Input = searches ? Math.Max(said.Input, InputTokens) : said.Input,
            Output = outputTokens,
            OutputAudio = Math.Max(said.OutputAudio, Math.Min(Beside.OutputAudio, outputTokens - said.OutputImage)),
        };
        foreach (var row in RateDimensions.All)
        {
            if (row.Unit != RateUnit.PerMillionTokens && row.Charges is { } count)
                most = most.With(count, Math.Max(said[count], Beside[count]));
        }

        return most;
    }

    /// <summary>What can have been generated without being seen; null where the provider may go on after the cut.</summary>
    public long? UnseenTokens(StreamCut? cut)
    {
        if (CountsSeenTextAlone)
            return 0;
        if (cut is not { StopsGeneration: true })
            return null;
        var rate = cut.MostTokensPerSecond ?? TokensPerSecond;
        return (long)Math.Ceiling((Math.Max(Elapsed.Ticks, 0) + NoticedAfter.Ticks) / (decimal)TimeSpan.TicksPerSecond * rate);
    }
}

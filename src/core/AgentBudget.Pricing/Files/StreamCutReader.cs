namespace AgentBudget.Pricing.Files;

/// <summary>Reads <c>stream_cut</c> of a price file.</summary>
internal static class StreamCutReader
{
    public static StreamCut? Read(JsonObjectReader provider)
    {
        if (provider.OptionalObject("stream_cut") is not { } reader)
            return null;
        var stops = reader.OptionalFlag("stops_generation");
        if (stops is null)
            reader.Report("\"stops_generation\" is missing.");
        var rate = reader.OptionalCount("most_tokens_per_second");
        if (rate is > StreamCut.MaxTokensPerSecond)
            reader.Report($"\"most_tokens_per_second\" must be 1 to {StreamCut.MaxTokensPerSecond}.");
        var source = RowReader.ReadSource(reader);
        var retrieved = RowReader.ReadDay(reader);
        reader.RefuseTheRest();
        return stops is { } known && source is not null && retrieved is { } day ? new StreamCut(known, rate, source, day) : null;
    }
}

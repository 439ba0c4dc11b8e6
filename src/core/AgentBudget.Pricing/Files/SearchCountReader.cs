namespace AgentBudget.Pricing.Files;

/// <summary>Reads how many web searches one request is billed for, whatever it made.</summary>
internal static class SearchCountReader
{
    public static int ReadMin(JsonObjectReader reader, Rates rates)
    {
        if (reader.OptionalCount("min_web_searches") is not { } count)
            return 0;
        if (count is < 1 or > PriceRow.MaxMinWebSearches)
        {
            reader.Report($"\"min_web_searches\" must be a whole number from 1 to {PriceRow.MaxMinWebSearches}; leave it out for none.");
            return 0;
        }

        if (rates[RateDimension.WebSearch] is null)
            reader.Report("\"min_web_searches\" needs \"web_search\" in \"usd_each\": what one of them costs.");
        return (int)count;
    }

    public static long? ReadMax(JsonObjectReader reader)
    {
        if (reader.OptionalCount("max_web_searches") is not { } count)
            return null;
        if (count is >= 1 and <= PriceRow.MaxMinWebSearches)
            return count;
        reader.Report($"\"max_web_searches\" must be a whole number from 1 to {PriceRow.MaxMinWebSearches}; leave it out for no bound.");
        return null;
    }
}

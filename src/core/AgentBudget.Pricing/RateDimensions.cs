namespace AgentBudget;

/// <summary>One rate of a price row.</summary>
/// <param name="Dimension">Which.</param>
/// <param name="Name">Its name in price files.</param>
/// <param name="IsPerMillion">Whether it is in US dollars per million; otherwise in US dollars each.</param>
/// <param name="Parent">Whose rate it has where a row states none; null for none.</param>
/// <param name="Charges">The count of a usage that it charges for; null for the fee of the request itself.</param>
public sealed record RateDimensionRow(
    RateDimension Dimension,
    string Name,
    bool IsPerMillion,
    RateDimension? Parent,
    UsageDimension? Charges
);

/// <summary>All rates that a row can state, in the order of <see cref="RateDimension"/>. A new rate is a member there and a row
/// here.</summary>
public static class RateDimensions
{
    /// <summary>How many there are.</summary>
    public const int Count = (int)RateDimension.RerankSearch + 1;

    /// <summary>How many of them, the first ones, are per million.</summary>
    internal const int PerMillionCount = (int)RateDimension.Request;

    private static readonly RateDimensionRow[] Rows =
    [
        PerMillion(RateDimension.Input, null, UsageDimension.Input),
        PerMillion(RateDimension.Output, null, UsageDimension.Output),
        PerMillion(RateDimension.CacheRead, RateDimension.Input, UsageDimension.CacheRead),
        PerMillion(RateDimension.CacheWrite, RateDimension.Input, UsageDimension.CacheWrite),
        PerMillion(RateDimension.CacheWriteOneHour, RateDimension.CacheWrite, UsageDimension.CacheWriteOneHour),
        PerMillion(RateDimension.Reasoning, RateDimension.Output, UsageDimension.Reasoning),
        PerMillion(RateDimension.InputAudio, RateDimension.Input, UsageDimension.InputAudio),
        PerMillion(RateDimension.OutputAudio, RateDimension.Output, UsageDimension.OutputAudio),
        PerMillion(RateDimension.InputImage, RateDimension.Input, UsageDimension.InputImage),
        PerMillion(RateDimension.OutputImage, RateDimension.Output, UsageDimension.OutputImage),
        new(RateDimension.Request, "request", false, null, null),
        new(RateDimension.WebSearch, "web_search", false, null, UsageDimension.WebSearches),
        new(RateDimension.RerankSearch, "rerank_search", false, null, UsageDimension.RerankSearches),
    ];

    /// <summary>The rows.</summary>
    public static IReadOnlyList<RateDimensionRow> All => Rows;

    /// <summary>The row of a dimension.</summary>
    public static RateDimensionRow Of(RateDimension dimension) => Rows[(int)dimension];

    /// <summary>How a usage is taken apart: which count each rate charges for, and from which rate's part it is taken out.</summary>
    internal static ReadOnlySpan<UsagePart> Parts => PartsOfUsage;

    private static readonly UsagePart[] PartsOfUsage = [.. Rows.Where(row => row.Charges is not null).Select(PartOf)];

    // Tokens have one name, as a count and as a rate.
    private static RateDimensionRow PerMillion(RateDimension dimension, RateDimension? parent, UsageDimension charges) =>
        new(dimension, UsageDimensions.Of(charges).Name, true, parent, charges);

    private static UsagePart PartOf(RateDimensionRow row)
    {
        var charges = row.Charges!.Value;
        var whole = UsageDimensions.Of(charges).PartOf;
        return new(charges, (int)row.Dimension, whole is null ? -1 : Array.FindIndex(Rows, other => other.Charges == whole));
    }
}

/// <summary>One step of taking a usage apart.</summary>
/// <param name="Usage">The count.</param>
/// <param name="Rate">The index of the rate that charges for it.</param>
/// <param name="Whole">The index of the rate whose part it is taken out of; -1 for none.</param>
internal readonly record struct UsagePart(UsageDimension Usage, int Rate, int Whole);

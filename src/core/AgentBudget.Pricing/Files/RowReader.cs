using System.Globalization;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads one entry of <c>rows</c>.</summary>
internal static class RowReader
{
    private static volatile Uri? lastSource;

    private static readonly string[] MomentFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Reads a row, or answers null after reporting why it cannot be one.</summary>
    /// <param name="reader">The row.</param>
    /// <param name="provider">The provider of the file.</param>
    /// <param name="model">The id of the model that the row stands under.</param>
    /// <param name="maxOutputTokens">The model's cap.</param>
    /// <param name="rules">The rules of the provider.</param>
    public static PriceRow? Read(
        JsonObjectReader reader,
        string provider,
        string model,
        long? maxOutputTokens,
        IReadOnlyList<ProviderRule> rules
    )
    {
        var rates = RatesReader.Read(reader);
        var contextTiers = TierReader.ReadContextTiers(reader);
        var serviceTiers = TierReader.ReadServiceTiers(reader);
        var regions = TierReader.ReadRegions(reader);
        var (from, until) = ReadPeriod(reader);
        var window = WindowReader.Read(reader);
        var source = ReadSource(reader);
        var retrieved = ReadDay(reader);
        var note = reader.OptionalText("note");
        var minWebSearches = SearchCountReader.ReadMin(reader, rates);
        var maxWebSearches = SearchCountReader.ReadMax(reader);
        reader.RefuseTheRest();
        if (!IsPriced(reader, rates) || source is null || retrieved is null)
            return null;
        ProviderRule[] applied = [.. rules.Where(rule => rule.AppliesTo(model))];
        var filled = new FilledRow(rates, contextTiers, serviceTiers, regions).By(applied);
        maxWebSearches ??= applied.FirstOrDefault(rule => rule.MaxWebSearches is not null)?.MaxWebSearches;
        if (minWebSearches > maxWebSearches)
            reader.Report("\"max_web_searches\" must not be below \"min_web_searches\".");
        return new PriceRow(filled.Rates, filled.ContextTiers, filled.ServiceTiers)
        {
            Id = IdOf(provider, model, from, window),
            Provider = provider,
            Model = model,
            From = from,
            Until = until,
            DailyWindow = window,
            MaxOutputTokens = maxOutputTokens,
            RegionMultipliers = filled.Regions,
            MinWebSearches = minWebSearches,
            MaxWebSearches = maxWebSearches ?? long.MaxValue,
            Source = source,
            Retrieved = retrieved.Value,
            Note = note,
        };
    }

    private static (DateTimeOffset? From, DateTimeOffset? Until) ReadPeriod(JsonObjectReader reader)
    {
        var (from, until) = (ReadMoment(reader, "from"), ReadMoment(reader, "until"));
        if (from >= until)
            reader.Report("\"until\" must be after \"from\".");
        return (from, until);
    }

    private static bool IsPriced(JsonObjectReader reader, Rates rates)
    {
        if (StatesItsPrice(rates))
            return true;
        reader.Report(
            "\"usd_per_million_tokens\" must state \"input\" and \"output\", an explicit \"0\" is a price; without any token rate, "
                + "what is billed instead must be stated, such as \"input_characters\"."
        );
        return false;
    }

    // Tokens are either billed, with both rates, or not at all, and then something else is; half of it would be a hole.
    private static bool StatesItsPrice(Rates rates) =>
        (rates[RateDimension.Input], rates[RateDimension.Output]) switch
        {
            (not null, not null) => true,
            (null, null) => RateDimensions.All.All(row => row.Unit != RateUnit.PerMillionTokens || rates[row.Dimension] is null)
                && RateDimensions.All.Any(row => row.Charges is not null && rates[row.Dimension] is not null),
            _ => false,
        };

    private static string IdOf(string provider, string model, DateTimeOffset? from, DailyWindow? window)
    {
        var id = $"{provider}/{model}";
        if (from is { } moment)
            id +=
                "@"
                + moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? MomentFormats[0] : MomentFormats[1], CultureInfo.InvariantCulture);
        return window is { } daily ? id + "~" + daily.Start.ToString("HH:mm", CultureInfo.InvariantCulture) : id;
    }

    private static DateTimeOffset? ReadMoment(JsonObjectReader reader, string name)
    {
        if (reader.OptionalText(name) is not { } text)
            return null;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, MomentFormats, CultureInfo.InvariantCulture, utc, out var moment))
            return moment;
        reader.Report($"\"{name}\" must be a UTC day such as 2026-08-01 or a UTC time such as 2026-08-01T16:30:00Z.");
        return null;
    }

    public static Uri? ReadSource(JsonObjectReader reader)
    {
        if (reader.RequiredText("source") is not { } text)
            return null;
        // Most rows of a file were read at one address, and making a Uri costs as much as reading the rest of the row.
        if (lastSource is { } last && last.OriginalString == text)
            return last;
        if (Uri.TryCreate(text, UriKind.Absolute, out var source) && source.Scheme == Uri.UriSchemeHttps)
            return lastSource = source;
        reader.Report("\"source\" must be the https address at which the price can be read.");
        return null;
    }

    public static DateOnly? ReadDay(JsonObjectReader reader)
    {
        if (reader.RequiredText("retrieved") is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        reader.Report("\"retrieved\" must be a day such as 2026-08-01.");
        return null;
    }
}

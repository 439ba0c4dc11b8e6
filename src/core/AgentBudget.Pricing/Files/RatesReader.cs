using System.Globalization;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads <c>usd_per_million_tokens</c> and <c>usd_each</c>: decimal strings, never JSON numbers, which some writers
/// round.</summary>
internal static class RatesReader
{
    // With nine decimals and this bound the product with the largest token count is exact in a decimal.
    public const decimal MaxUsd = 1_000_000m;
    public const int MaxDecimals = 9;
    private const int MaxLength = 20;

    private static readonly (RateUnit Unit, RateDimensionRow[] Names)[] Units =
    [
        .. Enum.GetValues<RateUnit>().Select(unit => (unit, RateDimensions.All.Where(row => row.Unit == unit).ToArray())),
    ];

    /// <summary>Reads the rates that stand in a row or tier.</summary>
    /// <param name="container">The row or tier.</param>
    public static Rates Read(JsonObjectReader container)
    {
        var usd = new decimal?[RateDimensions.Count];
        foreach (var (unit, names) in Units)
            ReadInto(usd, container.OptionalObject(RateDimensions.ObjectOf(unit)), names);
        return new Rates(usd);
    }

    /// <summary>Reads fees alone.</summary>
    /// <param name="container">What they stand in.</param>
    public static Rates ReadFees(JsonObjectReader container)
    {
        var usd = new decimal?[RateDimensions.Count];
        ReadInto(usd, container.OptionalObject(RateDimensions.ObjectOf(RateUnit.Each)), Units[(int)RateUnit.Each].Names);
        return new Rates(usd);
    }

    /// <summary>Reads a decimal string: digits, at most one point, no sign and no exponent.</summary>
    public static decimal? ReadDecimal(JsonObjectReader container, string name)
    {
        if (container.OptionalText(name) is not { } text)
            return null;
        var decimals = text.Length - 1 - text.IndexOf('.');
        var isShort = text.Length <= MaxLength && (!text.Contains('.') || decimals is > 0 and <= MaxDecimals);
        if (
            isShort
            && char.IsAsciiDigit(text[0])
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= MaxUsd
        )
            return value;
        container.Report(
            $"\"{name}\" must be a decimal string such as \"2.50\": at most {MaxUsd} and {MaxDecimals} decimals, no sign, no exponent."
        );
        return null;
    }

    private static void ReadInto(decimal?[] usd, JsonObjectReader? container, RateDimensionRow[] names)
    {
        if (container is null)
            return;
        // By what is there and not by what could be: most objects state three rates of twenty, and a table holds thousands of them.
        foreach (var stated in container.PropertyNames)
        {
            var known = Array.FindIndex(names, name => name.Name == stated);
            if (known >= 0)
                usd[(int)names[known].Dimension] = ReadDecimal(container, stated);
        }

        container.RefuseTheRest();
    }
}

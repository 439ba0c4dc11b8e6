using System.Globalization;

namespace AgentBudget.Pricing.Tests.Table;

/// <summary>The embedded table against the prices that one collection listed in November 2026; what it is stands beside the list.</summary>
public sealed class NovemberPricesTests
{
    // A Saturday, on which DeepSeek has no peak hours.
    private static readonly DateTimeOffset OffPeak = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    // The list keeps the peak price for all hours.
    private static readonly string[] Different = ["deepseek/deepseek-flash", "deepseek/deepseek-v4-pro"];

    [Fact]
    public void Table_PricesOfNovember_AreEqualButForTwoOfPeakHours()
    {
        var stated = Listed().Where(line => line.Input != 0 || line.Output != 0).ToArray();
        Assert.Equal(864, stated.Length);
        Assert.Equal(Different, stated.Where(line => !IsEqual(line)).Select(line => line.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Table_ZerosOfNovember_AreRefusedOrZero()
    {
        var zeros = Listed().Where(line => line.Input == 0 && line.Output == 0).ToArray();
        var refused = zeros.Where(line => !PriceBook.Embedded.TryResolve(line.Provider, line.Model, OffPeak, out _)).ToArray();
        Assert.Equal(26, zeros.Length);
        Assert.Equal(10, refused.Length);
        Assert.All(zeros.Except(refused), line => Assert.True(IsEqual(line), line.Name));
    }

    private static bool IsEqual(ListedPrice line) =>
        PriceBook.Embedded.TryResolve(line.Provider, line.Model, OffPeak, out _)
        && CostOf(line, new TokenUsage(1000, 0)) == line.Input
        && CostOf(line, new TokenUsage(0, 1000)) == line.Output;

    private static decimal? CostOf(ListedPrice line, TokenUsage usage)
    {
        var priced = PriceBook.Embedded.Price(line.Provider, line.Model, OffPeak, usage);
        return priced.IsPriced ? priced.Cost.NanoDollars / 1_000_000m : null;
    }

    private static IEnumerable<ListedPrice> Listed()
    {
        using var stream = typeof(NovemberPricesTests).Assembly.GetManifestResourceStream("november-2026.csv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(ListedPrice.Read)];
    }

    private sealed record ListedPrice(string Provider, string Model, decimal Input, decimal Output)
    {
        public string Name => $"{Provider}/{Model}";

        public static ListedPrice Read(string line) =>
            line.Split(',') is [var provider, var model, var input, var output, _, _]
                ? new(
                    provider,
                    model,
                    decimal.Parse(input, CultureInfo.InvariantCulture),
                    decimal.Parse(output, CultureInfo.InvariantCulture)
                )
                : throw new InvalidDataException(line);
    }
}

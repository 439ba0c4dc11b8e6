namespace AgentBudget.Pricing.Tests.Table;

/// <summary>What a reviewer would otherwise have to check by eye. Loading the table already refuses ambiguous names and overlapping dates.</summary>
public class EmbeddedTableTests
{
    private static readonly RateDimension[] TokenDimensions =
    [
        RateDimension.Input, RateDimension.Output, RateDimension.CacheRead, RateDimension.CacheWrite, RateDimension.CacheWriteOneHour,
        RateDimension.Reasoning, RateDimension.InputAudio, RateDimension.OutputAudio,
    ];

    private static void AssertForEachRates(Action<PriceRow, Rates> check)
    {
        foreach (var row in PriceBook.Embedded.Rows)
        {
            check(row, row.Rates);
            foreach (var tier in row.ContextTiers.Concat(row.ServiceTiers.SelectMany(service => service.ContextTiers))) check(row, tier.Rates);
            foreach (var service in row.ServiceTiers) check(row, service.Rates);
        }
    }

    [Fact]
    public void Table_WhenLoaded_HoldsAllProviders() =>
        Assert.Equal(["anthropic", "google", "openai", "openrouter"], PriceBook.Embedded.Rows.Select(row => row.Provider).Distinct().Order());

    [Fact]
    public void Row_OfTheTable_HasAUniqueId() =>
        Assert.Empty(PriceBook.Embedded.Rows.GroupBy(row => row.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Row_OfTheTable_SaysWhereAndWhenItWasRead() =>
        Assert.All(PriceBook.Embedded.Rows, row =>
        {
            Assert.Equal(Uri.UriSchemeHttps, row.Source.Scheme);
            Assert.True(row.Retrieved >= new DateOnly(2026, 1, 1), row.Id);
        });

    [Fact]
    public void CacheRead_OfEveryRow_CostsAtMostInput() => AssertForEachRates((row, rates) =>
    {
        if (rates[RateDimension.CacheRead] is { } read && rates[RateDimension.Input] is { } input) Assert.True(read <= input, row.Id);
    });

    [Fact]
    public void CacheWrite_OfEveryRow_CostsAtLeastInputAndTheHourAtLeastAsMuch() => AssertForEachRates((row, rates) =>
    {
        if (rates[RateDimension.CacheWrite] is not { } write) return;
        Assert.True(write >= rates[RateDimension.Input], row.Id);
        Assert.True(rates[RateDimension.CacheWriteOneHour] is not { } hour || hour >= write, row.Id);
    });

    [Fact]
    public void Output_OfEveryRow_CostsAtLeastInput() => AssertForEachRates((row, rates) =>
        Assert.True(rates[RateDimension.Output] >= rates[RateDimension.Input], row.Id));

    [Fact]
    public void Rate_OfEveryRow_IsPlausible() => AssertForEachRates((row, rates) =>
        Assert.All(TokenDimensions, dimension => Assert.True(rates[dimension] is not { } usd || usd is > 0m and <= 600m, row.Id)));

    [Fact]
    public void ContextTier_OfEveryRow_RestatesItsTokenRatesAndIsDearer()
    {
        foreach (var row in PriceBook.Embedded.Rows)
        {
            Assert.All(row.ContextTiers, tier => Assert.All(TokenDimensions, dimension =>
                Assert.True(row.Rates[dimension] is not { } usd || tier.Rates[dimension] >= usd, $"{row.Id} {dimension}")));
        }
    }

    [Fact]
    public void ServiceTier_OfEveryRow_IsCheaperOrDearerAsItsNameSays()
    {
        foreach (var row in PriceBook.Embedded.Rows)
        {
            Assert.All(row.ServiceTiers, service =>
            {
                var isDiscount = service.Name is "batch" or "flex";
                var factor = service.Rates[RateDimension.Input] / row.Rates[RateDimension.Input];
                Assert.True(isDiscount ? factor is >= 0.2m and <= 1m : factor is >= 1m and <= 10m, $"{row.Id} {service.Name}");
            });
        }
    }

    [Fact]
    public void Price_WhenItChanges_MovesAtMostFivefold()
    {
        foreach (var rows in PriceBook.Embedded.Rows.GroupBy(row => (row.Provider, row.Model)))
        {
            var inOrder = rows.OrderBy(row => row.From ?? DateTimeOffset.MinValue).ToArray();
            for (var i = 1; i < inOrder.Length; i++)
            {
                var factor = inOrder[i].Rates[RateDimension.Input] / inOrder[i - 1].Rates[RateDimension.Input];
                Assert.True(factor is >= 0.2m and <= 5m, inOrder[i].Id);
                Assert.Equal(inOrder[i - 1].Until, inOrder[i].From);
            }
        }
    }

    [Theory]
    [InlineData("openai", "gpt-4o-2024-08-06", "2025-11-05")]
    [InlineData("openai", "gpt-5-2025-08-07", "2025-12-26")]
    [InlineData("anthropic", "claude-opus-4-6", "2026-02-11")]
    [InlineData("anthropic", "claude-sonnet-4-5-20250929", "2026-02-12")]
    [InlineData("anthropic", "claude-haiku-4-5-20251001", "2026-02-10")]
    [InlineData("google", "google/gemini-3-pro-preview", "2025-11-18")]
    [InlineData("google", "gemini-3-pro-preview", "2025-11-18")]
    [InlineData("openrouter", "meta-llama/llama-4-maverick", "2025-04-30")]
    public void Model_OfTheRecordedTraces_HasARowAtItsTime(string provider, string model, string day)
    {
        var at = new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", null), TimeOnly.MinValue, TimeSpan.Zero);
        Assert.True(PriceBook.Embedded.TryResolve(provider, model, at, out var row));
        Assert.NotNull(row.MaxOutputTokens);
    }
}

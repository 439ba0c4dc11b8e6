namespace AgentBudget.Pricing.Tests.Table;

/// <summary>What a reviewer would otherwise have to check by eye. Loading the table already refuses ambiguous names and overlapping
/// dates.</summary>
public class EmbeddedTableTests
{
    private static readonly string[] Providers =
    [
        "alibaba",
        "anthropic",
        "azure",
        "baseten",
        "bedrock",
        "cerebras",
        "cohere",
        "deepinfra",
        "deepseek",
        "fireworks",
        "google",
        "google-vertex",
        "groq",
        "minimax",
        "mistral",
        "moonshot",
        "nebius",
        "novita",
        "openai",
        "openrouter",
        "ovhcloud",
        "perplexity",
        "together",
        "voyage",
        "xai",
        "zai",
    ];

    private static readonly RateDimension[] TokenDimensions =
    [
        .. Enum.GetValues<RateDimension>()
            .Where(dimension => dimension is not (RateDimension.Request or RateDimension.WebSearch or RateDimension.RerankSearch)),
    ];

    private static IEnumerable<Rates> SheetsOf(PriceRow row) =>
        [
            row.Rates,
            .. row.ContextTiers.Select(tier => tier.Rates),
            .. row.ServiceTiers.Select(service => service.Rates),
            .. row.ServiceTiers.SelectMany(service => service.ContextTiers).Select(tier => tier.Rates),
        ];

    [Fact]
    public void Table_WhenLoaded_HoldsAllProviders() =>
        Assert.Equal(Providers, PriceBook.Embedded.Rows.Select(row => row.Provider).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Table_WhenLoaded_HoldsTwoThousandModels() =>
        Assert.True(PriceBook.Embedded.Rows.Select(row => (row.Provider, row.Model)).Distinct().Count() >= 2_000);

    [Fact]
    public void Row_OfTheTable_HasAUniqueId() =>
        Assert.Empty(PriceBook.Embedded.Rows.GroupBy(row => row.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Row_OfTheTable_HasAnIdThatALedgerEntryCanHold() =>
        Assert.All(PriceBook.Embedded.Rows, row => Assert.InRange(row.Id.Length, 1, AgentBudget.Bounds.NameLength * 2));

    [Fact]
    public void Row_OfTheTable_SaysWhereAndWhenItWasRead() =>
        Assert.All(
            PriceBook.Embedded.Rows,
            row =>
            {
                Assert.Equal(Uri.UriSchemeHttps, row.Source.Scheme);
                Assert.True(row.Retrieved >= new DateOnly(2026, 1, 1), row.Id);
            }
        );

    [Fact]
    public void Oddities_OfTheTable_AreThoseThatWereAccepted()
    {
        using var stream = typeof(EmbeddedTableTests).Assembly.GetManifestResourceStream("accepted-oddities.txt");
        using var reader = new StreamReader(Assert.IsAssignableFrom<Stream>(stream));
        var accepted = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // A new one is a mistake in a source, or goes on the list with the change that brings it.
        Assert.Equal(accepted.Order(StringComparer.Ordinal), PriceBook.Embedded.FindOddities().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rate_OfEveryRow_IsPlausible() =>
        Assert.All(
            PriceBook.Embedded.Rows,
            row =>
                Assert.All(
                    SheetsOf(row),
                    rates =>
                        Assert.All(
                            TokenDimensions,
                            dimension => Assert.True(rates[dimension] is not { } usd || usd is >= 0m and <= 1000m, $"{row.Id} {dimension}")
                        )
                )
        );

    [Fact]
    public void Price_OfZero_IsOfAFreeVariantAnEmbeddingsOutputOrModeration()
    {
        var free = PriceBook
            .Embedded.Rows.Where(row => row.Rates[RateDimension.Input] is 0 && row.Rates[RateDimension.Output] is 0)
            .ToArray();

        Assert.All(
            free,
            row =>
                Assert.True(
                    row.Rates[RateDimension.RerankSearch] > 0 || row.Rates[RateDimension.Request] > 0 || row.Names.Any(IsFreeByName),
                    row.Id
                )
        );
    }

    // Two sources have to say so before a price is zero; these are what they are right about.
    private static bool IsFreeByName(string name) =>
        name.EndsWith(":free", StringComparison.Ordinal)
        || name
            is "openrouter/free"
                or "omni-moderation"
                or "gemma-3-27b-it"
                or "gemma-4-26b-a4b-it"
                or "gemma-4-31b-it"
                or "labs-devstral-small-2512"
                or "glm-4.5-flash"
                or "glm-4.7-flash";

    [Fact]
    public void ContextTier_OfEveryRow_IsAtLeastAsDear()
    {
        foreach (var row in PriceBook.Embedded.Rows)
        {
            RateDimension[] dimensions = [RateDimension.Input, RateDimension.Output, RateDimension.CacheRead];
            Assert.All(
                row.ContextTiers,
                tier =>
                    Assert.All(
                        dimensions,
                        dimension =>
                            Assert.True(tier.Rates[dimension] is not { } usd || usd >= (row.Rates[dimension] ?? 0), $"{row.Id} {dimension}")
                    )
            );
        }
    }

    [Fact]
    public void Price_WhenItChanges_LeavesNoGap()
    {
        foreach (var rows in PriceBook.Embedded.Rows.Where(row => row.DailyWindow is null).GroupBy(row => (row.Provider, row.Model)))
        {
            var inOrder = rows.OrderBy(row => row.From ?? DateTimeOffset.MinValue).ToArray();
            Assert.Null(inOrder[0].From);
            Assert.Null(inOrder[^1].Until);
            for (var i = 1; i < inOrder.Length; i++)
                Assert.Equal(inOrder[i - 1].Until, inOrder[i].From);
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

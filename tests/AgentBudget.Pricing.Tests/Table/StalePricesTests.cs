namespace AgentBudget.Pricing.Tests.Table;

public sealed class StalePricesTests
{
    private static readonly DateTimeOffset Newest = new(PriceBook.Embedded.NewestDay, TimeOnly.MinValue, TimeSpan.Zero);

    [Fact]
    public void NewestDay_OfTheEmbeddedTable_IsFoundWithoutLoadingItAndBeginsItsVersion()
    {
        Assert.Equal(PriceBook.Embedded.NewestDay, PriceBook.EmbeddedDay);
        Assert.StartsWith($"{PriceBook.EmbeddedDay:yyyy-MM-dd}.", PriceBook.Embedded.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Book_IsStale_AfterFortyFiveDaysOrWhatIsSaid()
    {
        Assert.False(PriceBook.Embedded.IsStale(Newest.AddDays(45)));
        Assert.True(PriceBook.Embedded.IsStale(Newest.AddDays(45).AddSeconds(1)));
        Assert.False(PriceBook.Embedded.IsStale(Newest.AddDays(90), TimeSpan.FromDays(90)));
        Assert.False(PriceBook.Embedded.IsStale(Newest.AddYears(-3)));
    }

    [Fact]
    public void Book_WithANewerLayer_IsAsOldAsThat()
    {
        var newer = PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                """
                { "provider": "acme", "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "1", "output": "2" },
                  "source": "https://example.com", "retrieved": "2030-01-01" } ] } ] }
                """
            )
        );
        Assert.Equal(new DateOnly(2030, 1, 1), PriceBook.Embedded.Layer(newer).NewestDay);
    }

    private static PriceBook Of(string head, string model = "") =>
        PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                $$"""
                { "provider": "acme", {{head}} "models": [ { "model": "m", {{model}} "rows": [ { "usd_per_million_tokens": { "input": "1", "output": "2" },
                  "source": "https://example.com", "retrieved": "2027-02-01" } ] } ] }
                """
            )
        );

    // A file of one's own of today silenced the warning about a table of the year before.
    [Theory]
    [InlineData("", "", true)]
    [InlineData("\"import\": {},", "", false)]
    [InlineData("\"import\": {},", "\"kept_by_hand\": \"a contract\",", true)]
    public void Layer_OfOnesOwn_MakesNoTableYoung_AndOneThatAnUpdateWroteDoes(string head, string model, bool isStale)
    {
        var book = PriceBook.Embedded.Layer(Of(head, model));
        var now = new DateTimeOffset(2027, 2, 1, 12, 0, 0, TimeSpan.Zero);

        Assert.Equal(isStale, book.IsStale(now));
        Assert.Equal(isStale ? PriceBook.EmbeddedDay : new DateOnly(2027, 2, 1), book.NewestDayAt(now));
        Assert.StartsWith("2027-02-01.", book.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_OfNamesAndOfFilesAlone_IsAsOldAsItsRows()
    {
        var now = new DateTimeOffset(2027, 2, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.False(Of("").IsStale(now));
        Assert.True(PriceBook.Embedded.WithName("openai", "ours", "gpt-5").IsStale(now));
    }

    // A row for a price that is announced made the whole table young for years.
    [Fact]
    public void Row_DatedAhead_MakesNoTableYoung()
    {
        var announced = PriceBook.Parse(
            PriceFile.FromText(
                "acme.json",
                """
                { "provider": "acme", "import": {}, "models": [ { "model": "m", "rows": [ { "from": "2030-01-01", "usd_per_million_tokens": { "input": "1", "output": "2" },
                  "source": "https://example.com", "retrieved": "2030-01-01" } ] } ] }
                """
            )
        );
        var book = PriceBook.Embedded.Layer(announced);

        Assert.Equal(PriceBook.EmbeddedDay, book.NewestDayAt(Newest.AddDays(46)));
        Assert.False(book.IsStale(Newest.AddDays(45)));
        Assert.True(book.IsStale(Newest.AddDays(46)));
        Assert.False(book.IsStale(new DateTimeOffset(2030, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        Assert.True(announced.NewestDayAt(Newest) == announced.NewestDay);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(4000)]
    public void StaleAfter_OutOfItsRange_IsRefused(int days) =>
        Assert.Throws<ArgumentException>(() => new LivePricesOptions { StaleAfter = TimeSpan.FromDays(days) }.Validate());

    [Fact]
    public void StaleAfter_Never_IsAllowed() => new LivePricesOptions { StaleAfter = Timeout.InfiniteTimeSpan }.Validate();

    [Theory]
    [InlineData("nosuch", "gpt-5", "The price table has no provider of that name. No row ")]
    [InlineData("openai", "gpt-99", "No row ")]
    [InlineData(" ", "gpt-99", "No row ")]
    [InlineData("openai", " ", "The call names no model. No row ")]
    [InlineData(null, null, "The call names no model. No row ")]
    public void UnknownModel_SaysWhatIsWrongWithTheCall(string? provider, string? model, string beginning) =>
        Assert.StartsWith(
            beginning,
            PriceBook.Embedded.Price(provider, model, Newest, new TokenUsage(1, 1)).Detail,
            StringComparison.Ordinal
        );

    [Fact]
    public void UnknownModel_NamesTheWaysOut()
    {
        var priced = PriceBook.Embedded.Price(null, "no-such-model", Newest, new TokenUsage(1, 1));
        Assert.Contains("Prices:Names", priced.Detail, StringComparison.Ordinal);
        Assert.Contains("agentbudget pricing update", priced.Detail, StringComparison.Ordinal);
        Assert.Contains("Prices:Models", priced.Detail, StringComparison.Ordinal);
    }
}

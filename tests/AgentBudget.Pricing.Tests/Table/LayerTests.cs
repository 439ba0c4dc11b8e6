namespace AgentBudget.Pricing.Tests.Table;

public class LayerTests
{
    private static readonly PriceBook User = PriceBook.Parse(
        TestBook.File("openai", "", TestBook.Model("gpt-4o", TestBook.FlatRow("7", """ "from": "2026-01-01" """))),
        TestBook.File("azure", """ "provider_aliases": ["our-azure"] """, TestBook.Model("our-deployment", TestBook.FlatRow("8")))
    );

    private static readonly PriceBook Layered = PriceBook.Embedded.Layer(User);

    [Theory]
    [InlineData("openai", "gpt-4o", "openai/gpt-4o@2026-01-01")]
    [InlineData(null, "gpt-4o", "openai/gpt-4o@2026-01-01")]
    [InlineData("openrouter", "openai/gpt-4o", "openrouter/openai/gpt-4o")]
    [InlineData("openrouter", "openai/o3", "openrouter/openai/o3")]
    [InlineData("openai", "gpt-4o-2024-08-06", "openai/gpt-4o")]
    [InlineData("openai", "gpt-4.1", "openai/gpt-4.1")]
    [InlineData("azure", "our-deployment", "azure/our-deployment")]
    [InlineData("our-azure", "azure/our-deployment", "azure/our-deployment")]
    [InlineData(null, "our-deployment", "azure/our-deployment")]
    [InlineData("azure", "gpt-4o", "azure/gpt-4o")]
    public void Layer_OnTop_WinsForTheNamesItKnowsAndNoOthers(string? provider, string model, string? rowId) =>
        Assert.Equal(rowId, Layered.RowId(provider, model));

    [Fact]
    public void Layer_BeforeItsRowBegins_LeavesTheLowerRow()
    {
        Assert.True(Layered.TryResolve("openai", "gpt-4o", new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero), out var row));
        Assert.Equal("openai/gpt-4o", row.Id);
    }

    [Fact]
    public void Layer_OnTop_ChangesNeitherBook()
    {
        Assert.Equal("openai/gpt-4o", PriceBook.Embedded.RowId("openai", "gpt-4o"));
        Assert.Null(User.RowId("openai", "gpt-4.1"));
    }

    [Fact]
    public void Version_OfLayers_DiffersFromBothAndRepeats()
    {
        Assert.NotEqual(PriceBook.Embedded.Version, Layered.Version);
        Assert.NotEqual(User.Version, Layered.Version);
        Assert.NotEqual(User.Layer(PriceBook.Embedded).Version, Layered.Version);
        Assert.Equal(PriceBook.Embedded.Layer(User).Version, Layered.Version);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}\\.[0-9a-f]{12}$", Layered.Version);
    }

    [Fact]
    public void Version_OfTheSameFiles_DoesNotDependOnTheirOrder()
    {
        var model = TestBook.Model("m", TestBook.FlatRow("1"));
        PriceFile[] files = [TestBook.File("a", "", model), TestBook.File("b", "", model)];

        Assert.Equal(PriceBook.Parse(files).Version, PriceBook.Parse(files[1], files[0]).Version);
        Assert.NotEqual(PriceBook.Parse(files).Version, PriceBook.Parse(files[0]).Version);
    }

    [Fact]
    public void Layers_BeyondTheMost_AreRefused()
    {
        var book = User;
        for (var i = 1; i < PriceBook.MaxLayers; i++)
            book = book.Layer(User);
        Assert.Throws<ArgumentException>(() => book.Layer(User));
    }
}

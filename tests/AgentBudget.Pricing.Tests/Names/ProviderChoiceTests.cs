namespace AgentBudget.Pricing.Tests.Names;

public class ProviderChoiceTests
{
    private static readonly PriceBook Book = PriceBook.Parse(
        TestBook.File(
            "maker",
            """ "first_party": true """,
            TestBook.Model("shared", TestBook.FlatRow("10")),
            TestBook.Model("own", """ "aliases": ["also-own"], "dated_names": ["own"] """, [TestBook.FlatRow("10")])
        ),
        TestBook.File(
            "router",
            """ "sells_at_list_price": true """,
            TestBook.Model("shared", TestBook.FlatRow("11")),
            TestBook.Model("resold", TestBook.FlatRow("11")),
            TestBook.Model("model:free", TestBook.FlatRow("0")),
            TestBook.Model("model", TestBook.FlatRow("3")),
            TestBook.Model("maker/dear", TestBook.FlatRow("99"))
        ),
        TestBook.File("reseller", "", TestBook.Model("shared", TestBook.FlatRow("12")), TestBook.Model("resold", TestBook.FlatRow("12")))
    );

    [Theory]
    [InlineData("maker", "shared", "maker/shared")]
    [InlineData("router", "shared", "router/shared")]
    [InlineData("reseller", "shared", "reseller/shared")]
    [InlineData(null, "shared", "maker/shared")]
    [InlineData(null, "router/shared", "router/shared")]
    public void Name_SoldByMany_IsTheNamedProvidersOrElseTheMakers(string? provider, string model, string rowId) =>
        Assert.Equal(rowId, Book.RowId(provider, model));

    [Fact]
    public void Name_SoldByResellersOnly_IsUnknownWithoutAProvider()
    {
        var priced = Book.Price(null, "resold", TestBook.Noon, default);

        Assert.Equal(PriceProblem.UnknownModel, priced.Problem);
        Assert.Equal(["reseller/resold", "router/resold"], priced.Candidates.Order().Take(2));
    }

    [Theory]
    [InlineData("router", "maker/own", "maker/own")]
    [InlineData("router", "router/maker/own-20260101", "maker/own")]
    [InlineData(null, "router/maker/also-own", "maker/own")]
    [InlineData("router", "maker/dear", "router/maker/dear")]
    [InlineData(null, "maker/dear", "router/maker/dear")]
    [InlineData("reseller", "maker/own", null)]
    [InlineData("router", "reseller/shared", null)]
    public void VendorPrefix_AtARouter_IsPassedOnOnlyToAFirstParty(string? provider, string model, string? rowId) =>
        Assert.Equal(rowId, Book.RowId(provider, model));

    [Theory]
    [InlineData("model", "router/model")]
    [InlineData("model:free", "router/model:free")]
    [InlineData("shared:free", null)]
    public void FreeVariant_WithoutARow_IsUnknown(string model, string? rowId) => Assert.Equal(rowId, Book.RowId("router", model));

    [Theory]
    [InlineData("own-2026-01-31", "maker/own")]
    [InlineData("own-0131", "maker/own")]
    [InlineData("own-001", "maker/own")]
    [InlineData("own-latest", "maker/own")]
    [InlineData("also-own-2026-01-31", null)]
    [InlineData("shared-2026-01-31", null)]
    public void DateSuffix_OnANameNotListedForIt_IsUnknown(string model, string? rowId) => Assert.Equal(rowId, Book.RowId("maker", model));
}

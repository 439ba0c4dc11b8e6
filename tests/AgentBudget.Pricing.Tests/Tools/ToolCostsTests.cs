namespace AgentBudget.Pricing.Tests.Tools;

public class ToolCostsTests
{
    private static ToolCosts Registry(params (string Name, ToolCost Cost)[] costs) =>
        new(costs.Select(entry => KeyValuePair.Create(entry.Name, entry.Cost)));

    [Fact]
    public void Tool_OfAFixedPriceOrFree_CostsTheSameBeforeAndAfter()
    {
        var costs = Registry(("web_search", ToolCost.Fixed("0.01")), ("read_file", ToolCost.Free));

        Assert.Equal(Money.Parse("0.01"), costs.Find(" Web_Search ")!.Before(null));
        Assert.Equal(Money.Parse("0.01"), costs.Find("web_search")!.After("{}", "result"));
        Assert.Equal(Money.Zero, costs.Find("read_file")!.Before("{}"));
    }

    [Fact]
    public void Tool_ThatNobodyListed_HasNoPrice()
    {
        Assert.Null(Registry(("web_search", ToolCost.Free)).Find("web_searches"));
        Assert.Null(ToolCosts.None.Find(null));
    }

    [Fact]
    public void Tool_WithAnEstimator_CostsByArgumentsBeforeAndByResultAfter()
    {
        var scrape = ToolCost.Estimated(
            arguments => Money.FromNanoDollars(1_000_000 * arguments!.Length),
            (_, result) => Money.FromNanoDollars(1_000_000 * ((string)result!).Length)
        );

        Assert.Equal(Money.Parse("0.005"), scrape.Before("12345"));
        Assert.Equal(Money.Parse("0.002"), scrape.After("12345", "ab"));
        Assert.Equal(
            Money.Parse("0.003"),
            ToolCost.Estimated(arguments => Money.FromNanoDollars(1_000_000 * arguments!.Length)).After("123", null)
        );
    }

    [Fact]
    public void Estimator_GivingANegativeAmount_IsRefused()
    {
        var cost = ToolCost.Estimated(_ => -Money.Parse("1"), (_, _) => -Money.Parse("1"));
        Assert.Throws<ArgumentOutOfRangeException>(() => cost.Before(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => cost.After(null, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => ToolCost.Fixed(-Money.Parse("1")));
    }

    [Fact]
    public void Layer_OnTop_WinsForTheToolsItKnows()
    {
        var layered = Registry(("a", ToolCost.Fixed("1")), ("b", ToolCost.Fixed("2"))).Layer(Registry(("B", ToolCost.Free)));

        Assert.Equal(Money.Parse("1"), layered.Find("a")!.Before(null));
        Assert.Equal(Money.Zero, layered.Find("b")!.Before(null));
    }

    [Fact]
    public void File_OfTools_IsRead()
    {
        var costs = ToolCosts.Parse(
            PriceFile.FromText(
                "tools.json",
                """{ "tools": [ { "tool": "web_search", "usd_per_call": "0.01", "note": "list price" }, { "tool": "clock", "usd_per_call": "0" } ] }"""
            )
        );

        Assert.Equal(Money.Parse("0.01"), costs.Find("web_search")!.Before(null));
        Assert.Equal(Money.Zero, costs.Find("clock")!.Before(null));
    }

    [Theory]
    [InlineData("""{ "tools": [ { "tool": "a", "usd_per_call": 1 } ] }""", "must be text")]
    [InlineData("""{ "tools": [ { "tool": "a", "usd_per_call": "-1" } ] }""", "negative")]
    [InlineData("""{ "tools": [ { "tool": "a" } ] }""", "\"usd_per_call\" is missing")]
    [InlineData("""{ "tools": [ { "tool": "a", "usd_per_call": "1" }, { "tool": "A", "usd_per_call": "2" } ] }""", "twice")]
    [InlineData("""{ "tools": [ { "tool": "a", "usd_per_call": "1", "free": true } ] }""", "not a known property")]
    [InlineData("[]", "must be an object")]
    [InlineData("{", "is not JSON")]
    public void File_WithAMistake_IsRefused(string json, string because)
    {
        Assert.False(ToolCosts.TryParse(PriceFile.FromText("tools.json", json), out var costs, out var problems));
        Assert.Null(costs);
        Assert.Contains(
            problems,
            problem => problem.StartsWith("tools.json", StringComparison.Ordinal) && problem.Contains(because, StringComparison.Ordinal)
        );
    }
}

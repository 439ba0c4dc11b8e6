namespace AgentBudget.Pricing.Tests.Import;

/// <summary>What a source that is a quarter newer (2026-11-20) makes of what the older ones (up to 2026-08-21) say.</summary>
public sealed class NewerStatementTests : IDisposable
{
    private const string OldPrice =
        """ "input_cost_per_token": 2e-06, "output_cost_per_token": 10e-06, "cache_read_input_token_cost": 2e-07 """;

    private readonly SmallSources sources = new();

    public void Dispose() => sources.Dispose();

    private static DateTimeOffset Day(string day) => new(DateOnly.ParseExact(day, "yyyy-MM-dd", null), TimeOnly.MinValue, TimeSpan.Zero);

    private decimal? At(string day, RateDimension dimension, string model = "m") =>
        sources.Book().TryResolve("acme", model, Day(day), out var row) ? row.Rates[dimension] : null;

    [Fact]
    public void Price_ThatANewerSourceStatesOtherwise_ChangesOnItsDay_AndCostsTheDearerInBetween()
    {
        sources.LiteLlm("m", OldPrice);
        sources.ModelsDev("m", "input = 2\noutput = 10");
        sources.PiAi("m", """{ "input": 1, "output": 20, "cacheRead": 0, "cacheWrite": 0 }""");

        Assert.Equal((2, 10), (At("2026-08-21", RateDimension.Input), At("2026-08-21", RateDimension.Output)));
        Assert.Equal((2, 20), (At("2026-08-22", RateDimension.Input), At("2026-08-22", RateDimension.Output)));
        Assert.Equal((1, 20), (At("2026-11-20", RateDimension.Input), At("2026-11-20", RateDimension.Output)));
        // What it does not state keeps its proportion to the input.
        Assert.Equal(0.1m, At("2026-11-20", RateDimension.CacheRead));
    }

    [Fact]
    public void Rise_ThatDidNotCome_IsDropped_AndOneThatIsStillToCome_Stays()
    {
        sources.GenAi("cancelled", Announced("2026-09-01"));
        sources.PiAi("cancelled", """{ "input": 2, "output": 10 }""");
        sources.GenAi("came", Announced("2026-09-01"));
        sources.PiAi("came", """{ "input": 3, "output": 15 }""");
        sources.GenAi("to-come", Announced("2027-01-01"));
        sources.PiAi("to-come", """{ "input": 2, "output": 10 }""");

        Assert.Equal(2, At("2026-10-01", RateDimension.Input, "cancelled"));
        Assert.Equal(3, At("2026-09-01", RateDimension.Input, "came"));
        Assert.Equal(2, At("2026-12-31", RateDimension.Input, "to-come"));
        Assert.Equal(3, At("2027-01-01", RateDimension.Input, "to-come"));
    }

    private static string Announced(string day) =>
        $$"""[ { "prices": { "input_mtok": 2, "output_mtok": 10 } }, { "constraint": { "start_date": "{{day}}" }, "prices": { "input_mtok": 3, "output_mtok": 15 } } ]""";

    [Fact]
    public void Name_OfTheSameModelThatTheNewerSourceDoesNotList_Follows_AndALatestOneDoesNot()
    {
        foreach (var name in new[] { "m", "m-20260101", "m-latest" })
            sources.LiteLlm(name, OldPrice);
        sources.PiAi("m", """{ "input": 1, "output": 5 }""");

        Assert.Equal(1, At("2026-11-20", RateDimension.Input, "m-20260101"));
        Assert.Equal(2, At("2026-11-20", RateDimension.Input, "m-latest"));
    }

    [Fact]
    public void NewModel_ThatAnOlderSourceMeetsByAPatternOnly_HasNoPastOfItsRelative()
    {
        sources.GenAi("m-5", """{ "input_mtok": 5, "output_mtok": 25, "web_searches_kcount": 10 }""", """{ "starts_with": "m-5" }""");
        sources.PiAi("m-5-turbo", """{ "input": 1, "output": 5 }""");

        Assert.Equal(1, At("2026-01-01", RateDimension.Input, "m-5-turbo"));
        Assert.Equal(0.01m, At("2026-01-01", RateDimension.WebSearch, "m-5-turbo"));
    }

    [Fact]
    public void Zero_OfAPlan_IsNoPrice()
    {
        sources.PiAi("plan", """{ "input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0 }""");
        sources.PiAi("m:free", """{ "input": 0, "output": 0 }""");

        Assert.Null(At("2026-12-01", RateDimension.Input, "plan"));
        Assert.Equal(0, At("2026-12-01", RateDimension.Input, "m:free"));
    }

    [Fact]
    public void Sibling_UnderOnePattern_IsNoOtherNameOfTheModel()
    {
        sources.GenAi("m-1.5-flash", """{ "input_mtok": 1, "output_mtok": 2 }""", """{ "contains": "m-1.5-flash" }""");
        sources.LiteLlm("m-1.5-flash-8b", """ "input_cost_per_token": 5e-07, "output_cost_per_token": 1e-06 """);

        Assert.Equal(0.5m, At("2026-03-01", RateDimension.Input, "m-1.5-flash-8b"));
        Assert.Equal(1, At("2026-03-01", RateDimension.Input, "m-1.5-flash"));
    }
}

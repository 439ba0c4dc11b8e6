namespace AgentBudget.Pricing.Tests.Import;

/// <summary>Context tiers that some sources do not know of, and service tiers that a source has wrong.</summary>
public sealed class ThresholdAndTierTests : IDisposable
{
    private const string Price = """ "input_cost_per_token": 3e-06, "output_cost_per_token": 15e-06 """;

    private const string Tiered =
        Price + """, "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 22.5e-06 """;

    private readonly SmallSources sources = new();

    public void Dispose() => sources.Dispose();

    private PriceRow RowOf(string model, string day = "2026-12-01")
    {
        var at = new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", null), TimeOnly.MinValue, TimeSpan.Zero);
        Assert.True(sources.Book().TryResolve("acme", model, at, out var row));
        return row;
    }

    [Fact]
    public void Threshold_ThatOneOfThreeStates_IsNotOutvotedBySilence()
    {
        sources.LiteLlm("m", Tiered);
        sources.ModelsDev("m", "input = 3\noutput = 15");
        sources.GenAi("m", """{ "input_mtok": 3, "output_mtok": 15 }""");

        var tier = Assert.Single(RowOf("m").ContextTiers);
        Assert.Equal((200_000, 6m, 22.5m), (tier.ThresholdInputTokens, tier.Rates[RateDimension.Input], tier.Rates[RateDimension.Output]));
    }

    [Fact]
    public void Threshold_ThatADatedSourceHasEnded_IsEnded()
    {
        sources.GenAi(
            "m",
            """
            [ { "prices": { "input_mtok": { "base": 3, "tiers": [ { "start": 200000, "price": 6 } ] }, "output_mtok": 15 } },
              { "constraint": { "start_date": "2026-03-13" }, "prices": { "input_mtok": 3, "output_mtok": 15 } } ]
            """
        );
        sources.LiteLlm("m", Tiered);
        sources.ModelsDev("m", "input = 3\noutput = 15\n\n[[cost.tiers]]\ntier = { size = 200_000 }\ninput = 6\noutput = 22.5");

        Assert.Single(RowOf("m", "2026-03-12").ContextTiers);
        Assert.Empty(RowOf("m").ContextTiers);
    }

    [Fact]
    public void Threshold_StatedUnderOneNameOfAModel_IsThatOfAllThatCostTheSameAndAreNotListedWithoutIt()
    {
        sources.GenAi(
            "m",
            """{ "input_mtok": 3, "output_mtok": 15 }""",
            """{ "or": [ { "equals": "m" }, { "equals": "m-by-another-name" }, { "equals": "m-listed" } ] }"""
        );
        sources.LiteLlm("m-20260105", Tiered);
        sources.LiteLlm("m-20260205", """ "input_cost_per_token": 4e-06, "output_cost_per_token": 15e-06 """);
        sources.LiteLlm("m-listed", Price);

        Assert.Single(RowOf("m-20260105").ContextTiers);
        Assert.Single(RowOf("m").ContextTiers);
        Assert.Single(RowOf("m-by-another-name").ContextTiers);
        Assert.Empty(RowOf("m-20260205").ContextTiers);
        Assert.Empty(RowOf("m-listed").ContextTiers);
    }

    // Copies of what a vendor has ended, and what another seller has.
    [Fact]
    public void Threshold_OfACopyAloneOrOfAnotherSeller_IsNone()
    {
        sources.LiteLlm("copied", Price);
        sources.ModelsDev("copied", "input = 3\noutput = 15\n\n[[cost.tiers]]\ntier = { size = 200_000 }\ninput = 6\noutput = 22.5");
        sources.WritePriceFile("[]", """, "genai_prices_fallbacks": ["elsewhere"] """);
        const string tiered = """{ "input_mtok": { "base": 3, "tiers": [ { "start": 200000, "price": 6 } ] }, "output_mtok": 15 }""";
        sources.GenAiElsewhere("m", tiered);
        sources.LiteLlm("m", Price);

        Assert.Empty(RowOf("copied").ContextTiers);
        Assert.Empty(RowOf("m").ContextTiers);
    }

    // The seller's own list, whatever others keep of it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Threshold_OfTheSellersOwnList_Decides(bool hasOne)
    {
        sources.WritePriceFile("[]", """, "openrouter": true """);
        const string tier = """, "overrides": [ { "min_prompt_tokens": 200000, "prompt": "0.000006", "completion": "0.0000225" } ] """;
        sources.OpenRouter("m", $$"""{ "prompt": "0.000003", "completion": "0.000015" {{(hasOne ? tier : "")}} }""");
        sources.LiteLlm("m", hasOne ? Price : Tiered);
        sources.GenAi("m", """{ "input_mtok": 3, "output_mtok": 15 }""");

        Assert.Equal(hasOne ? 1 : 0, RowOf("m").ContextTiers.Count);
    }

    [Theory]
    [InlineData("_priority", "3e-06", "15e-06", null)] // the standard one, written twice
    [InlineData("_priority", "5.4e-06", "27e-06", "5.4")]
    [InlineData("_batches", "2e-07", "2e-07", null)] // half of another model
    [InlineData("_batches", "3e-06", "15e-06", null)]
    [InlineData("_batches", "1.5e-06", "7.5e-06", "1.5")]
    [InlineData("_flex", "3e-06", "15e-06", null)]
    public void ServiceTier_ThatIsNoTier_IsNotTaken(string suffix, string input, string output, string? usd)
    {
        sources.LiteLlm("m", $"{Price}, \"input_cost_per_token{suffix}\": {input}, \"output_cost_per_token{suffix}\": {output}");

        var tier = RowOf("m").ServiceTiers.SingleOrDefault();
        Assert.Equal(
            usd is null ? null : decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture),
            tier?.Rates[RateDimension.Input]
        );
    }

    // The audio of one source's tier stands beside that source's own audio, which nobody believes.
    [Fact]
    public void PartOfAServiceTier_KeepsItsProportionToTheRateThatIsBelieved()
    {
        sources.LiteLlm(
            "m",
            Price
                + """
                , "input_cost_per_audio_token": 1e-06, "input_cost_per_token_priority": 5.4e-06, "output_cost_per_token_priority": 27e-06,
                "input_cost_per_audio_token_priority": 1.8e-06
                """
        );
        sources.ModelsDev("m", "input = 3\noutput = 15\ninput_audio = 4");
        sources.GenAi("m", """{ "input_mtok": 3, "output_mtok": 15, "input_audio_mtok": 4 }""");

        var row = RowOf("m");
        Assert.Equal((4m, 7.2m), (row.Rates[RateDimension.InputAudio], Assert.Single(row.ServiceTiers).Rates[RateDimension.InputAudio]));
    }

    [Fact]
    public void AudioThatADearerTierLeavesOpen_IsDearerToo()
    {
        sources.LiteLlm(
            "m",
            Price
                + """, "input_cost_per_audio_token": 4e-06, "input_cost_per_token_priority": 6e-06, "output_cost_per_token_priority": 30e-06 """
        );

        Assert.Equal(8m, Assert.Single(RowOf("m").ServiceTiers).Rates[RateDimension.InputAudio]);
    }

    [Fact]
    public void NameThatMoves_HasThePartsOfTheModelThatItStandsForNow()
    {
        foreach (var name in new[] { "m-2.5-flash", "m-flash-latest" })
            sources.LiteLlm(
                name,
                """ "input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06, "input_cost_per_audio_token": 1e-06 """
            );
        sources.LiteLlm(
            "m-3.5-flash",
            """ "input_cost_per_token": 1.5e-06, "output_cost_per_token": 9e-06, "input_cost_per_audio_token": 1.6e-06 """
        );
        sources.PiAi("m-2.5-flash", """{ "input": 0.3, "output": 2.5 }""");
        sources.PiAi("m-3.5-flash", """{ "input": 1.5, "output": 9 }""");
        sources.PiAi("m-3.5-flash-lite", """{ "input": 1.5, "output": 9 }""");
        sources.PiAi("m-flash-latest", """{ "input": 1.5, "output": 9 }""");

        Assert.Equal(1m, RowOf("m-flash-latest", "2026-08-01").Rates[RateDimension.InputAudio]);
        Assert.Equal(1.6m, RowOf("m-flash-latest").Rates[RateDimension.InputAudio]);
    }
}

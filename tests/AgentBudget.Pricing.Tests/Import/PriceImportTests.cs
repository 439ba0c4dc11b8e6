namespace AgentBudget.Pricing.Tests.Import;

public sealed class PriceImportTests : IDisposable
{
    private const string Cheap = """ "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 """;

    private readonly SmallSources sources = new();

    public void Dispose() => sources.Dispose();

    private PriceRow RowOf(string model, params string[] allowed)
    {
        Assert.True(sources.Book(allowed).TryResolve("acme", model, TestBook.Noon, out var row));
        return row;
    }

    private static decimal? Input(PriceRow row) => row.Rates[RateDimension.Input];

    [Fact]
    public void TwoSources_ThatAgree_OutvoteTheThird()
    {
        sources.GenAi("m", """{ "input_mtok": 9, "output_mtok": 9 }""");
        sources.LiteLlm("acme/m", Cheap);
        sources.ModelsDev("m", "input = 1.00\noutput = 2");

        var row = RowOf("m");

        Assert.Equal(1m, Input(row));
        Assert.Contains("genai-prices states 9 and 9", row.Note, StringComparison.Ordinal);
        Assert.Equal(1000, row.MaxOutputTokens);
    }

    [Fact]
    public void OneAgainstOne_TheOneNearerToTheVendorIsBelieved()
    {
        sources.GenAi("exact", """{ "input_mtok": 9, "output_mtok": 9 }""");
        sources.LiteLlm("exact", Cheap);
        sources.GenAi("family", """{ "input_mtok": 9, "output_mtok": 9 }""", """{ "starts_with": "family" }""");
        sources.LiteLlm("family-large", Cheap);

        Assert.Equal(9m, Input(RowOf("exact")));
        Assert.Equal(1m, Input(RowOf("family-large")));
    }

    [Fact]
    public void CacheRate_ThatOnlyOneOfThreeStates_IsNotBelieved()
    {
        sources.GenAi("m", """{ "input_mtok": 1, "output_mtok": 2 }""");
        sources.LiteLlm("m", Cheap + """, "cache_read_input_token_cost": 1e-07 """);
        Assert.Equal(0.1m, RowOf("m").Rates[RateDimension.CacheRead]);

        sources.ModelsDev("m", "input = 1\noutput = 2");
        Assert.Null(RowOf("m").Rates[RateDimension.CacheRead]);
    }

    [Theory]
    [InlineData("0.000002", 30)]
    [InlineData("0.000003", null)] // another price, and so nothing to learn of this one
    public void ImageRate_ThatOnlyARouterStates_IsTheVendorsWhereItPassesOnThePrice(string completion, int? usd)
    {
        sources.LiteLlm("painter", Cheap);
        sources.OpenRouter("acme/painter", $$"""{ "prompt": "0.000001", "completion": "{{completion}}", "image_output": "0.00003" }""");

        Assert.Equal(usd, RowOf("painter").Rates[RateDimension.OutputImage]);
    }

    [Fact]
    public void NoTwo_ThatAgreeOnBothRates_TheOneThatOthersConfirmSinglyIsBelieved()
    {
        // litellm shares its input with models.dev and its output with genai-prices, which goes before when all stand alone.
        sources.GenAi("m", """{ "input_mtok": 3, "output_mtok": 2 }""");
        sources.LiteLlm("m", Cheap);
        sources.ModelsDev("m", "input = 1\noutput = 7");

        var row = RowOf("m");

        Assert.Equal((1m, 2m), (Input(row), row.Rates[RateDimension.Output]));
    }

    [Fact]
    public void OutputOfZero_ThatTwoShare_ConfirmsNothing()
    {
        sources.GenAi("embed", """{ "input_mtok": 3, "output_mtok": 5 }""");
        sources.LiteLlm("embed", """ "input_cost_per_token": 1e-06, "output_cost_per_token": 0.0 """);
        sources.ModelsDev("embed", "input = 2\noutput = 0");

        Assert.Equal(3m, Input(RowOf("embed")));
    }

    [Fact]
    public void PriceOfAnotherSeller_GoesBehindAStatementOfThisOne()
    {
        sources.WritePriceFile("[]", """, "genai_prices_fallbacks": ["elsewhere"] """);
        sources.GenAiElsewhere(
            "m",
            """[ { "prices": { "input_mtok": 9, "output_mtok": 9 } }, { "constraint": { "start_date": "2026-02-01" }, "prices": { "input_mtok": 8, "output_mtok": 8 } } ]"""
        );
        sources.LiteLlm("m", Cheap);
        sources.GenAiElsewhere(
            "same",
            """[ { "prices": { "input_mtok": 9, "output_mtok": 9 } }, { "constraint": { "start_date": "2026-02-01" }, "prices": { "input_mtok": 1, "output_mtok": 2 } } ]"""
        );
        sources.LiteLlm("same", Cheap);

        Assert.Equal(1m, Input(RowOf("m")));
        Assert.Equal(["acme/m", "acme/same@2026-02-01", "acme/same"], sources.Book().Rows.Select(row => row.Id));
    }

    [Fact]
    public void PartOfTheInput_IsJudgedByAllWhoAgreeOnTheInput()
    {
        sources.GenAi("m", """{ "input_mtok": 1, "output_mtok": 8 }""");
        sources.ModelsDev("m", "input = 1\noutput = 9");
        sources.LiteLlm("m", Cheap + """, "input_cost_per_audio_token": 5e-06, "cache_read_input_token_cost": 1e-07 """);
        sources.OpenRouter("m", """{ "prompt": "0.000001", "completion": "0.000002", "audio": "0.000005" }""");
        sources.WritePriceFile("[]", """, "openrouter": true """);

        var row = RowOf("m");

        // Two state audio and two do not; of four who agree on the input one alone knows of a discount.
        Assert.Equal((2m, 5m), (row.Rates[RateDimension.Output], row.Rates[RateDimension.InputAudio]));
        Assert.Null(row.Rates[RateDimension.CacheRead]);
    }

    [Fact]
    public void OneHourCacheWrite_ThatOneOfThreeStates_IsNotBelieved()
    {
        sources.WritePriceFile("[]", """, "openrouter": true """);
        const string router =
            """{ "prompt": "0.000001", "completion": "0.000002", "input_cache_write": "0.00000125", "input_cache_write_1h": "0.000002" }""";
        sources.OpenRouter("m", router);
        sources.OpenRouter("n", router);
        sources.GenAi("m", """{ "input_mtok": 1, "output_mtok": 2, "cache_write_mtok": 1.25 }""");
        sources.GenAi("n", """{ "input_mtok": 1, "output_mtok": 2, "cache_write_mtok": 1.25 }""");
        sources.LiteLlm("m", Cheap + """, "cache_creation_input_token_cost": 1.25e-06 """);
        // This source knows one time to live only, so that its silence says nothing.
        sources.ModelsDev("n", "input = 1\noutput = 2\ncache_write = 1.25");

        Assert.Null(RowOf("m").Rates[RateDimension.CacheWriteOneHour]);
        Assert.Equal(2m, RowOf("n").Rates[RateDimension.CacheWriteOneHour]);
    }

    [Fact]
    public void WebSearch_ThatOnlyASourceWithOtherTokenPricesStates_IsItsPriceInEveryRow()
    {
        sources.GenAi(
            "m",
            """[ { "prices": { "input_mtok": 3, "output_mtok": 2 } }, { "constraint": { "start_date": "2026-12-01" }, "prices": { "input_mtok": 4, "output_mtok": 2 } } ]"""
        );
        sources.LiteLlm("m", Cheap + """, "search_context_cost_per_query": { "search_context_size_medium": 0.01 } """);

        var rows = sources.Book().Rows;

        Assert.Equal([(4m, 0.01m), (3m, 0.01m)], rows.Select(row => (Input(row)!.Value, row.Rates[RateDimension.WebSearch]!.Value)));
    }

    [Fact]
    public void FeePerRequest_OfAVendorThatAlwaysSearches_IsThePriceOfASearch()
    {
        sources.GenAi("m", """{ "input_mtok": 1, "output_mtok": 2, "requests_kcount": 12 }""");
        sources.LiteLlm("m", Cheap + """, "search_context_cost_per_query": { "search_context_size_medium": 0.008 } """);
        Assert.Equal((0.012m, 0), (RowOf("m").Rates[RateDimension.Request], RowOf("m").MinWebSearches));

        sources.WritePriceFile("[]", """, "request_fee_is_web_search": true """);
        var row = RowOf("m");

        Assert.Null(row.Rates[RateDimension.Request]);
        Assert.Equal((0.012m, 1), (row.Rates[RateDimension.WebSearch], row.MinWebSearches));
        Assert.Contains("litellm states web_search 0.008", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiers_OfEverySource_AreRead()
    {
        sources.GenAi("g", """{ "input_mtok": { "base": 1, "tiers": [ { "start": 200000, "price": 2 } ] }, "output_mtok": 2 }""");
        sources.LiteLlm(
            "l",
            Cheap + """, "input_cost_per_token_above_128k_tokens": 3e-06, "output_cost_per_token_above_128k_tokens": 4e-06 """
        );
        sources.LiteLlm(
            "r",
            """ "tiered_pricing": [ { "range": [0, 32000], "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06 }, { "range": [32000, 128000], "input_cost_per_token": 5e-06, "output_cost_per_token": 6e-06 } ] """
        );
        sources.ModelsDev("d", "input = 1\noutput = 2\n\n[[cost.tiers]]\ntier = { size = 256_000 }\ninput = 7\noutput = 8");

        AssertTier("g", 200_000, 2m);
        AssertTier("l", 128_000, 3m);
        AssertTier("r", 32_000, 5m);
        AssertTier("d", 256_000, 7m);
    }

    private void AssertTier(string model, long threshold, decimal input)
    {
        var tier = Assert.Single(RowOf(model).ContextTiers);
        Assert.Equal((threshold, (decimal?)input), (tier.ThresholdInputTokens, tier.Rates[RateDimension.Input]));
    }

    [Fact]
    public void ServiceTiersAndFactors_OfLiteLlm_AreRead()
    {
        sources.LiteLlm(
            "m",
            Cheap
                + """, "input_cost_per_token_batches": 5e-07, "output_cost_per_token_batches": 1e-06, "input_cost_per_token_flex": 1e-07, "provider_specific_entry": { "us": 1.1, "fast": 6 } """
        );

        var row = RowOf("m");

        // Flex states input only: half a tier is a mistake.
        Assert.Equal(["batch", "fast"], row.ServiceTiers.Select(tier => tier.Name));
        Assert.Equal(6m, row.ServiceTiers[1].Rates[RateDimension.Input]);
        Assert.Equal(1.1m, row.RegionMultipliers["us"]);
    }

    [Fact]
    public void DatedPrices_OfGenAiPrices_BecomeRowsAndGoBeforeSnapshots()
    {
        sources.GenAi(
            "m",
            """[ { "prices": { "input_mtok": 1, "output_mtok": 2 } }, { "constraint": { "start_date": "2026-02-01" }, "prices": { "input_mtok": 3, "output_mtok": 6 } } ]"""
        );
        sources.LiteLlm("m", Cheap);
        sources.ModelsDev("m", "input = 1\noutput = 2");

        var book = sources.Book();

        Assert.Equal(["acme/m@2026-02-01", "acme/m"], book.Rows.Select(row => row.Id));
        Assert.Equal(3m, Input(RowOf("m")));
    }

    [Fact]
    public void Zero_ThatOneSourceStates_IsAHole()
    {
        sources.LiteLlm("lone", """ "input_cost_per_token": 0.0, "output_cost_per_token": 0.0 """);
        sources.LiteLlm("pair", """ "input_cost_per_token": 0.0, "output_cost_per_token": 0.0 """);
        sources.ModelsDev("pair", "input = 0\noutput = 0");
        sources.LiteLlm("part", Cheap + """, "cache_read_input_token_cost": 0.0 """);

        var book = sources.Book();

        Assert.False(book.TryResolve("acme", "lone", TestBook.Noon, out _));
        Assert.Equal(Money.Zero, book.Price("acme", "pair", TestBook.Noon, new TokenUsage(1, 1)).Cost);
        Assert.Null(RowOf("part").Rates[RateDimension.CacheRead]);
    }

    [Fact]
    public void Rate_ThatIsASlipOfUnits_IsNotBelieved()
    {
        sources.LiteLlm("m", """ "input_cost_per_token": 0.0032, "output_cost_per_token": 0.0097 """);
        Assert.False(sources.Book().TryResolve("acme", "m", TestBook.Noon, out _));
    }

    [Fact]
    public void Snapshots_AtThePriceOfTheirModel_AreItsAliasesAndOthersAreNot()
    {
        sources.LiteLlm("m-2026-01-05", Cheap);
        sources.LiteLlm("m-2026-02-05", """ "input_cost_per_token": 9e-06, "output_cost_per_token": 9e-06 """);
        sources.LiteLlm("m", Cheap);

        var book = sources.Book();

        Assert.Equal("acme/m", book.RowId("acme", "m-2026-01-05"));
        Assert.Equal("acme/m-2026-02-05", book.RowId("acme", "m-2026-02-05"));
        Assert.Equal("acme/m", book.RowId("acme", "m-2026-03-05"));
        Assert.Null(book.RowId("acme", "m-large"));
    }

    [Fact]
    public void Import_OfItsOwnResult_ChangesNothing()
    {
        sources.LiteLlm("m", Cheap + """, "input_cost_per_token_batches": 5e-07, "output_cost_per_token_batches": 1e-06 """);
        sources.GenAi(
            "n",
            """{ "input_mtok": { "base": 1, "tiers": [ { "start": 5, "price": 2 } ] }, "output_mtok": 2, "web_searches_kcount": 10 }"""
        );
        var first = sources.Run();
        File.WriteAllText(sources.PriceFile, first.Text);

        var second = sources.Run();

        Assert.NotEmpty(first.Changes);
        Assert.Empty(second.Changes);
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public void Move_AboveFivefoldAndVanishedName_AreRefusedUntilTheyAreAllowed()
    {
        sources.WritePriceFile($"[ {TestBook.Model("m", TestBook.FlatRow("5.01"))}, {TestBook.Model("gone", TestBook.FlatRow("1"))} ]");
        sources.LiteLlm("m", Cheap);

        Assert.Equal(["gone", "m"], sources.Run().Refused.Select(change => change.Name).Distinct().Order());
        Assert.Equal(["m"], sources.Run("gone").Refused.Select(change => change.Name).Distinct());
        Assert.Empty(sources.Run("gone", "m").Refused);
    }

    [Fact]
    public void Model_KeptByHand_IsLeftAloneAndTold()
    {
        var kept = TestBook.Model("m", """ "kept_by_hand": "the vendor's page says so" """, [TestBook.FlatRow("7")]);
        sources.WritePriceFile($"[ {kept} ]");
        sources.LiteLlm("m", Cheap);

        var change = sources.Run();

        Assert.Empty(change.Changes);
        Assert.Contains("m: the sources say input 1", Assert.Single(change.KeptByHand), StringComparison.Ordinal);
        Assert.Equal(7m, Input(RowOf("m")));
    }
}

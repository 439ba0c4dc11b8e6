namespace AgentBudget.Pricing.Tests.Files;

public class PriceFileTests
{
    private const string Good = """ "usd_per_million_tokens": { "input": "1", "output": "2" } """;

    private static IReadOnlyList<string> ProblemsOf(params PriceFile[] files)
    {
        Assert.False(PriceBook.TryParse(files, out var book, out var problems));
        Assert.Null(book);
        Assert.Equal(problems, Assert.Throws<PriceTableException>(() => PriceBook.Parse(files)).Problems);
        return problems;
    }

    private static void AssertRefused(string because, params PriceFile[] files) =>
        Assert.Contains(ProblemsOf(files), problem => problem.Contains(because, StringComparison.Ordinal));

    private static PriceFile FileOf(params string[] rows) => TestBook.File("p", "", TestBook.Model("m", rows));

    [Theory]
    [InlineData("""{ "source": "https://example.com", "retrieved": "2026-01-01" }""", "\"input\" and \"output\"")]
    [InlineData("""{ "usd_per_million_tokens": { "input": "1", "output": "2" }, "retrieved": "2026-01-01" }""", "\"source\" is missing")]
    [InlineData(
        """{ "usd_per_million_tokens": { "input": "1", "output": "2" }, "source": "https://example.com" }""",
        "\"retrieved\" is missing"
    )]
    public void Row_WithoutItsFacts_IsRefused(string row, string because) => AssertRefused(because, FileOf(row));

    [Theory]
    [InlineData(""" "usd_per_million_tokens": { "input": 1, "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "-1", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "1e3", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "1,5", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": ".5", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "5.", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": " 5", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "$5", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "NaN", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "1000000.1", "output": "2" } """)]
    [InlineData(""" "usd_per_million_tokens": { "input": "0.0000000001", "output": "2" } """)]
    public void Rate_InAnotherForm_IsRefused(string members) => AssertRefused("\"input\" must be", FileOf(TestBook.Row(members)));

    [Theory]
    [InlineData(""" "usd_per_million_tokens": { "input": "1", "output": "2", "cached": "1" } """, "\"cached\" is not a known property")]
    [InlineData(Good + """ , "untill": "2026-01-01" """, "\"untill\" is not a known property")]
    [InlineData(Good + """ , "from": "2026-02-01", "until": "2026-02-01" """, "\"until\" must be after")]
    [InlineData(Good + """ , "from": "01.02.2026" """, "\"from\" must be")]
    [InlineData(Good + """ , "from": "2026-02-01T00:00:00+02:00" """, "\"from\" must be")]
    [InlineData(Good + """ , "daily_window_utc": { "start": "16:30", "end": "16:30" } """, "another \"end\"")]
    [InlineData(Good + """ , "daily_window_utc": { "start": "16:30", "end": "24:30" } """, "another \"end\"")]
    [InlineData(Good + """ , "region_multipliers": { "us": "0" } """, "\"us\" must be")]
    [InlineData(Good + """ , "service_tiers": { "Batch": { } } """, "lower-case name")]
    [InlineData(Good + """ , "service_tiers": { "default": { } } """, "other than the standard")]
    [InlineData(Good + """ , "context_tiers": [ { "usd_per_million_tokens": { } } ] """, "\"threshold_input_tokens\" is missing")]
    [InlineData(Good + """ , "context_tiers": [ { "threshold_input_tokens": 9 }, { "threshold_input_tokens": 9 } ] """, "must rise")]
    [InlineData(Good + """ , "context_tiers": {} """, "must be a list")]
    [InlineData(Good + """ , "min_web_searches": 1 """, "needs \"web_search\"")]
    [InlineData(Good + """ , "min_web_searches": 0, "usd_each": { "web_search": "1" } """, "\"min_web_searches\" must be")]
    [InlineData(Good + """ , "min_web_searches": 101, "usd_each": { "web_search": "1" } """, "from 1 to 100")]
    [InlineData(Good + """ , "min_web_searches": "1", "usd_each": { "web_search": "1" } """, "\"min_web_searches\" must be")]
    [InlineData(Good + """ , "context_tiers": [ 1 ] """, "must be an object")]
    public void Row_WithAMistake_IsRefused(string members, string because) => AssertRefused(because, FileOf(TestBook.Row(members)));

    [Theory]
    [InlineData(""" "until": "2026-02-01" """, """ "from": "2026-01-31" """)]
    [InlineData(""" "note": "always" """, """ "from": "2026-01-31" """)]
    [InlineData(
        """ "daily_window_utc": { "start": "22:00", "end": "02:00" } """,
        """ "daily_window_utc": { "start": "01:59", "end": "03:00" } """
    )]
    public void Rows_HoldingAtTheSameTime_AreRefused(string one, string other) =>
        AssertRefused("holds at the same time", FileOf(TestBook.FlatRow("1", one), TestBook.FlatRow("2", other)));

    [Fact]
    public void Names_MeaningTwoModels_AreRefused() =>
        AssertRefused(
            "is the name of two models",
            TestBook.File(
                "p",
                "",
                TestBook.Model("m", TestBook.FlatRow("1")),
                TestBook.Model("n", """ "aliases": ["m"] """, [TestBook.FlatRow("2")])
            )
        );

    [Theory]
    [InlineData(""" "aliases": ["Upper"] """, "\"aliases\" must hold")]
    [InlineData(""" "aliases": ["with blank"] """, "\"aliases\" must hold")]
    [InlineData(""" "dated_names": ["other"] """, "only the model's id and aliases")]
    [InlineData(""" "max_output_tokens": 0 """, "above zero")]
    public void Model_WithAMistake_IsRefused(string members, string because) =>
        AssertRefused(because, TestBook.File("p", "", TestBook.Model("m", members, [TestBook.FlatRow("1")])));

    [Fact]
    public void Model_WithoutRows_IsRefused() => AssertRefused("no valid row", FileOf());

    [Fact]
    public void Provider_InTwoFiles_IsRefused()
    {
        var file = FileOf(TestBook.FlatRow("1"));
        AssertRefused("one file holds all of a provider", file, file with { Name = "copy.json" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{ "provider": "P", "models": [] }""")]
    [InlineData("""{ "provider": "a/b", "models": [] }""")]
    [InlineData("""{ "provider": "p", "provider": "p", "models": [] }""")]
    [InlineData("""{ "provider": "p", "models": [], "name_forms": ["other"] }""")]
    [InlineData("""{ "provider": "\uD800", "models": [] }""")]
    public void File_OfAnotherForm_IsRefusedWithItsName(string json) =>
        Assert.All(
            ProblemsOf(PriceFile.FromText("broken.json", json)),
            problem => Assert.StartsWith("broken.json", problem, StringComparison.Ordinal)
        );

    [Fact]
    public void Problems_BeyondTheMost_AreNotListed()
    {
        var rows = Enumerable.Range(0, 200).Select(_ => "{}").ToArray();
        Assert.Equal(PriceTableException.MaxProblems, ProblemsOf(FileOf(rows)).Count);
    }

    [Fact]
    public void File_BeginningWithAByteOrderMark_IsRead()
    {
        var text = System.Text.Encoding.UTF8.GetString(FileOf(TestBook.FlatRow("1")).Utf8Json.Span);
        Assert.Single(PriceBook.Parse(PriceFile.FromText("p.json", "\uFEFF" + text)).Rows);
    }
}

namespace AgentBudget.Pricing.Tests;

/// <summary>Small books made for one test, with round rates, so that a reader can check each expected cost in the head.</summary>
internal static class TestBook
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Origin = """ "source": "https://example.com/pricing", "retrieved": "2026-01-01" """;

    /// <summary>A row with these members in front of source and date.</summary>
    public static string Row(string members) => "{" + members + "," + Origin + "}";

    /// <summary>A model with rows.</summary>
    public static string Model(string id, params string[] rows) => Model(id, "", rows);

    /// <summary>A model with further members, such as aliases, and rows.</summary>
    public static string Model(string id, string members, string[] rows) =>
        $$"""{ "model": "{{id}}", {{(members.Length == 0 ? "" : members + ",")}} "rows": [{{string.Join(',', rows)}}] }""";

    /// <summary>A file of one provider.</summary>
    public static PriceFile File(string provider, string members, params string[] models) =>
        PriceFile.FromText(
            provider + ".json",
            $$"""{ "provider": "{{provider}}", {{(members.Length == 0 ? "" : members + ",")}} "models": [{{string.Join(',', models)}}] }"""
        );

    /// <summary>A book with the one model <c>m</c> at the provider <c>p</c>.</summary>
    public static PriceBook OfRow(string rowMembers) => PriceBook.Parse(File("p", "", Model("m", Row(rowMembers))));

    /// <summary>A row that costs this much per million input tokens, and as much for output.</summary>
    public static string FlatRow(string usd, string members = "") =>
        Row((members.Length == 0 ? "" : members + ",") + $$"""  "usd_per_million_tokens": { "input": "{{usd}}", "output": "{{usd}}" } """);

    /// <summary>The cost of a call to <c>m</c> at noon, which must have a price.</summary>
    public static Money Cost(this PriceBook book, TokenUsage usage, CallTerms terms = default)
    {
        var priced = book.Price("p", "m", Noon, usage, terms);
        Assert.True(priced.IsPriced, priced.Detail);
        return priced.Cost;
    }

    /// <summary>The id of the row that a name resolves to at noon, or null.</summary>
    public static string? RowId(this PriceBook book, string? provider, string? model) =>
        book.TryResolve(provider, model, Noon, out var row) ? row.Id : null;
}

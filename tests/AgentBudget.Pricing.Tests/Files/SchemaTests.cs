using System.Text.Json;

namespace AgentBudget.Pricing.Tests.Files;

/// <summary>The schema is for editors and reviewers, the reader is what decides. They must know the same words.</summary>
public class SchemaTests
{
    private static JsonElement Definition(string name)
    {
        using var stream = typeof(SchemaTests).Assembly.GetManifestResourceStream("schema.json");
        Assert.NotNull(stream);
        var root = JsonDocument.Parse(stream).RootElement;
        return name.Length == 0 ? root : root.GetProperty("$defs").GetProperty(name);
    }

    private static IEnumerable<string> PropertiesOf(string definition) =>
        Definition(definition).GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static IReadOnlyList<string> ProblemsOf(string json)
    {
        Assert.False(PriceBook.TryParse([PriceFile.FromText("p.json", json)], out _, out var problems));
        return problems;
    }

    // A property that the reader does not know is reported by name, whatever else is wrong with the file.
    private static void AssertReaderKnows(IEnumerable<string> properties, string before, string after) =>
        Assert.All(
            properties,
            property =>
                Assert.DoesNotContain(
                    ProblemsOf($$"""{{before}} "{{property}}": null {{after}}"""),
                    problem => problem.Contains($"\"{property}\" is not a known property", StringComparison.Ordinal)
                )
        );

    private const string RowStart = """{ "provider": "p", "models": [ { "model": "m", "rows": [ {""";

    [Theory]
    [InlineData("", "{", "}")]
    [InlineData("model", """{ "provider": "p", "models": [ {""", "} ] }")]
    [InlineData("row", RowStart, "} ] } ] }")]
    [InlineData("usd_per_million_tokens", RowStart + """ "usd_per_million_tokens": {""", "} } ] } ] }")]
    [InlineData("usd_per_million", RowStart + """ "usd_per_million": {""", "} } ] } ] }")]
    [InlineData("usd_each", RowStart + """ "usd_each": {""", "} } ] } ] }")]
    public void Schema_OfAnObject_HasThePropertiesThatTheReaderKnows(string definition, string before, string after)
    {
        AssertReaderKnows(PropertiesOf(definition), before, after);
        Assert.Contains(
            ProblemsOf($$"""{{before}} "surprise": null {{after}}"""),
            problem => problem.Contains("\"surprise\" is not a known", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Schema_OfRates_NamesEveryDimension() =>
        Assert.Equal(
            Enum.GetValues<RateDimension>().Length,
            Enum.GetValues<RateUnit>().SelectMany(unit => PropertiesOf(RateDimensions.ObjectOf(unit))).Count()
        );

    [Fact]
    public void Schema_OfARow_AsksForSourceAndDate()
    {
        var required = Definition("row").GetProperty("required").EnumerateArray().Select(name => name.GetString());
        Assert.Equal(["source", "retrieved"], required);
    }
}

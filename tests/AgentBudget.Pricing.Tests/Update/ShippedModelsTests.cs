using System.Text;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>A folder that an update of an older release wrote, under a release that brings newer rows.</summary>
public class ShippedModelsTests
{
    private const string Reason = "The collections do not say so.";

    [Fact]
    public void ModelThatNoCollectionStates_IsTheShippedOneWhereThatIsNewer()
    {
        var own = File(Model("m", "1", "2027-03-05"), Model("unlisted", "7", "2026-11-20"), Model("fresh", "5", "2027-03-05"));
        var shipped = File(Model("m", "2", "2027-03-01"), Model("unlisted", "8", "2027-03-01"), Model("new", "9", "2027-03-01"));

        var present = ShippedModels.Under(own, shipped);

        Assert.Equal([("fresh", 5), ("m", 1), ("new", 9), ("unlisted", 8)], Prices(present));
    }

    [Fact]
    public void ModelThatTheReleaseKeepsByHand_IsTheNewerOfItsCopies_AndGoesBeforeADerivedOne()
    {
        var own = File(Model("m", "1", "2026-11-20", kept: Reason), Model("now-kept", "2", "2027-03-05"));
        var shipped = File(Model("m", "3", "2027-03-01", kept: Reason), Model("now-kept", "4", "2027-03-01", kept: Reason));

        Assert.Equal([("m", 3), ("now-kept", 4)], Prices(ShippedModels.Under(own, shipped)));
    }

    [Fact]
    public void ModelThatSomebodyKeepsByHand_Stays()
    {
        var own = File(Model("m", "1", "2026-11-20", kept: "our contract"), Model("of-hand", "2", "2026-11-20", kept: "our contract"));
        var shipped = File(Model("m", "3", "2027-03-01"), Model("of-hand", "4", "2027-03-01", kept: Reason));

        Assert.Same(own, ShippedModels.Under(own, shipped));
    }

    [Fact]
    public void NameThatIsAModelOfItsOwnByNow_LeavesTheOlderModel()
    {
        var own = File(Model("m", "1", "2027-03-05", alias: "b"), Model("old", "2", "2026-11-20", alias: "c"));
        var shipped = File(Model("b", "3", "2027-03-01"), Model("c", "4", "2027-03-01"));

        var book = PriceBook.Parse(ShippedModels.Under(own, shipped));

        Assert.Equal((1, 4, 1, 2), (Input(book, "b"), Input(book, "c"), Input(book, "m"), Input(book, "old")));
    }

    [Fact]
    public void FileWithoutCollections_IsSomebodysOwn()
    {
        var own = PriceFile.FromText(
            "acme.json",
            Text(File(Model("m", "1", "2026-11-20"))).Replace("\"import\": {},", "", StringComparison.Ordinal)
        );

        Assert.Same(own, ShippedModels.Under(own, File(Model("m", "3", "2027-03-01"))));
    }

    [Fact]
    public void RulesOfTheHead_AreTheNewer()
    {
        const string rules =
            """ "rules": [ { "models": ["m"], "service_tiers": { "batch": "0.5" }, "source": "https://example.com/batch", "retrieved": "2027-03-01" } ], """;
        var own = File(Model("m", "1", "2027-03-05"));
        var shipped = PriceFile.FromText("acme.json", Text(own).Replace("\"models\"", rules + "\"models\"", StringComparison.Ordinal));

        Assert.Contains("https://example.com/batch", Text(ShippedModels.Under(own, shipped)), StringComparison.Ordinal);
    }

    // DeepSeek is kept by hand: a file of it that an update once wrote stood for ever.
    [Fact]
    public void Read_OfAFolderThatAnOlderReleaseWrote_HasTheRowsOfThisOneAndSaysThatTheyChange()
    {
        var folder = Directory.CreateTempSubdirectory("prices");
        try
        {
            var shipped = EmbeddedPriceFiles.ReadAll().Single(file => file.Name == "deepseek.json");
            var older = Text(shipped)
                .Replace("2026-11-28", "2026-08-28", StringComparison.Ordinal)
                .Replace("\"input\": \"0.15\"", "\"input\": \"0.13\"", StringComparison.Ordinal);
            Assert.NotEqual(Text(shipped), older);
            System.IO.File.WriteAllText(Path.Combine(folder.FullName, "deepseek.json"), older);

            var present = PresentFiles.Read(folder.FullName).Single(file => file.Name == "deepseek.json");
            var update = PriceUpdate.Derive(folder.FullName, [present], [], [], new DateOnly(2026, 12, 1));

            var at = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
            var usage = new TokenUsage(1_000_000, 1_000_000);
            foreach (var row in PriceBook.Parse(shipped).Rows)
                Assert.Equal(
                    PriceBook.Parse(shipped).Price("deepseek", row.Model, at, usage).Cost,
                    PriceBook.Parse(present).Price("deepseek", row.Model, at, usage).Cost
                );
            Assert.True(update.HasChanges);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<(string Name, decimal Input)> Prices(PriceFile file) =>
        PriceBook.Parse(file).Rows.Select(row => (row.Model, row.Rates[RateDimension.Input]!.Value));

    private static decimal Input(PriceBook book, string name)
    {
        Assert.True(book.TryResolve("acme", name, TestBook.Noon, out var row));
        return row.Rates[RateDimension.Input]!.Value;
    }

    private static string Text(PriceFile file) => Encoding.UTF8.GetString(file.Utf8Json.Span);

    private static PriceFile File(params string[] models) =>
        PriceFile.FromText("acme.json", $$"""{ "provider": "acme", "import": {}, "models": [ {{string.Join(", ", models)}} ] }""");

    private static string Model(string name, string input, string day, string? kept = null, string? alias = null)
    {
        var more = (kept is null ? "" : $"\"kept_by_hand\": \"{kept}\", ") + (alias is null ? "" : $"\"aliases\": [\"{alias}\"], ");
        return $$"""
            { "model": "{{name}}", {{more}} "rows": [ { "usd_per_million_tokens": { "input": "{{input}}", "output": "20" },
              "source": "https://example.com/prices", "retrieved": "{{day}}" } ] }
            """;
    }
}

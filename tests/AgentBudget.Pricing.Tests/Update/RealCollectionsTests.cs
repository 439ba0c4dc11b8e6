using System.IO.Compression;
using System.Text.Json;
using AgentBudget.Pricing.Files;
using AgentBudget.Pricing.Import;
using AgentBudget.Pricing.Import.Sources;
using AgentBudget.Pricing.Import.Updating;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>Updates from the collections as they were published (see <c>collections/README.md</c>), on a site of this machine.</summary>
public sealed class RealCollectionsTests
{
    private static readonly DateTimeOffset Today = new(2027, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // They are older than the table, so that they take back what has changed since: a table is made of them first.
    [Fact]
    public async Task Update_OfATableMadeOfThem_ChangesWhatTheyChangeAndNothingElse()
    {
        await using var site = new LoopbackSite();
        var folder = Directory.CreateTempSubdirectory("prices");
        try
        {
            var collections = Serve(site);
            var first = await UpdateAsync(folder, Heads("anthropic.json", "xai.json"), collections);
            Assert.Equal(2, first.Write());
            var again = await UpdateAsync(folder, PriceFile.ReadAll(folder.FullName), collections);
            Assert.False(again.HasChanges, string.Join('\n', again.Providers.SelectMany(provider => provider.Changes)));

            site.Answer("litellm", WithHalfThePriceOfHaiku(Unpacked("litellm")));
            site.Answer("genai-prices", WithHalfThePriceOfHaiku(Unpacked("genai-prices"), "\"id\":\"claude-haiku-4-5\""));
            var changed = await UpdateAsync(folder, PriceFile.ReadAll(folder.FullName), collections);
            var line = Assert.Single(changed.Providers.SelectMany(provider => provider.Changes));
            Assert.StartsWith("~ claude-haiku-4-5: ", line, StringComparison.Ordinal);
            Assert.Contains("input 1 -> 0.5", line, StringComparison.Ordinal);
            Assert.True(changed.Write() > 0);
            using var prices = new LivePrices(new LivePricesOptions { Path = folder.FullName });
            Assert.True(prices.Current.TryResolve("anthropic", "claude-haiku-4-5", Today, out var row));
            Assert.Equal(0.5m, row.Rates[RateDimension.Input]);
            Assert.Equal(changed.Version, prices.Current.Version);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Update_OfTheEmbeddedTable_RefusesWhatMovesMoreThanFivefold()
    {
        await using var site = new LoopbackSite();
        var folder = Directory.CreateTempSubdirectory("prices");
        try
        {
            var update = await PriceUpdate.FetchAsync(folder.FullName, Serve(site), [], new FakeTimeProvider(Today), Token);

            Assert.Contains(update.Refused, change => change.Name == "moonshotai/kimi-k3");
            Assert.Throws<PriceUpdateException>(() => update.Write());
            Assert.Empty(folder.EnumerateFileSystemInfos());
            Assert.DoesNotContain(update.Refused, change => change.Reason.Contains("no source", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What an update reads it has to write again: nothing of a row may be lost on the way.
    [Fact]
    public void EmbeddedTable_ReadAsWhatIsKnown_IsWrittenAsItIs()
    {
        foreach (var file in EmbeddedPriceFiles.ReadAll())
        {
            using var document = JsonDocument.Parse(file.Utf8Json);
            if (!document.RootElement.TryGetProperty("import", out var import))
                continue;
            var known = PresentRows.Of(document.RootElement, DateOnly.FromDateTime(Today.Date));
            var text = PriceImport.DeriveText(document.RootElement, ProviderMapping.Read(import), [], known, out _);
            Assert.Equal(
                document.RootElement.GetProperty("models").EnumerateArray().Select(Said),
                JsonDocument.Parse(text).RootElement.GetProperty("models").EnumerateArray().Select(Said)
            );
        }
    }

    // A model without its dated names, which are found anew.
    private static string Said(JsonElement model) =>
        JsonSerializer.Serialize(
            model
                .EnumerateObject()
                .Where(property => property.Name != "dated_names")
                .ToDictionary(property => property.Name, property => property.Value)
        );

    private static Task<PriceUpdate> UpdateAsync(DirectoryInfo folder, IReadOnlyList<PriceFile> present, PriceCollections collections) =>
        PriceUpdate.FetchAsync(folder.FullName, present, collections, [], new FakeTimeProvider(Today), Token);

    private static PriceCollections Serve(LoopbackSite site)
    {
        var collections = new PriceCollections();
        foreach (var name in collections.Addresses.Keys.ToArray())
        {
            collections.Set(name, $"{site.Root}/{name}");
            site.AnswerPacked(name, Packed(name));
        }

        return collections;
    }

    private static PriceFile[] Heads(params string[] names) =>
        [
            .. EmbeddedPriceFiles
                .ReadAll()
                .Where(file => names.Contains(file.Name))
                .Select(file =>
                {
                    using var document = JsonDocument.Parse(file.Utf8Json);
                    var head = document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
                    head["models"] = JsonSerializer.SerializeToElement(Array.Empty<string>());
                    return PriceFile.FromText(file.Name, JsonSerializer.Serialize(head));
                }),
        ];

    private static string WithHalfThePriceOfHaiku(string genAi, string model)
    {
        var at = genAi.IndexOf("\"input_mtok\":1,", genAi.IndexOf(model, StringComparison.Ordinal), StringComparison.Ordinal);
        return genAi[..at] + "\"input_mtok\":0.5," + genAi[(at + "\"input_mtok\":1,".Length)..];
    }

    private static string WithHalfThePriceOfHaiku(string litellm)
    {
        var entries = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(litellm)!;
        foreach (var name in entries.Keys.Where(name => name.StartsWith("claude-haiku-4-5", StringComparison.Ordinal)).ToArray())
        {
            var entry = entries[name].EnumerateObject().ToDictionary(property => property.Name, property => property.Value);
            entry["input_cost_per_token"] = JsonSerializer.SerializeToElement(0.5e-06m);
            entries[name] = JsonSerializer.SerializeToElement(entry);
        }

        return JsonSerializer.Serialize(entries);
    }

    private static byte[] Packed(string name)
    {
        using var stream = typeof(RealCollectionsTests).Assembly.GetManifestResourceStream($"collections/{name}.json.gz")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string Unpacked(string name)
    {
        using var unpacked = new StreamReader(new GZipStream(new MemoryStream(Packed(name)), CompressionMode.Decompress));
        return unpacked.ReadToEnd();
    }
}

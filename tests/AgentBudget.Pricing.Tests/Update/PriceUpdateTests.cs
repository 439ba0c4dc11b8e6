using System.Text;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Pricing.Tests.Update;

/// <summary>Updates of one small provider from collections on a site of this machine.</summary>
public sealed class PriceUpdateTests : IAsyncLifetime
{
    internal const string Table = """
        { "$schema": "schema.json", "provider": "acme", "first_party": true,
          "import": { "genai_prices": "acme", "litellm": ["acme"], "models_dev": ["acme"] },
          "models": [
            { "model": "m", "aliases": ["m-alias"], "rows": [ { "usd_per_million_tokens": { "input": "1", "output": "2" },
              "source": "https://example.com/prices", "retrieved": "2026-11-20" } ] },
            { "model": "unlisted", "rows": [ { "usd_per_million_tokens": { "input": "7", "output": "8" },
              "source": "https://example.com/prices", "retrieved": "2026-11-20" } ] },
            { "model": "ours", "kept_by_hand": "a contract", "rows": [ { "usd_per_million_tokens": { "input": "3", "output": "4" },
              "source": "https://example.com/prices", "retrieved": "2026-11-20" } ] } ] }
        """;

    private static readonly DateTimeOffset Today = new(2027, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly LoopbackSite site = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("prices");
    private readonly PriceCollections collections = new() { Timeout = TimeSpan.FromSeconds(20) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        foreach (var name in collections.Addresses.Keys.ToArray())
            collections.Set(name, $"{site.Root}/{name}");
        State(input: "1", output: "2");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task SamePrices_ChangeNothingButTheDay()
    {
        var update = await UpdateAsync();

        Assert.False(update.HasChanges);
        Assert.Equal(1, update.Write());
        Assert.Contains("\"retrieved\": \"2027-01-15\"", File.ReadAllText(FileOf("acme")), StringComparison.Ordinal);
        Assert.Equal(0, (await UpdateAsync()).Write());
    }

    [Fact]
    public async Task NewPrice_IsALineAndHoldsFromToday()
    {
        State(input: "1.5", output: "2");

        var update = await UpdateAsync();
        update.Write();

        Assert.Equal(["~ m: input 1 -> 1.5"], update.Providers.Single().Changes);
        var book = PriceBook.Parse(PriceFile.ReadAll(folder.FullName));
        Assert.Equal(1m, InputAt(book, "m", new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(1.5m, InputAt(book, "m", Today));
        Assert.Equal(1.5m, InputAt(book, "m-alias", Today));
    }

    // It was told as if it held already.
    [Fact]
    public async Task AnnouncedPrice_IsALineWithItsDay()
    {
        StateGenAi(Announcing("2027-02-01"));

        var update = await UpdateAsync();
        update.Write();

        Assert.Contains("~ m: from 2027-02-01: input 1 -> 3", update.Providers.Single().Changes);
        Assert.DoesNotContain(update.Providers.Single().Changes, line => line.StartsWith("~ m: input", StringComparison.Ordinal));
        Assert.DoesNotContain((await UpdateAsync()).Providers.Single().Changes, line => line.StartsWith("~ m", StringComparison.Ordinal));

        // What was announced before and is not any more leaves no days without a price.
        StateGenAi(Announcing("2027-03-01"));
        var put = await UpdateAsync();
        put.Write();
        Assert.Equal(1m, InputAt(PriceBook.Parse(PriceFile.ReadAll(folder.FullName)), "m", Today.AddMonths(1)));
        Assert.Equal(
            ["~ m: from 2027-02-01: input 3 -> 1 (not announced any more)", "~ m: from 2027-03-01: input 1 -> 3"],
            put.Providers.Single().Changes.Where(line => line.StartsWith("~ m", StringComparison.Ordinal))
        );
    }

    private static string Announcing(string day) =>
        $$"""[ { "prices": { "input_mtok": 1, "output_mtok": 2 } }, { "constraint": { "start_date": "{{day}}" }, "prices": { "input_mtok": 3, "output_mtok": 2 } } ]""";

    // It was refused as cut short.
    [Fact]
    public async Task CollectionAndFile_WithAByteOrderMark_AreRead()
    {
        State(input: "1.5", output: "2");
        site.Answer(
            "models.dev",
            "\uFEFF" + """{ "acme": { "id": "acme", "models": { "m": { "cost": { "input": 1.5, "output": 2 } } } } }"""
        );
        File.WriteAllText(FileOf("acme"), "\uFEFF" + Table);

        Assert.Equal(["~ m: input 1 -> 1.5"], (await UpdateAsync()).Providers.Single().Changes);
    }

    [Fact]
    public async Task NewModel_IsALine()
    {
        site.Answer("litellm", LiteLlm(("m", "1", "2"), ("fresh", "5", "6")));

        var update = await UpdateAsync();
        update.Write();

        Assert.Equal(["+ fresh: input 5, output 6"], update.Providers.Single().Changes);
        Assert.Equal(5m, InputAt(PriceBook.Parse(PriceFile.ReadAll(folder.FullName)), "fresh", Today));
    }

    // A model that no collection lists any more is called still, and a vendor's contract is not in any.
    [Fact]
    public async Task NameThatNobodyStates_KeepsItsPrice()
    {
        State(input: "1.5", output: "2");

        (await UpdateAsync()).Write();

        var book = PriceBook.Parse(PriceFile.ReadAll(folder.FullName));
        Assert.Equal(7m, InputAt(book, "unlisted", Today));
        Assert.Equal(3m, InputAt(book, "ours", Today));
    }

    [Fact]
    public async Task MoreThanFivefold_IsRefusedUntilItIsAllowed()
    {
        State(input: "6", output: "2");

        var refused = await UpdateAsync();
        Assert.Equal(["m", "m-alias"], refused.Refused.Select(change => change.Name).Order());
        Assert.Throws<PriceUpdateException>(() => refused.Write());
        Assert.Empty(folder.EnumerateFileSystemInfos());

        Assert.Equal(1, (await UpdateAsync("m", "m-alias")).Write());
    }

    public static TheoryData<string, string> Faults =>
        new()
        {
            { "away", "it answers 404" },
            { "refuses", "it answers 503" },
            { "short body", "was not taken" },
            { "short json", "cut short, or is no JSON" },
            { "page", "cut short, or is no JSON" },
            { "empty", "cut short, or is no JSON" },
            { "other form", "is not in its form" },
            { "other numbers", "is not in its form" },
            { "large", "larger than 65536 bytes" },
            { "large when unpacked", "larger than 65536 bytes" },
            { "silent", "did not arrive within" },
            { "garbage as gzip", "was not taken" },
            { "garbage as brotli", "was not taken" },
            { "gzip cut short", "was not taken" },
            { "packed and not said", "cut short, or is no JSON" },
            { "redirects for ever", "it answers 302" },
            { "redirects nowhere", "was not taken" },
            { "endless", "larger than 65536 bytes" },
            { "five gigabytes", "larger than 65536 bytes" },
            { "endless head", "was not taken" },
            { "no HTTP", "was not taken" },
            { "no name", "is not in its form" },
            { "half a letter", "is not in its form" },
            { "knows nothing", "names of the table, where at least" },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task CollectionThatIsWrong_ChangesNothingAndSaysSo(string fault, string why)
    {
        (await UpdateAsync()).Write();
        var before = File.ReadAllText(FileOf("acme"));
        var filler = new string(' ', 70_000);
        // All others would change a price.
        State(input: "1.5", output: "2");
        switch (fault)
        {
            case "away":
                collections.Set("litellm", $"{site.Root}/nothing");
                break;
            case "refuses":
                site.AnswerRaw("litellm", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                break;
            case "short body":
                site.Answer("litellm", Encoding.UTF8.GetBytes(LiteLlm(("m", "1.5", "2"))), length: 5_000);
                break;
            case "short json":
                site.Answer("litellm", LiteLlm(("m", "1.5", "2"))[..40]);
                break;
            case "page":
                site.Answer("litellm", "<html>Log in to this network</html>");
                break;
            case "empty":
                site.Answer("litellm", "");
                break;
            case "other form":
                site.Answer("genai-prices", """{ "acme": [] }""");
                break;
            case "other numbers":
                site.Answer("models.dev", """{ "acme": { "models": { "m": { "cost": { "input": "1.5", "output": [] } } } } }""");
                break;
            case "large":
                collections.MaxBytes = 65_536;
                site.Answer("litellm", LiteLlm(("m", "1.5", "2")) + filler);
                break;
            case "large when unpacked":
                collections.MaxBytes = 65_536;
                site.AnswerPacked("litellm", LoopbackSite.Pack(LiteLlm(("m", "1.5", "2")) + filler));
                break;
            case "silent":
                collections.Timeout = TimeSpan.FromMilliseconds(300);
                site.AnswerRaw("litellm", []);
                break;
            case "garbage as gzip":
                site.AnswerPacked("litellm", Encoding.UTF8.GetBytes(filler));
                break;
            case "garbage as brotli":
                site.Answer("litellm", Encoding.UTF8.GetBytes(filler), "Content-Encoding: br\r\n");
                break;
            case "gzip cut short":
                site.AnswerPacked("litellm", LoopbackSite.Pack(LiteLlm(("m", "1.5", "2")))[..^30]);
                break;
            case "packed and not said":
                site.Answer("litellm", LoopbackSite.Pack(LiteLlm(("m", "1.5", "2"))));
                break;
            case "redirects for ever":
                site.AnswerRaw("litellm", "HTTP/1.1 302 Found\r\nLocation: /litellm\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                break;
            case "redirects nowhere":
                site.AnswerRaw("litellm", "HTTP/1.1 302 Found\r\nLocation: http://[::bad\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                break;
            case "endless":
                collections.MaxBytes = 65_536;
                site.AnswerEndlessly("litellm", Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n\r\n{filler}"));
                break;
            case "five gigabytes":
                collections.MaxBytes = 65_536;
                site.AnswerEndlessly("litellm", Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\n{filler}"));
                break;
            case "endless head":
                site.AnswerEndlessly("litellm", Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX: {new string('x', 70_000)}"));
                break;
            case "no HTTP":
                site.AnswerRaw("litellm", "SSH-2.0-OpenSSH\r\n\r\n"u8.ToArray());
                break;
            case "no name":
                site.Answer("openrouter", """{ "data": [ { "id": null, "pricing": {} } ] }""");
                break;
            case "half a letter":
                site.Answer("openrouter", """{ "data": [ { "id": "\ud800", "pricing": {} } ] }""");
                break;
            case "knows nothing":
                site.Answer("litellm", "{}");
                break;
        }

        var failed = await Assert.ThrowsAsync<PriceUpdateException>(() => UpdateAsync());

        Assert.Contains(why, failed.Message, StringComparison.Ordinal);
        Assert.Contains(site.Root, failed.Message, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(FileOf("acme")));
        Assert.Equal([FileOf("acme")], Directory.GetFiles(folder.FullName, "*.json*"));
    }

    // Two files may be of one provider: what somebody wrote by hand has a name that a collection lists now.
    [Fact]
    public async Task NameThatBecomesAmbiguous_ChangesNothingAndSaysSo()
    {
        (await UpdateAsync()).Write();
        File.WriteAllText(
            FileOf("acme-ours"),
            """
            { "provider": "acme", "models": [ { "model": "other", "aliases": ["fresh"], "rows": [ {
              "usd_per_million_tokens": { "input": "1", "output": "1" }, "source": "https://example.com/prices", "retrieved": "2026-11-20" } ] } ] }
            """
        );
        var before = File.ReadAllText(FileOf("acme"));
        site.Answer("litellm", LiteLlm(("m", "1", "2"), ("fresh", "5", "6")));

        var failed = await Assert.ThrowsAsync<PriceUpdateException>(() => UpdateAsync());

        Assert.Contains("fresh", failed.Message, StringComparison.Ordinal);
        Assert.Contains(
            "acme-ours.json holds prices of acme, too, which an update writes into acme.json",
            failed.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith("Nothing was changed.", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(FileOf("acme")));
    }

    [Fact]
    public async Task FileOfTheFolderThatIsWrong_ChangesNothingAndSaysSo()
    {
        var failed = await Assert.ThrowsAsync<PriceUpdateException>(() =>
            PriceUpdate.FetchAsync(
                folder.FullName,
                [PriceFile.FromText("acme.json", Table.Replace("\"1\"", "\"one\"", StringComparison.Ordinal))],
                collections,
                [],
                new Clock(Today),
                Token
            )
        );
        Assert.Contains("acme.json", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_ThatRun_TakeItUp()
    {
        (await UpdateAsync()).Write();
        using var prices = new LivePrices(new LivePricesOptions { Path = folder.FullName, LookEvery = TimeSpan.FromDays(1) });
        Assert.Equal(1m, InputAt(prices.Current, "m", Today));
        State(input: "1.5", output: "2");

        (await UpdateAsync()).Write();

        Assert.True(prices.Look()!.IsTaken);
        Assert.Equal(1.5m, InputAt(prices.Current, "m", Today));
    }

    [Theory]
    [InlineData("http://example.com/prices.json")]
    [InlineData("file:///etc/passwd")]
    [InlineData("prices.json")]
    public void Address_ThatIsNotRead_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => new PriceCollections().Set("litellm", address));

    private async Task<PriceUpdate> UpdateAsync(params string[] allowed)
    {
        var present = File.Exists(FileOf("acme")) ? PriceFile.ReadAll(folder.FullName) : [PriceFile.FromText("acme.json", Table)];
        return await PriceUpdate.FetchAsync(folder.FullName, present, collections, allowed, new Clock(Today), Token);
    }

    private void State(string input, string output)
    {
        StateGenAi($$"""{ "input_mtok": {{input}}, "output_mtok": {{output}} }""");
        site.AnswerPacked("litellm", LoopbackSite.Pack(LiteLlm(("m", input, output))));
        site.Answer("openrouter", """{ "data": [ { "id": "acme/m", "pricing": {}, "top_provider": {} } ] }""");
        site.Answer(
            "models.dev",
            $$"""{ "acme": { "id": "acme", "models": { "m": { "cost": { "input": {{input}}, "output": {{output}} }, "limit": { "output": 0 } } } } }"""
        );
    }

    private void StateGenAi(string prices) =>
        site.Answer(
            "genai-prices",
            $$"""[ { "id": "acme", "models": [ { "id": "m", "match": { "equals": "m" }, "prices": {{prices}} } ] } ]"""
        );

    private static string LiteLlm(params (string Name, string Input, string Output)[] models) =>
        $$"""{ {{string.Join(", ", models.Select(model => $$"""
            "{{model.Name}}": { "litellm_provider": "acme", "mode": "chat", "input_cost_per_token": {{model.Input}}e-06,
              "output_cost_per_token": {{model.Output}}e-06 }
            """))}} }""";

    private static decimal? InputAt(PriceBook book, string model, DateTimeOffset at)
    {
        Assert.True(book.TryResolve("acme", model, at, out var row));
        return row.Rates[RateDimension.Input];
    }

    private string FileOf(string provider) => Path.Combine(folder.FullName, provider + ".json");

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

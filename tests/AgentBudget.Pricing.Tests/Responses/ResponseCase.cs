using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentBudget.Pricing.Tests.Responses;

/// <summary>A response's bytes and what they bill.</summary>
public sealed record ResponseCase(string Name, byte[] Body, ResponseOrigin Origin, JsonElement Expected)
{
    private static readonly string[] Lines = ["published-shapes.jsonl", "field-cases/expected.jsonl"];

    public static IReadOnlyList<ResponseCase> All { get; } = [.. Lines.SelectMany(ReadLines).Select(Parse)];

    public static TheoryData<string> Names => [.. All.Select(one => one.Name)];

    public static ResponseCase Named(string name) => All.Single(one => one.Name == name);

    public static IEnumerable<JsonElement> ReadLines(string resource)
    {
        using var reader = new StreamReader(Open(resource));
        while (reader.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<JsonElement>(line);
    }

    public void AssertIs(ResponseUsage read)
    {
        Assert.Equal(Text("completeness"), read.Completeness.ToString().ToLowerInvariant());
        Assert.Equal(Expected.TryGetProperty("usage", out var usage) ? UsageOf(usage) : null, read.Usage);
        if (Text("model") is { } model)
            Assert.Equal(model, read.Model);
        if (Text("provider") is { } provider)
            Assert.Equal(provider, read.Provider);
        Assert.Equal(
            Text("provider_cost") is { } cost
                ? Money.FromDollarsRoundedUp(Math.Round(decimal.Parse(cost, CultureInfo.InvariantCulture), 14))
                : null,
            read.ProviderCost
        );
        var tier = Text("tier");
        Assert.Equal(
            tier switch
            {
                "auto" => null,
                "on_demand_flex" => "flex",
                _ => tier,
            },
            read.Terms.ServiceTier
        );
        if (Text("region") is { } region)
            Assert.Equal(region, read.Terms.Region);
        Assert.Equal(Text("speed"), read.Terms.Speed);
        if (Expected.TryGetProperty("text", out var text))
            Assert.Equal(text.GetInt64(), read.TextBytes);
        if (Expected.TryGetProperty("stopped", out var stopped))
            Assert.Equal(stopped.GetBoolean(), read.IsStopped);
        BilledPart[] others = Expected.TryGetProperty("others", out var parts)
            ?
            [
                .. parts
                    .EnumerateArray()
                    .Select(part => new BilledPart(part.GetProperty("model").GetString()!, UsageOf(part.GetProperty("usage")))),
            ]
            : [];
        Assert.Equal(others, read.OtherParts);
    }

    public static TokenUsage UsageOf(JsonElement counts)
    {
        var usage = default(TokenUsage);
        foreach (var count in counts.EnumerateObject())
            usage = usage.With(UsageDimensions.Find(count.Name)!.Dimension, count.Value.GetInt64());
        return usage;
    }

    private string? Text(string name) => Expected.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ResponseCase Parse(JsonElement line)
    {
        var isRecorded = line.TryGetProperty("file", out var file);
        var origin = line.TryGetProperty("address", out var address) ? ResponseOrigin.Of(new Uri(address.GetString()!)) : default;
        if (!isRecorded)
            return new(line.GetProperty("name").GetString()!, BodyOf(line), origin, line);
        using var body = new MemoryStream();
        Open("field-cases/" + file.GetString()).CopyTo(body);
        // The recorded addresses have "M" where the model stood.
        return new(file.GetString()!, body.ToArray(), origin with { Model = null }, line);
    }

    private static byte[] BodyOf(JsonElement line) =>
        line.TryGetProperty("aws_events", out var events)
            ? [.. events.EnumerateArray().SelectMany(payload => AwsEventStream.Message(payload.GetString()!))]
            : Encoding.UTF8.GetBytes(line.GetProperty("body").GetString()!);

    private static Stream Open(string resource) => typeof(ResponseCase).Assembly.GetManifestResourceStream("responses/" + resource)!;
}

using System.Text.Json;

namespace AgentBudget.Pricing.Tests.Table;

/// <summary>Real runs whose router recorded what each call cost. The first line of each file names its source and licence.</summary>
public class RecordedCostTests
{
    private static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(RecordedCostTests).Assembly.GetManifestResourceStream($"traces/{file}");
        Assert.NotNull(stream);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static TokenUsage ReadUsage(JsonElement usage)
    {
        long Count(string name) => usage.GetProperty(name).GetInt64();
        return new TokenUsage(Count("input"), Count("output"))
        {
            CacheRead = Count("cache_read"),
            CacheWrite = Count("cache_write"),
            CacheWriteOneHour = Count("cache_write_1h"),
            Reasoning = Count("reasoning"),
        };
    }

    [Theory]
    [InlineData("mini-gemini3-django-django-11163.jsonl", 13)]
    [InlineData("mini-gemini3-django-django-12741.jsonl", 23)]
    public void Cost_OfARecordedCall_IsWhatTheRouterRecorded(string file, int recordedCalls)
    {
        var lines = Lines(file).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var start = lines[0].GetProperty("start").GetDateTimeOffset();
        var compared = 0;
        foreach (var call in lines.Skip(1).Where(line => line.TryGetProperty("recorded_cost_usd", out _)))
        {
            var at = start.AddMilliseconds(call.GetProperty("t").GetInt64());
            var model = call.GetProperty("model").GetString();
            var priced = PriceBook.Embedded.Price(
                call.GetProperty("provider").GetString(),
                model,
                at,
                ReadUsage(call.GetProperty("usage"))
            );
            Assert.Equal(Money.FromDollars(call.GetProperty("recorded_cost_usd").GetDecimal()), priced.Cost);
            compared++;
        }

        Assert.Equal(recordedCalls, compared);
    }

    // Two calls of another run of the same agent, as recorded there without a cost: more reasoning than output.
    [Theory]
    [InlineData(1823, 74, 201, "0.006058")] // 1,823 x 2 + 201 x 12
    [InlineData(1836, 47, 105, "0.004932")] // 1,836 x 2 + 105 x 12
    public void Reasoning_AboveOutputInARecordedCall_IsPricedWithAWarning(long input, long output, long reasoning, string dollars)
    {
        var usage = new TokenUsage(input, output) { Reasoning = reasoning };
        var priced = PriceBook.Embedded.Price("google", "gemini-3-pro-preview", TestBook.Noon, usage);

        Assert.Equal(Money.Parse(dollars), priced.Cost);
        Assert.Equal(PriceWarnings.ReasoningAboveOutput, priced.Warnings);
    }
}

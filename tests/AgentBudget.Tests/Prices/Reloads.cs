using System.Threading.Channels;

namespace AgentBudget.Tests.Prices;

/// <summary>What came of the looks at a folder of price files, one after the other.</summary>
internal sealed class Reloads
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    private readonly Channel<PriceReload> reloads = Channel.CreateUnbounded<PriceReload>();

    /// <summary>A file with one model, <c>m</c> of <c>ours</c>, at one rate, and further rates where they are given.</summary>
    public static string FileOf(string usd, string members = "") =>
        $$"""{ "provider": "ours", "models": [ { "model": "m", "rows": [ { "usd_per_million_tokens": { "input": "{{usd}}", "output": "{{usd}}" {{members}} }, "source": "https://example.com", "retrieved": "2026-01-01" } ] } ] }""";

    /// <summary>Options that follow the folder closely.</summary>
    public LivePricesOptions Of(string path) =>
        new()
        {
            Path = path,
            LookEvery = TimeSpan.FromMilliseconds(100),
            OnReload = reload => reloads.Writer.TryWrite(reload),
        };

    /// <summary>The next look that found a change.</summary>
    public async Task<PriceReload> NextAsync() =>
        await reloads.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(AtMost);
}

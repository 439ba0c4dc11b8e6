namespace AgentBudget.Pricing.Tests.Table;

public class AllocationTests
{
    [Theory]
    [InlineData("openai", "gpt-4o")]
    [InlineData(null, "claude-sonnet-4-5-20250929")]
    [InlineData("OpenRouter", "openrouter/openai/GPT-4o-2024-11-20")]
    [InlineData(null, "ft:gpt-4o-2024-08-06:acme::id")]
    [InlineData("google", "models/gemini-2.5-pro")]
    public void Price_OfAKnownName_AllocatesNothing(string? provider, string model)
    {
        var usage = new TokenUsage(1000, 100) { CacheRead = 500 };
        var terms = new CallTerms("batch");
        const int calls = 1000;
        Assert.True(PriceBook.Embedded.Price(provider, model, TestBook.Noon, usage, terms).IsPriced);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
            PriceBook.Embedded.Price(provider, model, TestBook.Noon, usage, terms);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // The runtime itself allocates a little on this thread while it warms up; a call that allocates takes 24 bytes or more.
        Assert.InRange(bytes, 0, calls * 8);
    }
}

using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace AgentBudget.Extensions.AI.Tests.Usage;

public sealed class EmbeddingTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Vectors_AreReservedFromTheTextsAndSettledByTheUsage()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var generator = new ScriptedVectors().WithBudget(session);
        await generator.GenerateAsync(["one", "two"], cancellationToken: Stop);
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
        // 7 tokens at $0.02 a million.
        Assert.Equal(Money.FromNanoDollars(140), await session.SpentAsync());
    }

    [Fact]
    public async Task Vectors_ThatDoNotFit_AreNotMade()
    {
        await using var session = await ledger.OpenAsync("0.000000001");
        var inner = new ScriptedVectors();
        using var generator = inner.WithBudget(session);
        await Assert.ThrowsAnyAsync<MoneyRefusedException>(() => generator.GenerateAsync(["one"], cancellationToken: Stop));
        Assert.Equal(0, inner.Calls);
    }

    [Fact]
    public async Task Budget_AroundACacheOfVectors_IsRefusedWhenBuilt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var cache = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var builder = new EmbeddingGeneratorBuilder<string, Embedding<float>>(new ScriptedVectors())
            .UseAgentBudget(session)
            .UseDistributedCache(cache);
        Assert.Throws<InvalidOperationException>(() => builder.Build());
    }

    [Fact]
    public async Task Budget_AroundABudgetOfVectors_IsRefusedWhenBuilt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var once = new ScriptedVectors().WithBudget(session);
        Assert.Throws<InvalidOperationException>(() => once.WithBudget(session));
    }
}

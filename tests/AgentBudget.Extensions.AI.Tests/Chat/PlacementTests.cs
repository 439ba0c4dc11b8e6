using AgentBudget.Extensions.AI.Tests.Fakes;
using AgentBudget.Http.Tests.Ledgers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>A budget in the wrong place of a pipeline is told when the pipeline is built. Trap 4: cache hits carry usage.</summary>
public sealed class PlacementTests(SharedLedger ledger)
{
    [Fact]
    public async Task Budget_AroundFunctionInvocation_IsRefusedWhenBuilt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var builder = new ChatClientBuilder(new ScriptedChatClient()).UseAgentBudget(session).UseFunctionInvocation();
        var thrown = Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Contains("UseAgentBudget behind UseFunctionInvocation", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_AroundACache_IsRefusedWhenBuilt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var builder = new ChatClientBuilder(new ScriptedChatClient()).UseAgentBudget(session).UseDistributedCache(Cache());
        Assert.Contains("cache", Assert.Throws<InvalidOperationException>(() => builder.Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_AroundABudget_IsRefusedWhenBuilt()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var once = new ScriptedChatClient().WithBudget(session);
        Assert.Throws<InvalidOperationException>(() => once.WithBudget(session));
    }

    [Fact]
    public async Task Answer_FromACacheAroundTheBudget_IsNotChargedAgain()
    {
        await using var session = await ledger.OpenAsync("1.00");
        var model = new ScriptedChatClient
        {
            Usage = new() { InputTokenCount = 100, OutputTokenCount = 10 },
        };
        using var client = new ChatClientBuilder(model)
            .UseFunctionInvocation()
            .UseDistributedCache(Cache())
            .UseOpenTelemetry()
            .UseAgentBudget(session)
            .Build();

        var stop = TestContext.Current.CancellationToken;
        var first = await client.GetResponseAsync("Say hello.", cancellationToken: stop);
        var second = await client.GetResponseAsync("Say hello.", cancellationToken: stop);

        Assert.Equal((1, first.Text, 10), (model.Calls, second.Text, second.Usage!.OutputTokenCount));
        Assert.Equal("Reserved, Settled", await session.RowsAsync());
    }

    // Trap 9: Semantic Kernel asks for it.
    [Fact]
    public async Task Metadata_OfTheClientWithin_IsFound()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var client = new ScriptedChatClient().WithBudget(session);
        Assert.Equal("gpt-5", client.GetService<ChatClientMetadata>()?.DefaultModelId);
    }

    private static MemoryDistributedCache Cache() => new(Options.Create(new MemoryDistributedCacheOptions()));
}

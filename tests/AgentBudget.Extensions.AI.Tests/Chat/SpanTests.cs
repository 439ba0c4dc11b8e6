using System.Collections.Concurrent;
using System.Diagnostics;
using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Chat;

/// <summary>What the span of a chat says of its money.</summary>
public sealed class SpanTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Span_OfAChat_SaysWhatItCostAndWhereTheSessionStands(bool isStream)
    {
        var source = $"chat-{Guid.CreateVersion7():N}";
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        using var client = ChatWay
            .OpenAiChat.Bare(provider.Address)
            .AsBuilder()
            .UseOpenTelemetry(sourceName: source)
            .UseAgentBudget(session)
            .Build();

        if (isStream)
            await client.GetStreamingResponseAsync("Say hello.", ChatWay.Options(500), Stop).ToChatResponseAsync(Stop);
        else
            await client.GetResponseAsync("Say hello.", ChatWay.Options(500), Stop);

        var span = Assert.Single(ended);
        var bill = await provider.BillAsync();
        Assert.Equal((double)bill.Dollars, span.GetTagItem("gen_ai.usage.cost"));
        Assert.Equal(bill.ToDecimalString(), span.GetTagItem("agentbudget.cost"));
        Assert.Equal(session.Id, span.GetTagItem("agentbudget.session"));
        Assert.Equal((Money.Parse("1.00") - bill).ToDecimalString(), span.GetTagItem("agentbudget.available"));
    }

    // The span of a request that a server answers is none of a chat.
    [Fact]
    public async Task Span_OfAnythingElse_IsNotTouched()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var client = new Fakes.ScriptedChatClient().WithBudget(session);
        using var other = new Activity("GET /").Start();
        await client.GetResponseAsync("Say hello.", cancellationToken: Stop);
        Assert.Null(other.GetTagItem("gen_ai.usage.cost"));
    }

    // A chat within an agent's turn, whose span stands around several.
    [Fact]
    public async Task Span_OfAnotherOperation_IsNotTouched()
    {
        await using var session = await ledger.OpenAsync("1.00");
        using var client = new Fakes.ScriptedChatClient().WithBudget(session);
        using var agent = new Activity("invoke_agent").SetTag("gen_ai.operation.name", "invoke_agent").Start();
        agent.IsAllDataRequested = true;
        await client.GetResponseAsync("Say hello.", cancellationToken: Stop);
        Assert.Null(agent.GetTagItem("gen_ai.usage.cost"));
    }
}

using System.ClientModel;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using OpenAI;
using OpenAI.Chat;

namespace AgentBudget.Http.Tests.Gates;

/// <summary>An agent whose model asks for the same tool again and again: it is stopped before the tool, and then before the
/// model.</summary>
public sealed class ToolLoopTests(SharedLedger ledger)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ToolLoop_OfAnAgent_IsStoppedAndTheProviderSeesNothingMore()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        await using var session = await ledger.OpenAsync("1.00");
        provider.Always = Script.Normal with { Tool = "search", Pieces = ["{\"query\":", "\"hard limits\"}"] };
        var options = new OpenAIClientOptions { Endpoint = new Uri(provider.Address, "v1") }.WithBudget(session);
        var chat = new OpenAIClient(new ApiKeyCredential("none"), options).GetChatClient("gpt-5");

        var looped = await Assert.ThrowsAsync<LoopDetectedException>(() => RunAsync(chat, session));
        var turns = provider.Calls.Count;
        await Assert.ThrowsAsync<LoopDetectedException>(() =>
            chat.CompleteChatAsync([new UserChatMessage("Go on.")], cancellationToken: Stop)
        );

        Assert.Equal(RefusalReason.LoopDetected, looped.Refusal.Reason);
        Assert.InRange(turns, 3, 10);
        Assert.Equal(turns, provider.Calls.Count);
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.EndsWith("Reserved, Settled, BreakerOpened", await session.RowsAsync());
    }

    private static async Task RunAsync(ChatClient chat, BudgetSession session)
    {
        var messages = new List<ChatMessage> { new UserChatMessage("What is a hard limit?") };
        while (true)
        {
            ChatCompletion answer = await chat.CompleteChatAsync(messages, cancellationToken: Stop);
            messages.Add(new AssistantChatMessage(answer));
            foreach (var call in answer.ToolCalls)
            {
                var arguments = call.FunctionArguments.ToString();
                var found = await session.RunToolAsync("search", "0", _ => Task.FromResult("nothing"), arguments, Stop);
                messages.Add(new ToolChatMessage(call.Id, found));
            }
        }
    }
}

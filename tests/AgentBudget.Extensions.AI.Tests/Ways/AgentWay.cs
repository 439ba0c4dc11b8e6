using System.Runtime.CompilerServices;
using AgentBudget.Http.Tests.Ways;
using Microsoft.Agents.AI;

namespace AgentBudget.Extensions.AI.Tests.Ways;

/// <summary>An agent of the Agent Framework.</summary>
public sealed class AgentWay(ChatWay way) : Way
{
    public override string Name => "agent-framework";

    public override string Model => way.Model;

    public override int Attempts => way.Attempts;

    public override async Task<string> AskAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken) =>
        (await Agent(session, provider).RunAsync("Say hello.", options: Options(cap), cancellationToken: cancellationToken)).Text;

    public override async IAsyncEnumerable<string> StreamAsync(
        BudgetSession session,
        Uri provider,
        int? cap,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var updates = Agent(session, provider).RunStreamingAsync("Say hello.", options: Options(cap), cancellationToken: cancellationToken);
        await foreach (var update in updates)
            yield return update.Text;
    }

    public override async Task<string?> LoopAsync(BudgetSession session, Uri provider, int? cap, CancellationToken cancellationToken)
    {
        var agent = new ChatClientAgent(way.Client(session, provider), tools: [ChatWay.Search(session)]);
        var response = await agent.RunAsync("What is a hard limit?", options: Options(cap), cancellationToken: cancellationToken);
        return response.Messages.GetBudgetStop()?.Reason;
    }

    private static ChatClientAgentRunOptions Options(int? cap) => new(ChatWay.Options(cap));

    private ChatClientAgent Agent(BudgetSession session, Uri provider) => new(way.Client(session, provider));
}

using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Ways;

/// <summary>The same with a budget also where its requests go over the wire: one call is one charge all the same.</summary>
public sealed class WiredChatWay(ChatWay way) : ChatWay(way.Name + "-and-wire", way.Model, way.Attempts, (http, uri) => way.Bare(uri, http))
{
    /// <summary>All of them, by name.</summary>
    public static new readonly IReadOnlyDictionary<string, WiredChatWay> All = new ChatWay[] { OpenAiChat, OpenAiResponses, Anthropic }
        .Select(way => new WiredChatWay(way))
        .ToDictionary(way => way.Name);

    public override IChatClient Client(BudgetSession session, Uri provider) => Bare(provider, session.HttpClient()).WithBudget(session);
}

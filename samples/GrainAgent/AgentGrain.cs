using Microsoft.Extensions.AI;

namespace GrainAgent;

/// <summary>An agent that lives in a grain.</summary>
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>Asks it; the session that the caller has entered pays.</summary>
    Task<string> AskAsync(string question);
}

/// <summary>It is handed a chat client, and no session: that comes with the call.</summary>
internal sealed class AgentGrain(IChatClient chat) : Grain, IAgentGrain
{
    private readonly List<ChatMessage> messages = [];

    public async Task<string> AskAsync(string question)
    {
        messages.Add(new ChatMessage(ChatRole.User, question));
        var answer = await chat.GetResponseAsync(messages);
        messages.AddMessages(answer);
        return answer.Text;
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>
/// Counts the calls of each session that have had their first turn: they have been decided, or wait for something. Calls arrive in any
/// order, so this is how a test knows that one has arrived.
/// </summary>
internal sealed class TurnCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, Channel<string>> turns = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var invoked = context.Invoke();
        if (context.TargetId.Key.ToString() is { } key)
            Of(key).Writer.TryWrite(context.MethodName);
        await invoked;
    }

    public Channel<string> Of(string sessionId) => turns.GetOrAdd(sessionId, _ => Channel.CreateUnbounded<string>());
}

/// <summary>The calls of one session that come after a moment.</summary>
public sealed class Turns
{
    private readonly ChannelReader<string> reader;

    internal Turns(TurnCounter counter, string sessionId)
    {
        reader = counter.Of(sessionId).Reader;
        while (reader.TryRead(out _)) { }
    }

    /// <summary>Ends when so many more calls have had their first turn.</summary>
    public async Task TakenAsync(int count = 1)
    {
        for (var i = 0; i < count; i++)
            await reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();
    }
}

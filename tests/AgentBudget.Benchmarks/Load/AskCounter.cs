using System.Collections.Concurrent;

namespace AgentBudget.Benchmarks.Load;

/// <summary>Counts what holders ask their parents for, each ask once, however often it is repeated.</summary>
internal sealed class AskCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(string Holder, long Ask), bool> asks = [];

    /// <summary>Asks for what a call lacks, or ahead of it, so far.</summary>
    public int Total => asks.Count;

    /// <summary>Asks by sessions, tenants aside.</summary>
    public ILookup<string, long> BySession() =>
        asks.Keys.Where(ask => !ask.Holder.StartsWith('~')).ToLookup(ask => ask.Holder, ask => ask.Ask);

    public void Clear() => asks.Clear();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == "HearAsync" && context.Request.GetArgument(0) is HolderWord word && IsAsking(word))
            asks.TryAdd((word.HolderId, word.Ask), true);
        return context.Invoke();
    }

    private static bool IsAsking(HolderWord word) => word.AtLeast > word.Granted || word.Wish > word.Granted;
}

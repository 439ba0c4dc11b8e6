using System.Collections.Concurrent;

namespace AgentBudget.Benchmarks.Load;

/// <summary>Counts what holders ask their parents for, each ask once, however often it is repeated.</summary>
internal sealed class AskCounter : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, bool>> asks = [];

    /// <summary>Asks for what a call lacks, or ahead of it, so far.</summary>
    public int Total => asks.Values.Sum(ofHolder => ofHolder.Count);

    /// <summary>Those by tenants below another.</summary>
    public int OfTenants => asks.Where(ofHolder => ofHolder.Key.StartsWith('~')).Sum(ofHolder => ofHolder.Value.Count);

    /// <summary>Asks by one session or tenant, so far.</summary>
    public int Of(string holderId) => asks.TryGetValue(holderId, out var ofHolder) ? ofHolder.Count : 0;

    public void Clear() => asks.Clear();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.MethodName == "HearAsync" && context.Request.GetArgument(0) is HolderWord word && IsAsking(word))
            asks.GetOrAdd(word.HolderId, _ => []).TryAdd(word.Ask, true);
        return context.Invoke();
    }

    private static bool IsAsking(HolderWord word) => word.AtLeast > word.Granted || word.Wish > word.Granted;
}

using System.Diagnostics.CodeAnalysis;

namespace AgentBudget.Http.Responses;

/// <summary>
/// What is known of responses that providers keep, for the whole process: how many tokens one stands for that is gone on from, of which the
/// oldest are forgotten, and the money of calls that are still made in the background, which nothing else displaces.
/// </summary>
internal static class KeptResponses
{
    /// <summary>The most whose tokens are known.</summary>
    public const int Most = 4_096;

    /// <summary>The most calls in the background whose money is kept.</summary>
    public const int MostOpen = 4_096;

    /// <summary>The longest id that is kept, in characters.</summary>
    public const int LongestId = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, long> Tokens = [];
    private static readonly Queue<string> Order = new();
    private static readonly Dictionary<string, BudgetedCall> Open = [];

    /// <summary>Tokens that going on from a response brings along; null where it is not known.</summary>
    public static long? TokensOf(string? id)
    {
        lock (Gate)
            return id is not null && Tokens.TryGetValue(id, out var tokens) && tokens > 0 ? tokens : null;
    }

    public static void Remember(string id, long tokens)
    {
        if (id.Length > LongestId)
            return;
        lock (Gate)
        {
            if (!Tokens.ContainsKey(id))
                Order.Enqueue(id);
            Tokens[id] = tokens;
            if (Order.Count > Most)
                Tokens.Remove(Order.Dequeue());
        }
    }

    /// <summary>Keeps the money of a call that is made in the background, until its response is asked for again.</summary>
    /// <returns>Whether it is kept. Where it is not, nobody will come back to it: it is to be settled now.</returns>
    public static bool TryKeepOpen(string id, BudgetedCall money)
    {
        if (id.Length > LongestId)
            return false;
        lock (Gate)
        {
            if (Open.Count >= MostOpen || !Open.TryAdd(id, money))
                return false;
        }

        money.KeepOpen();
        return true;
    }

    /// <summary>The money of a call in the background; null for none.</summary>
    public static bool TryFindOpen(string id, [NotNullWhen(true)] out BudgetedCall? money)
    {
        lock (Gate)
            return Open.TryGetValue(id, out money);
    }

    /// <summary>A call in the background has come to its end.</summary>
    public static void Forget(string id)
    {
        lock (Gate)
            Open.Remove(id);
    }
}

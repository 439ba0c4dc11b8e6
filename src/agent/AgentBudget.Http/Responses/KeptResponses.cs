namespace AgentBudget.Http.Responses;

/// <summary>
/// What is known of responses that providers keep, for the whole process: how many tokens one stands for that is gone on from. The oldest
/// are forgotten.
/// </summary>
internal static class KeptResponses
{
    /// <summary>The most whose tokens are known.</summary>
    public const int Most = 4_096;

    /// <summary>The longest id that is kept, in characters.</summary>
    public const int LongestId = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, long> Tokens = [];
    private static readonly Queue<string> Order = new();

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
}

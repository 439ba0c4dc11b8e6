namespace AgentBudget.Http.Responses;

/// <summary>
/// What is known of responses that providers keep, for the whole process: how many tokens one stands for that is gone on from, and the
/// calls that are still made in the background. The oldest are forgotten.
/// </summary>
internal static class KeptResponses
{
    /// <summary>The most that are known.</summary>
    public const int Most = 4_096;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, (long Tokens, BudgetedCall? Money)> Known = [];
    private static readonly Queue<string> Order = new();

    /// <summary>Tokens that going on from a response brings along; null where it is not known.</summary>
    public static long? TokensOf(string? id)
    {
        lock (Gate)
            return id is not null && Known.TryGetValue(id, out var known) && known.Tokens > 0 ? known.Tokens : null;
    }

    public static void Remember(string id, long tokens) => Set(id, tokens, null);

    /// <summary>Keeps the money of a call that is made in the background, until its response is asked for again.</summary>
    public static void KeepOpen(string id, BudgetedCall money)
    {
        money.KeepOpen();
        Set(id, 0, money);
    }

    /// <summary>The money of a call in the background; null for none.</summary>
    public static BudgetedCall? FindOpen(string id)
    {
        lock (Gate)
            return Known.TryGetValue(id, out var known) ? known.Money : null;
    }

    private static void Set(string id, long tokens, BudgetedCall? money)
    {
        if (id.Length > 256)
            return;
        lock (Gate)
        {
            if (!Known.ContainsKey(id))
                Order.Enqueue(id);
            Known[id] = (tokens, money);
            if (Order.Count > Most)
                Known.Remove(Order.Dequeue());
        }
    }
}

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>The money of responses that are made in the background, for the whole process, until they are asked for again. The oldest are
/// forgotten; their reservations expire.</summary>
internal static class PendingResponses
{
    /// <summary>The most that are known.</summary>
    public const int Most = 4_096;

    private const int LongestId = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, BudgetedCall> Known = [];
    private static readonly Queue<string> Order = new();

    /// <summary>Keeps the money of a call that goes on.</summary>
    public static void KeepOpen(string? id, BudgetedCall money)
    {
        money.KeepOpen();
        if (id is null || id.Length > LongestId)
            return;
        lock (Gate)
        {
            if (Known.TryAdd(id, money))
                Order.Enqueue(id);
            if (Order.Count > Most)
                Known.Remove(Order.Dequeue());
        }
    }

    /// <summary>The money of a call that has come to its end; null where nobody knows of it.</summary>
    public static BudgetedCall? Take(string? id)
    {
        lock (Gate)
            return id is not null && Known.Remove(id, out var money) ? money : null;
    }
}

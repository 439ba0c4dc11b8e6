using System.Diagnostics.CodeAnalysis;

namespace AgentBudget.Client.Calls;

/// <summary>The money of calls whose responses are made in the background, for the whole process, by the id of the response, until somebody
/// asks for it again: off the wire, or by a chat client. Nothing displaces what is kept, but, where there is no room, what nobody came back
/// to while its money was set aside.</summary>
internal static class PendingCalls
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 4_096;

    /// <summary>The longest id that is kept, in characters.</summary>
    public const int LongestId = 256;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, BudgetedCall> Kept = [];

    /// <summary>Keeps the money of a call that goes on.</summary>
    /// <returns>Whether it is kept. Where it is not, nobody will come back to it: it is to be settled now.</returns>
    public static bool TryKeepOpen(string? id, BudgetedCall money)
    {
        if (id is not { Length: > 0 and <= LongestId })
            return false;
        lock (Gate)
        {
            if (Kept.Count >= Most)
                ForgetOneThatHasGoneBack();
            if (Kept.Count >= Most || !Kept.TryAdd(id, money))
                return false;
        }

        money.KeepOpen();
        return true;
    }

    // That a call has an end says nothing: one that is kept open has it in somebody else's hands.
    private static void ForgetOneThatHasGoneBack()
    {
        foreach (var (id, money) in Kept)
        {
            if (!money.HasGoneBack)
                continue;
            Kept.Remove(id);
            return;
        }
    }

    /// <summary>Whether the money of a response is kept.</summary>
    public static bool IsKept(string? id) => TryFind(id, out _);

    /// <summary>Finds the money of a response, and goes on keeping it.</summary>
    public static bool TryFind(string? id, [NotNullWhen(true)] out BudgetedCall? money)
    {
        money = null;
        lock (Gate)
            return id is not null && Kept.TryGetValue(id, out money);
    }

    /// <summary>The money of a call that has come to its end; null where nobody knows of it, or somebody has taken it.</summary>
    public static BudgetedCall? Take(string? id)
    {
        lock (Gate)
            return id is not null && Kept.Remove(id, out var money) ? money : null;
    }
}

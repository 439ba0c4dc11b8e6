namespace AgentBudget.Extensions.AI.Chat;

/// <summary>Which calls of steps are under way in one chat client: two that send the same at once, as samples of one prompt do, are two
/// calls, and have money of their own.</summary>
internal sealed class StepsUnderWay
{
    /// <summary>The most that are told apart; calls beyond have no key.</summary>
    private const int Most = 16_384;

    private readonly Lock gate = new();

    // Null while money is set aside for it.
    private readonly Dictionary<(string Session, string Key), WeakReference<BudgetedCall>?> known = [];

    /// <summary>Begins one, unless one of that name is under way.</summary>
    public bool TryBegin((string Session, string Key) name)
    {
        lock (gate)
        {
            if (known.TryGetValue(name, out var other) && IsUnderWay(other))
                return false;
            if (known.Count >= Most)
                ForgetEnded();
            if (known.Count >= Most)
                return false;
            known[name] = null;
            return true;
        }
    }

    /// <summary>It has its money, or none.</summary>
    public void Reserved((string Session, string Key) name, BudgetedCall? money)
    {
        lock (gate)
        {
            if (money is null)
                known.Remove(name);
            else
                known[name] = new WeakReference<BudgetedCall>(money);
        }
    }

    private static bool IsUnderWay(WeakReference<BudgetedCall>? other) =>
        other is null || (other.TryGetTarget(out var money) && !IsOver(money));

    // One that is made in the background counts as ended here, and is billed all the same.
    private static bool IsOver(BudgetedCall money) => money.IsKeptOpen ? money.HasGoneBack : money.HasEnded;

    private void ForgetEnded()
    {
        foreach (var name in known.Where(pair => !IsUnderWay(pair.Value)).Select(pair => pair.Key).ToArray())
            known.Remove(name);
    }
}

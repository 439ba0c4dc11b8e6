namespace AgentBudget.Orleans.PostgreSql.Appending;

/// <summary>
/// The numbers of sessions that were met lately. A number that is no longer right does no harm: no head has it, so the append is fenced
/// and the number forgotten.
/// </summary>
internal sealed class SessionNumbers
{
    private const int MaxKnown = 65_536;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);

    public bool TryGet(string ledgerId, out long number)
    {
        lock (gate)
            return known.TryGetValue(ledgerId, out number);
    }

    public void Remember(string ledgerId, long number)
    {
        lock (gate)
        {
            if (known.Count >= MaxKnown)
                known.Clear();
            known[ledgerId] = number;
        }
    }

    public void Forget(string ledgerId)
    {
        lock (gate)
            known.Remove(ledgerId);
    }
}

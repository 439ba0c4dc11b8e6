using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract.Clusters;

/// <summary>What has to hold of every stored timeline, whatever happened to it.</summary>
public static class Timelines
{
    /// <summary>The whole timeline of a session, after a check of the laws that can be seen in it.</summary>
    public static async Task<IReadOnlyList<Entry>> LawfulAsync(this ILedgerStore store, string sessionId)
    {
        var entries = await store.ReadAsync(sessionId, 1, int.MaxValue, TestContext.Current.CancellationToken);
        var stored = await store.LoadAsync(sessionId, TestContext.Current.CancellationToken);
        // L7: numbered 1..N, time does not run back, and the head is at the last.
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(number => (long)number), entries.Select(entry => entry.Sequence));
        Assert.Equal(entries.Select(entry => entry.At).Order(), entries.Select(entry => entry.At));
        Assert.Equal(entries.Count, stored?.Head.Sequence ?? 0);
        // L4: a key stands once.
        var keys = entries.Select(entry => entry.Key).OfType<string>().ToArray();
        Assert.Equal(keys.Distinct(), keys);
        foreach (var entry in entries)
            AssertMoney(entry.After);
        if (stored is not null)
            AssertMoney(stored.Head.Standing);
        return entries;
    }

    /// <summary>L1 and L2 of one state.</summary>
    public static void AssertMoney(Standing standing)
    {
        Assert.Equal(standing.Budget, standing.Available + standing.Reserved + standing.Settled);
        Assert.Equal(standing.Spent, standing.Settled + standing.Overage);
        Assert.True(standing.Settled + standing.Reserved <= standing.Budget, $"{standing} authorises more than its budget");
        foreach (var amount in new[] { standing.Available, standing.Reserved, standing.Settled, standing.Overage })
            Assert.True(amount >= Money.Zero, $"{standing} has a negative term");
    }

    /// <summary>The entry under a key; it stands once.</summary>
    public static Entry Of(this IEnumerable<Entry> entries, string key) => Assert.Single(entries, entry => entry.Key == key);
}

using FakeProvider;

namespace AgentBudget.Http.Tests.Ledgers;

/// <summary>Shorthand for what tests read of a session and of a provider.</summary>
internal static class SessionReading
{
    /// <summary>The rows of the timeline, as words: <c>Reserved, Settled</c>. That it was opened is left out.</summary>
    public static async Task<string> RowsAsync(this BudgetSession session) =>
        string.Join(", ", (await session.EntriesAsync()).Where(entry => entry.Kind != EntryKind.Opened).Select(entry => entry.Kind));

    public static async Task<List<Entry>> EntriesAsync(this BudgetSession session, EntryKind? kind = null)
    {
        // The report waits for settlements under way, the timeline does not.
        await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken);
        var entries = new List<Entry>();
        await foreach (var entry in session.TimelineAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            if (kind is null || entry.Kind == kind)
                entries.Add(entry);
        }

        return entries;
    }

    public static async Task<Money> SpentAsync(this BudgetSession session) =>
        (await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).Standing.Spent;

    /// <summary>The provider's whole bill, once it has noticed who has gone.</summary>
    public static async Task<Money> BillAsync(this LoopbackProvider provider)
    {
        await provider.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return Money.FromDollars(provider.Bill);
    }

    public static void Within(Money amount, Money least, Money most) =>
        Assert.True(amount >= least && amount <= most, $"{amount} is not from {least} to {most}");
}

namespace AgentBudget.Client.Tests.Ledgers;

/// <summary>Shorthand for what tests read of a session.</summary>
internal static class SessionReading
{
    public static readonly Money FiveCents = Money.Parse("0.05");

    public static Money Dollars(string dollars) => Money.Parse(dollars);

    public static async Task<Standing> NowAsync(this BudgetSession session) =>
        (await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).Standing;

    /// <summary>Ends when so many calls wait in the session's line.</summary>
    public static async Task WhenWaitingAsync(this BudgetSession session, int count)
    {
        while ((await session.ReportAsync(cancellationToken: TestContext.Current.CancellationToken)).CallsWaiting != count)
            await Task.Yield();
    }

    /// <summary>Ends when so much is set aside.</summary>
    public static async Task WhenReservedAsync(this BudgetSession session, string dollars)
    {
        while ((await session.NowAsync()).Reserved != Dollars(dollars))
            await Task.Yield();
    }

    public static async Task<List<Entry>> EntriesAsync(this BudgetSession session, EntryKind? kind = null)
    {
        var entries = new List<Entry>();
        await foreach (var entry in session.TimelineAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            if (kind is null || entry.Kind == kind)
                entries.Add(entry);
        }

        return entries;
    }

    /// <summary>A model call of a known most and a known cost, wrapped.</summary>
    public static Task<string> CallAsync(this BudgetSession session, string most, string cost, Action? made = null, bool isFinal = false) =>
        session.WrapAsync(
            CallEstimate.Model("gpt-5", most),
            _ =>
            {
                made?.Invoke();
                return Task.FromResult("answer");
            },
            _ => ActualCost.Of(cost),
            isFinal,
            TestContext.Current.CancellationToken
        );
}

namespace AgentBudget.Orleans.Sessions;

/// <summary>What is told of a session: its report, and its timeline in pages.</summary>
internal sealed class SessionReports(SessionExecutor session)
{
    public async Task<SessionReport?> ReportAsync(ReportQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Events, SessionReport.MaxEvents);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.FromSequence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.FromChild, 1);
        var loaded = await session.LoadedAsync();
        var now = await loaded.ExpireDueAsync();
        if (!loaded.Ledger.Head.IsOpened)
            return null;
        // What is read below is decided; it may be told when it is durable.
        var report = SessionReport.Of(loaded.Ledger, query.Child, [], now, query.FromChild);
        await loaded.WhenDurableAsync();
        if (report is null || query.Events == 0)
            return report;
        var events = await session.ReadAsync(query.FromSequence, query.Events);
        return report.WithEvents(events.Where(entry => entry.Sequence <= report.Standing.Sequence).ToArray());
    }

    public async Task<TimelinePage?> TimelineAsync(long fromSequence, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromSequence, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SessionReport.MaxEvents);
        var loaded = await session.LoadedAsync();
        var total = loaded.Ledger.Head.Sequence;
        if (!loaded.Ledger.Head.IsOpened)
            return null;
        await loaded.WhenDurableAsync();
        var entries = await session.ReadAsync(fromSequence, count);
        return new TimelinePage { Entries = entries.Where(entry => entry.Sequence <= total).ToArray(), Total = total };
    }
}

namespace AgentBudget.Orleans.Sessions;

// What keeps it from growing for ever, and ends it.
internal sealed partial class SessionExecutor
{
    public async Task RescheduleAsync(DateTimeOffset dueAt) => await (await LoadedAsync()).RescheduleAsync(dueAt);

    public async Task TrimAsync(long throughSequence) => await services.Store.TrimAsync(sessionId, throughSequence, CancellationToken.None);

    public async Task<IReadOnlyList<HolderRow>> ReadClosedHoldersAsync(long afterNumber, int count) =>
        await services.Store.ReadClosedHoldersAsync(sessionId, afterNumber, count, CancellationToken.None);

    public async Task DropHoldersAsync(IReadOnlyList<HolderRow> closed)
    {
        var gone = new List<long>();
        foreach (var row in closed)
        {
            if (await IsGoneAsync(row))
                gone.Add(row.Number);
        }

        if (gone.Count > 0)
            await services.Store.DropHoldersAsync(sessionId, gone, CancellationToken.None);
    }

    // By the store, never by time: what is there can still say what it spent late, and so may one day what cannot be read.
    private async Task<bool> IsGoneAsync(HolderRow row)
    {
        try
        {
            return (await services.Store.LoadHeadAsync(row.HolderId, CancellationToken.None))?.Life != row.HolderLife;
        }
        catch (BudgetUnavailableException)
        {
            return false;
        }
    }

    public ValueTask<bool> MayPurgeAsync(SessionHead head, DateTimeOffset now) =>
        services.Feed.IsPastAsync(head, now, CancellationToken.None);

    public async Task PurgeAsync(SessionHead head)
    {
        await services.Store.PurgeAsync(sessionId, head.Life, head.Sequence, CancellationToken.None);
        end.Begin();
    }
}

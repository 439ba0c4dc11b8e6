using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Ledgers;

/// <summary>A ledger that is reached through a client, in this process or another: it is looked at as it is, and can be acted on.</summary>
internal sealed class ClientView(LedgerAddress address, ILedgerConnection connection) : ILedgerView
{
    public LedgerAddress Address => address;

    /// <summary>Acts.</summary>
    public AgentBudgetClient Client => connection.Client;

    /// <summary>Its grains, for what the client does not do.</summary>
    public IGrainFactory Grains => connection.Grains;

    public EventFeed Events => Client.Events;

    public Task<SessionsPage> ListAsync(SessionsQuery query, CancellationToken cancellationToken) =>
        AskAsync(() => Client.SessionsAsync(query, cancellationToken));

    public Task<SessionSummary?> FindOrNullAsync(string sessionId, CancellationToken cancellationToken) =>
        AskAsync(() => Client.FindSessionAsync(sessionId, cancellationToken));

    public async Task<SessionReport?> ReportOrNullAsync(
        string sessionId,
        long fromSequence,
        int events,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await AskAsync(() => Client.Get(sessionId).ReportAsync(events, fromSequence, cancellationToken));
        }
        catch (RefusedException refused) when (refused.Refusal.Reason == RefusalReason.SessionUnknown)
        {
            return null;
        }
    }

    public Task<Entry?> EntryAsync(string sessionId, long sequence, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            await foreach (var entry in Client.Get(sessionId).TimelineAsync(sequence, cancellationToken))
                return entry;
            return null;
        });

    public Task<TenantReport?> TenantAsync(TenantPath path, CancellationToken cancellationToken) =>
        AskAsync(() => Client.Tenant(path.ToString()).ReportAsync(cancellationToken));

    public Task<TenantSpend?> SpendAsync(TenantPath path, TenantSpendQuery query, CancellationToken cancellationToken) =>
        AskAsync(() => Client.Tenant(path.ToString()).SpendAsync(query.DayBefore, query.Names, cancellationToken));

    public Task<IReadOnlyList<Entry>> HistoryAsync(TenantPath path, int count, CancellationToken cancellationToken) =>
        AskAsync(() => Client.Tenant(path.ToString()).HistoryAsync(count, cancellationToken));

    /// <summary>Does something, and says what to do where nobody knows whether it was done.</summary>
    /// <param name="act">Does it.</param>
    /// <param name="look">The command that shows whether it was done, behind the tool's name.</param>
    /// <param name="key">The key under which it is done once, however often it is sent; null for what is so anyway.</param>
    /// <exception cref="CommandFailedException">The server stopped answering.</exception>
    public async Task<T> ActAsync<T>(Func<Task<T>> act, string look, string? key = null)
    {
        var again = key is null ? "and do it again if it was not" : $"or do it again with --key {key}, which does it once";
        try
        {
            return await act();
        }
        catch (BudgetUnavailableException exception) when (address.Server is not null)
        {
            throw new CommandFailedException(
                $"The server at {address.Server} does not answer any more ({exception.Message.TrimEnd('.')}). Look whether it was done "
                    + $"with \"agentbudget {look} {address.Option}\", {again}."
            );
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (BudgetUnavailableException exception) when (address.Server is not null)
        {
            throw new CommandFailedException(
                $"The server at {address.Server} does not answer any more ({exception.Message.TrimEnd('.')}); try again when it is back."
            );
        }
    }
}

using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Ledgers;

/// <summary>Opens ledgers, wherever they are.</summary>
internal static class LedgerAccess
{
    /// <summary>Opens one to look at it; others may be writing it.</summary>
    /// <param name="address">Which.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ILedgerView> ViewAsync(this LedgerAddress address, TimeProvider time, CancellationToken cancellationToken) =>
        address.Store is not null
            ? await LedgerReader.OpenAsync(address, time, cancellationToken)
            : new ClientView(address, await ServerConnection.OpenAsync(address.Server!, time, cancellationToken));

    /// <summary>Opens one to act on it. It is never made here.</summary>
    /// <param name="address">Which.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ensure">Looks at it first: what is wrong is found before anything is locked or written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ClientView> OpenAsync(
        this LedgerAddress address,
        TimeProvider time,
        Func<ILedgerView, Task> ensure,
        CancellationToken cancellationToken
    )
    {
        if (address.Store is { } store)
        {
            await using (var reader = await LedgerReader.OpenAsync(address, time, cancellationToken))
                await ensure(reader);
            return new ClientView(address, await EmbeddedConnection.OpenAsync(store, time, cancellationToken));
        }

        var view = new ClientView(address, await ServerConnection.OpenAsync(address.Server!, time, cancellationToken));
        try
        {
            await ensure(view);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }
}

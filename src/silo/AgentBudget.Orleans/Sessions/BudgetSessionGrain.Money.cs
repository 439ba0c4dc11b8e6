namespace AgentBudget.Orleans.Sessions;

/// <summary>Where a session has less of its tenant's money in hand than is asked of it: the tenant is asked before anyone is
/// refused.</summary>
internal sealed partial class BudgetSessionGrain
{
    // A recall over a thousand holders takes a second; who asks is answered within the time-out of a write.
    private static readonly TimeSpan MoneyWait = TimeSpan.FromMilliseconds(2_500);

    // A hundred callers of one session may each take what was granted for another: only time ends it, and a tenant that refuses.
    private const int MostAsks = 64;

    private async Task<Executed> AskAndExecuteAsync(SessionCommand command, Executed executed)
    {
        var began = Services.Time.GetTimestamp();
        for (var asks = 0; executed.LacksParentsMoney && asks < MostAsks && await AskAsync(began); asks++)
            executed = await session.ExecuteAsync(command);
        return executed;
    }

    // A child may ask for more than the session has in hand.
    private async Task<LedgerMessage?> ReceiveAsync(LedgerMessage message)
    {
        var began = Services.Time.GetTimestamp();
        var reply = await session.ReceiveAsync(message);
        for (var asks = 0; session.LacksMoneyFor(reply) && asks < MostAsks && await AskAsync(began); asks++)
            reply = await session.ReceiveAsync(message);
        return reply;
    }

    private async Task<bool> AskAsync(long began)
    {
        var left = MoneyWait - Services.Time.GetElapsedTime(began);
        return left > TimeSpan.Zero && await Correspondence.AskForMoneyAsync(left);
    }
}

using AgentBudget.Orleans.Between;

namespace AgentBudget.Orleans.Sessions;

/// <summary>Where a ledger has less of its parent's money in hand than is asked of it: the parent is asked before anyone is
/// refused.</summary>
internal sealed class MoneyAsks(SessionExecutor session, Correspondence correspondence)
{
    // A recall over a thousand holders takes a second; who asks is answered within the time-out of a write.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(2_500);

    // A hundred callers of one session may each take what was granted for another: only time ends it, and a tenant that refuses.
    private const int Most = 64;

    /// <summary>Decides a command anew until it lacks nothing, or is refused for good.</summary>
    public async Task<Executed> ExecuteAsync(SessionCommand command, Executed executed)
    {
        var began = session.Services.Time.GetTimestamp();
        for (var asks = 0; executed.LacksParentsMoney && asks < Most && await AskAsync(began); asks++)
            executed = await session.ExecuteAsync(command);
        return executed;
    }

    /// <summary>Hears a message. A holder may ask for more than is in hand, and a session that is to be opened as well.</summary>
    public async Task<LedgerMessage?> ReceiveAsync(LedgerMessage message)
    {
        var began = session.Services.Time.GetTimestamp();
        var reply = await session.ReceiveAsync(message);
        for (var asks = 0; session.LacksMoneyFor(reply) && asks < Most && await AskAsync(began); asks++)
            reply = await session.ReceiveAsync(message);
        return reply;
    }

    private async Task<bool> AskAsync(long began)
    {
        var left = LongestWait - session.Services.Time.GetElapsedTime(began);
        return left > TimeSpan.Zero && await correspondence.AskForMoneyAsync(left);
    }
}

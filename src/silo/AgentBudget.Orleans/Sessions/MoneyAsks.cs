using AgentBudget.Ledger;
using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Between;

namespace AgentBudget.Orleans.Sessions;

/// <summary>Where a ledger has less of its parent's money in hand than is asked of it: the parent is asked before anyone is
/// refused.</summary>
internal sealed class MoneyAsks(SessionExecutor session, Correspondence correspondence)
{
    // A hundred callers of one session may each take what was granted for another: only time ends it, and a tenant that refuses.
    private const int Most = 64;

    /// <summary>Decides a command anew until it lacks nothing, or is refused for good.</summary>
    public async Task<Executed> ExecuteAsync(SessionCommand command, Executed executed)
    {
        var began = session.Services.Time.GetTimestamp();
        for (var asks = 0; executed.LacksParentsMoney && asks < Most && await AskAsync(began); asks++)
            executed = await session.ExecuteAsync(command);
        return executed.LacksParentsMoney && session.IsParentsAnswerNear ? ToComeAgainSoon(executed) : executed;
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

    private static Executed ToComeAgainSoon(Executed executed) =>
        executed.Answer.Refusal is { Reason: RefusalReason.InsufficientNow } refusal
            ? executed with
            {
                Answer = executed.Answer with { Refusal = refusal with { RetryAfter = ReserveRules.RetryWhileAsked } },
            }
            : executed;

    private async Task<bool> AskAsync(long began)
    {
        var left = Needs.CallWaits - session.Services.Time.GetElapsedTime(began);
        return left > TimeSpan.Zero && await correspondence.AskForMoneyAsync(left);
    }
}

using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Sessions;

// Commands: decided in one turn, answered when that is durable.
internal sealed partial class SessionExecutor
{
    /// <summary>Asks for the memory that a command is going to touch. First of all: it comes while the command is looked at.</summary>
    public void Prefetch(SessionCommand command)
    {
        if (Prefetcher.IsSupported)
            current?.Prefetch(command.KeyHash);
    }

    /// <summary>Decides a command, and answers when all that the answer stands on is durable.</summary>
    /// <param name="command">The command.</param>
    /// <param name="admission">What a tenant has answered to a session that is to be opened.</param>
    /// <exception cref="BudgetUnavailableException">Whether it was recorded is unknown, or it was not.</exception>
    public async ValueTask<Executed> ExecuteAsync(SessionCommand command, LedgerMessage? admission = null)
    {
        var begun = await BeginAsync(command, admission);
        try
        {
            await begun.Durable;
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(begun, exception);
        }

        return Finish(begun);
    }

    /// <summary>The first half of it: decides the command. Nobody may be answered before what comes back is durable, and
    /// <see cref="Finish"/> or <see cref="Failed(in Begun, Exception)"/> is called.</summary>
    /// <remarks>For the path of every call: with the wait in the caller's own method, a call that waits for the disk comes back on the
    /// activation's scheduler once and not twice.</remarks>
    /// <exception cref="BudgetUnavailableException">It was not recorded.</exception>
    public ValueTask<Begun> BeginAsync(SessionCommand command, LedgerMessage? admission = null)
    {
        command.Validate();
        return current is { } session && !session.NeedsLookUp(command)
            ? ValueTask.FromResult(Begin(session, command, admission))
            : LoadAndBeginAsync(command, admission);
    }

    /// <summary>The second half: it is durable.</summary>
    public Executed Finish(in Begun begun)
    {
        waiters?.See(begun.Session);
        return new Executed(begun.Decided.Answer, begun.Decided.Ended, begun.Decided.LacksParentsMoney);
    }

    /// <summary>The second half where it is not, or that is unknown: what the caller is told.</summary>
    public Exception Failed(in Begun begun, Exception exception) => Failed(begun.Session, exception);

    private async ValueTask<Begun> LoadAndBeginAsync(SessionCommand command, LedgerMessage? admission)
    {
        var session = current ?? await LoadedAsync();
        if (!session.NeedsLookUp(command))
            return Begin(session, command, admission);
        try
        {
            return Served(session, await session.LookUpAndDecideAsync(command, admission));
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(session, exception);
        }
    }

    private Begun Begin(ActiveSession session, SessionCommand command, LedgerMessage? admission)
    {
        try
        {
            var lookUps = admission is null ? LookUps.None : LookUps.None with { Admission = admission };
            return Served(session, session.Decide(command, lookUps));
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(session, exception);
        }
    }

    // Those who wait in line come first to what it has freed.
    private Begun Served(ActiveSession session, Decided decided)
    {
        waiters?.Queue.Serve(session);
        return new Begun(session, decided);
    }
}

namespace AgentBudget.Orleans.Sessions;

// Commands: decided in one turn, answered when that is durable.
internal sealed partial class SessionExecutor
{
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
    public async ValueTask<Begun> BeginAsync(SessionCommand command, LedgerMessage? admission = null)
    {
        command.Validate();
        var session = current ?? await LoadedAsync();
        try
        {
            var decided = session.NeedsLookUp(command)
                ? await session.LookUpAndDecideAsync(command, admission)
                : session.Decide(command, admission is null ? LookUps.None : LookUps.None with { Admission = admission });
            waiters?.Queue.Serve(session);
            return new Begun(session, decided);
        }
        catch (Exception exception) when (IsOfTheLedger(exception))
        {
            throw Failed(session, exception);
        }
    }

    /// <summary>The second half: it is durable.</summary>
    public Executed Finish(in Begun begun)
    {
        waiters?.See(begun.Session);
        return new Executed(begun.Decided.Answer, begun.Decided.Ended, begun.Decided.LacksParentsMoney);
    }

    /// <summary>The second half where it is not, or that is unknown: what the caller is told.</summary>
    public Exception Failed(in Begun begun, Exception exception) => Failed(begun.Session, exception);
}

using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>
/// What one ledger says to its parent and to the holders of its money, and when. What is said, and what comes of an answer, the ledger
/// decides; everything that is said is durable before. Runs on the activation's scheduler.
/// </summary>
internal sealed class Correspondence : IUnfinishedBusiness
{
    /// <summary>How long a caller waits for other ledgers; what is under way then goes on without it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan HoldersAgain = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TellWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HoldWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TenantsHoldWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HoldAgain = TimeSpan.FromMilliseconds(250);

    private readonly ISessionExecutor session;
    private readonly IPeers peers;
    private readonly TimeProvider time;
    private readonly ParentTalk parent;
    private readonly HolderTalk holders;
    private readonly Talk withParent;
    private readonly Talk withHolders;
    private readonly BackOff ofParent;

    public Correspondence(ISessionExecutor session, IPeers peers, TimeProvider time, Task end)
    {
        (this.session, this.peers, this.time) = (session, peers, time);
        var ofHolders = new BackOff(time);
        ofParent = new BackOff(time);
        holders = new HolderTalk(session, peers, ofHolders, time, end);
        withHolders = new Talk(holders.TellOwedAsync, ofHolders, time, end);
        parent = new ParentTalk(session, peers, ofParent, holders, withHolders);
        withParent = new Talk(parent.TellOwedAsync, ofParent, time, end);
    }

    /// <summary>
    /// A child whose money has not arrived gets it before anything is decided: it was opened and answered by its parent, and only a
    /// crash or a loss has come in between.
    /// </summary>
    public async Task AwaitFirstGrantAsync()
    {
        try
        {
            await parent.TellForACallerAsync().WaitAsync(TellWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // The operation is refused as one for which there is no money now.
        }
    }

    /// <summary>Asks the tenant for what a call lacks, and waits until it has answered, or for a while.</summary>
    /// <returns>Whether it could be reached.</returns>
    public async Task<bool> AskForMoneyAsync(TimeSpan atMost)
    {
        var began = time.GetTimestamp();
        try
        {
            await parent.TellUrgentAsync().WaitAsync(atMost, time);
            var left = atMost - time.GetElapsedTime(began);
            await session.WhenParentAnsweredAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            return true;
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // The call is refused as one for which there is no money now.
            await WakeAsync();
            return false;
        }
    }

    /// <summary>Asks the tenant of a session that is to be opened.</summary>
    /// <exception cref="BudgetUnavailableException">It cannot be asked; nothing was opened.</exception>
    public async Task<LedgerMessage> AskForAdmissionAsync(AdmissionRequest request)
    {
        var answer = await peers.SayAsync(request.ParentId, request);
        return SessionLedger.IsAnswer(answer, request)
            ? answer!
            : throw new BudgetUnavailableException("The tenant has not answered; nothing was opened. Send it again.");
    }

    /// <summary>Has a tenant hear the defaults that it inherits, where it has not lately.</summary>
    public async Task HearDefaultsAsync()
    {
        var now = await session.ExpireDueAsync();
        var ledger = await session.LedgerAsync();
        if (!ledger.LacksInheritance(now))
            return;
        ledger.WantInheritance();
        try
        {
            var hearing = ledger.RequestForDefaults(now) is { } request ? parent.AskAsync(request) : parent.TellUrgentAsync();
            await hearing.WaitAsync(TellWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // What was heard before goes on to hold; where nothing was, the opening is refused for now.
        }
    }

    /// <summary>The answer of an operation, once other ledgers have done their part.</summary>
    /// <exception cref="BudgetUnavailableException">They cannot be reached, or have not done it in time; the operation goes on.</exception>
    public async Task<SessionAnswer> AnswerAsync(SessionCommand command, Executed executed)
    {
        var answer = executed.Answer;
        if (executed.Ended is { } ended)
        {
            var began = time.GetTimestamp();
            await TryAskForAsync(command, ended);
            // It goes on by itself, whatever comes of waiting for it.
            await WakeAsync();
            answer = await WaitForAsync(ended, LongestWait - time.GetElapsedTime(began));
        }

        await TryTellEndAsync();
        await WakeAsync();
        return answer.IsGranted
            ? command switch
            {
                PauseCommand pause => await WhenToldAsync(answer, pause.AnswerWithin),
                ResumeCommand resume => await WhenToldAsync(answer, resume.AnswerWithin),
                StopTenantCommand stop => await WhenToldAsync(answer, stop.AnswerWithin),
                _ => answer,
            }
            : answer;
    }

    /// <summary>What is answered to a message: after a hold that those below have to write as well, when they have.</summary>
    public async Task<LedgerMessage?> ReplyAsync(LedgerMessage message, LedgerMessage? reply)
    {
        // Whoever speaks can be reached.
        if (message is ParentWord or Invitation)
            ofParent.Succeeded();
        // A child that registers has asked for its money by that, and asks again only if none comes.
        await WakeAsync(hasAsked: message is Invitation);
        if (message is not ParentWord { WantsAnswer: true } || reply is null)
            return reply;
        var ledger = await session.LedgerAsync();
        if (ledger.HoldersNotTold == 0)
            return reply;
        await TellHoldAsync(HoldWait);
        return await session.WordForParentAsync([]);
    }

    /// <summary>Says in the background what is to be said now.</summary>
    public Task WakeAsync() => WakeAsync(hasAsked: false);

    private async Task WakeAsync(bool hasAsked)
    {
        try
        {
            var ledger = await session.LedgerAsync();
            if (ledger.OwesParent)
                withParent.Begin(ParentTalk.IsUrgent(ledger) && !hasAsked ? TimeSpan.Zero : ParentTalk.DelayOf(ledger.Head));
            holders.TellSoon(withHolders, ledger);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // What was done is done, and has its answer; the next who loads the session, or the sweep, has it told.
        }
    }

    public async Task FinishAsync(bool isPurgeDue = false)
    {
        (await session.LedgerAsync()).DoubtParent(isPurgeDue);
        try
        {
            await Task.WhenAll(holders.TellAllAsync(), parent.TellAllAsync()).WaitAsync(LongestWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // Those who could not be reached are told by the next sweep.
        }

        await WakeAsync();
    }

    // Who ends a child, or charges one that has ended, finds it in the parent's books afterwards, if the parent can be reached.
    private async Task TryTellEndAsync()
    {
        if ((await session.LedgerAsync()).Head is not { Link: not null, End: not EndReason.None })
            return;
        try
        {
            await parent.TellUrgentAsync().WaitAsync(TellWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // It hears of it later.
        }
    }

    // The caller is told at once when nobody can be asked, and not after the longest wait; the operation is gone on with all the same.
    private async Task TryAskForAsync(SessionCommand command, Task<SessionAnswer> ended)
    {
        try
        {
            await AskForAsync(command).WaitAsync(LongestWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            await WakeAsync();
            if (!ended.IsCompleted)
                throw UnderWay(exception);
        }
    }

    private async Task AskForAsync(SessionCommand command)
    {
        if (command is OpenCarvedChildCommand open)
        {
            await holders.TellAsync(open.Child);
            return;
        }

        if (command is CloseCommand)
        {
            await holders.TellOwedToACallerAsync();
            return;
        }

        await parent.TellUrgentAsync();
    }

    private async Task<SessionAnswer> WaitForAsync(Task<SessionAnswer> ended, TimeSpan atMost)
    {
        try
        {
            return await ended.WaitAsync(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, time);
        }
        catch (TimeoutException exception)
        {
            throw UnderWay(exception);
        }
    }

    private static BudgetUnavailableException UnderWay(Exception cause) =>
        new("The operation waits for another session that does not answer, and goes on by itself; send it again with the same key.", cause);

    private async Task<SessionAnswer> WhenToldAsync(SessionAnswer answer, TimeSpan? atMost)
    {
        var isTenant = (await session.LedgerAsync()).Head.Tenant is not null;
        await TellHoldAsync(atMost ?? (isTenant ? TenantsHoldWait : HoldWait));
        var count = (await session.LedgerAsync()).HoldCount;
        return answer with { ChildrenTold = count.Written, ChildrenNotReached = count.NotWritten };
    }

    // Tells all who have not written the last hold; a tenant's over and over, for as long as that may take.
    private async Task TellHoldAsync(TimeSpan atMost)
    {
        var began = time.GetTimestamp();
        while ((await session.LedgerAsync()) is { HoldersNotTold: > 0 } ledger)
        {
            try
            {
                await holders.TellOwedAsync().WaitAsync(Left(began, atMost), time);
            }
            catch (Exception exception) when (Unreachable.Is(exception))
            {
                withHolders.Begin(HoldersAgain);
            }

            var left = Left(began, atMost);
            if (ledger.Head.Tenant is null || left == TimeSpan.Zero || (await session.LedgerAsync()).HoldersNotTold == 0)
                return;
            await Task.Delay(left < HoldAgain ? left : HoldAgain, time);
        }
    }

    private TimeSpan Left(long began, TimeSpan atMost) =>
        time.GetElapsedTime(began) is var elapsed && elapsed < atMost ? atMost - elapsed : TimeSpan.Zero;
}

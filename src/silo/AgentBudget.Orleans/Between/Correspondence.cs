using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>
/// What one ledger says to its parent and to the holders of its money, and when. What is said, and what comes of an answer, the ledger
/// decides; everything that is said is durable before. Runs on the activation's scheduler.
/// </summary>
internal sealed class Correspondence : IUnfinishedBusiness
{
    /// <summary>How long what was spent may wait for more of it before the parent is told.</summary>
    public static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller waits for other ledgers; what is under way then goes on without it.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(7);

    // Words that one operation waits for at most, of its own and of others.
    private const int MostWords = 4;

    // A tenant has thousands of sessions that report.
    private static readonly TimeSpan TenantsReportDelay = TimeSpan.FromSeconds(5);

    // A recall takes a few hundred milliseconds a level.
    private static readonly TimeSpan MoneyWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SameAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HoldWait = TimeSpan.FromSeconds(3);

    private readonly ISessionExecutor session;
    private readonly IPeers peers;
    private readonly TimeProvider time;
    private readonly BackOff ofParent;
    private readonly Talk withParent;
    private readonly HolderTalk withHolders;
    private Task? speaking;

    public Correspondence(ISessionExecutor session, IPeers peers, TimeProvider time, Task end)
    {
        (this.session, this.peers, this.time) = (session, peers, time);
        ofParent = new BackOff(time);
        withParent = new Talk(SpeakToParentAsync, ofParent, time, end);
        withHolders = new HolderTalk(session, peers, time, end);
    }

    /// <summary>
    /// A child whose money has not arrived gets it before anything is decided: it was opened and answered by its parent, and only a
    /// crash or a loss has come in between.
    /// </summary>
    public async Task AwaitFirstGrantAsync()
    {
        try
        {
            await SpeakForACallerAsync().WaitAsync(TellWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // The operation is refused as one for which there is no money now.
        }
    }

    /// <summary>Asks the tenant for what a call lacks, and waits until it has answered, or for a while.</summary>
    public async Task AskForMoneyAsync()
    {
        try
        {
            await TellUrgentAsync().WaitAsync(MoneyWait, time);
            await session.WhenParentAnsweredAsync(MoneyWait);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // The call is refused as one for which there is no money now.
            await WakeAsync();
        }
    }

    /// <summary>Asks the tenant of a session that is to be opened.</summary>
    /// <exception cref="BudgetUnavailableException">It cannot be asked; nothing was opened.</exception>
    public async Task<LedgerMessage?> AskForAdmissionAsync(AdmissionRequest request)
    {
        var answer = await peers.SayAsync(request.ParentId, request);
        return SessionLedger.IsAnswer(answer, request) ? answer : null;
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
        if (command is PauseCommand or ResumeCommand && answer.IsGranted)
            return answer with { ChildrenNotReached = await withHolders.TellHoldAsync(HoldWait) };
        return answer;
    }

    /// <summary>What is answered to a message: after a hold that those below have to write as well, when they have.</summary>
    public async Task<LedgerMessage?> ReplyAsync(LedgerMessage message, LedgerMessage? reply)
    {
        // Whoever speaks can be reached.
        if (message is not HolderWord)
            ofParent.Succeeded();
        // A child that registers has asked for its money by that, and asks again only if none comes.
        await WakeAsync(hasAsked: message is Invitation);
        if (message is not ParentWord { WantsAnswer: true } || reply is null)
            return reply;
        var ledger = await session.LedgerAsync();
        if (ledger.HoldersNotTold == 0)
            return reply;
        await withHolders.TellHoldAsync(HoldWait);
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
                withParent.Begin(IsUrgent(ledger) && !hasAsked ? TimeSpan.Zero : DelayOf(ledger.Head));
            withHolders.Wake(ledger);
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
            await Task.WhenAll(withHolders.TellAllAsync(), SpeakAllAsync()).WaitAsync(LongestWait, time);
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            // Those who could not be reached are told by the next sweep.
        }

        await WakeAsync();
    }

    // Money is asked for, or comes back; what was merely spent can wait for more of it.
    private static bool IsUrgent(SessionLedger ledger) =>
        ledger.HurriesParent
        || ledger.Head is { End: not EndReason.None } or { Intents.Count: > 0 } or { Link: { IsCarved: true, Granted.NanoDollars: 0 } };

    private static TimeSpan DelayOf(SessionHead head) => head.Link is { IsCarved: false } ? TenantsReportDelay : ReportDelay;

    // Who ends a child, or charges one that has ended, finds it in the parent's books afterwards, if the parent can be reached.
    private async Task TryTellEndAsync()
    {
        if ((await session.LedgerAsync()).Head is not { Link: not null, End: not EndReason.None })
            return;
        try
        {
            await TellUrgentAsync(SpeakForACallerAsync).WaitAsync(TellWait, time);
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
            await withHolders.TellAsync(open.Child);
            return;
        }

        if (command is CloseCommand)
        {
            await withHolders.TellOwedToACallerAsync();
            return;
        }

        await TellUrgentAsync(SpeakForACallerAsync);
    }

    private async Task SpeakAllAsync()
    {
        await SpeakOnceAsync();
        await TellUrgentAsync(SpeakOnceAsync);
    }

    // A word that was on its way already may not say it.
    private async Task TellUrgentAsync(Func<Task> speak)
    {
        for (var words = 0; words < MostWords && await OwesUrgentlyAsync(); words++)
            await speak();
    }

    private async Task<bool> OwesUrgentlyAsync() => (await session.LedgerAsync()) is { OwesParent: true } ledger && IsUrgent(ledger);

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

    private Task SpeakForACallerAsync() =>
        ofParent.TryPass()
            ? SpeakOnceAsync()
            : throw new BudgetUnavailableException("The session that holds the money could not be reached, and is asked again by itself.");

    // Those who come together share one word.
    private async Task SpeakOnceAsync()
    {
        var mine = speaking ??= SpeakAsync();
        try
        {
            await mine;
        }
        finally
        {
            if (ReferenceEquals(speaking, mine))
                speaking = null;
        }
    }

    private async Task<TimeSpan?> SpeakToParentAsync()
    {
        var before = await session.LedgerAsync();
        if (!before.OwesParent)
            return null;
        var place = PlaceOf(before);
        await SpeakOnceAsync();
        var ledger = await session.LedgerAsync();
        if (!ledger.OwesParent)
            return null;
        // What was answered and is owed all the same is not said again at once.
        if (PlaceOf(ledger) == place)
            return SameAgain;
        var (after, through) = ledger.ToReport;
        return IsUrgent(ledger) || through - after > ReportRules.MostEntries ? TimeSpan.Zero : DelayOf(ledger.Head);
    }

    private static ((long After, long Through) Report, Money Granted, int Intents, long Ask) PlaceOf(SessionLedger ledger) =>
        (ledger.ToReport, ledger.Head.Link!.Granted, ledger.Head.Intents.Count, ledger.AskNumber);

    private async Task SpeakAsync()
    {
        var ledger = await session.LedgerAsync();
        if (!ledger.OwesParent || ledger.Head.Link is not { } link)
            return;
        // Entries are read from the store, and the word is made of what stands there and of what is decided; it goes out when that stands
        // there, too.
        await session.WhenDurableAsync();
        var (after, through) = ledger.ToReport;
        var count = (int)Math.Min(ReportRules.MostEntries, through - after);
        var entries = count > 0 ? await session.ReadAsync(after + 1, count) : [];
        var word = await session.WordForParentAsync(entries);
        LedgerMessage? reply;
        try
        {
            reply = await peers.SayAsync(link.ParentId, word);
            ofParent.Succeeded();
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            ofParent.Failed();
            throw;
        }

        if (reply is null)
            return;
        await session.ReceiveAsync(reply);
        // What has come from above may be what somebody below waits for.
        withHolders.Wake(await session.LedgerAsync());
    }
}

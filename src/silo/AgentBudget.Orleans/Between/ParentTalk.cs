using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>What a ledger says to its parent: what it asks for, reports and gives back.</summary>
internal sealed class ParentTalk(ISessionExecutor session, IPeers peers, BackOff backOff, HolderTalk holders, Talk withHolders)
{
    /// <summary>How long what a carved child spent may wait for more of it before its parent is told.</summary>
    public static readonly TimeSpan ReportDelay = TimeSpan.FromSeconds(1);

    // A tenant has thousands of sessions that report.
    private static readonly TimeSpan TenantsReportDelay = TimeSpan.FromSeconds(5);

    // Words that one operation waits for at most, of its own and of others.
    private const int MostWords = 4;

    private static readonly TimeSpan SameAgain = TimeSpan.FromSeconds(1);

    private Task? speaking;
    private Task? asking;

    /// <summary>Whether money is asked for, or comes back; what was merely spent can wait for more of it.</summary>
    public static bool IsUrgent(SessionLedger ledger) =>
        ledger.HurriesParent
        || (ledger.Head.End != EndReason.None && !IsStoppedByParent(ledger.Head))
        || ledger.Head is { Intents.Count: > 0 } or { Link: { IsCarved: true, Granted.NanoDollars: 0 } };

    // Nobody waits for the money of a tenant that is stopped, and thousands end at once.
    private static bool IsStoppedByParent(SessionHead head) =>
        head is { Link.IsCarved: false, End: EndReason.Stopped } && head.Breaker.PausedBy.HasFlag(PauseSources.Parent);

    /// <summary>How long what was spent may wait for more of it before the parent is told.</summary>
    public static TimeSpan DelayOf(SessionHead head) => head.Link is { IsCarved: false } ? TenantsReportDelay : ReportDelay;

    /// <summary>Says one word, if there is one to say. Those who come together share it.</summary>
    /// <exception cref="BudgetUnavailableException">The parent cannot be reached.</exception>
    public async Task TellAsync()
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

    /// <summary>The same, for a caller who waits for it, and who may repeat itself.</summary>
    /// <exception cref="BudgetUnavailableException">The parent cannot be reached, or could not be a moment ago.</exception>
    public Task TellForACallerAsync() =>
        backOff.TryPass()
            ? TellAsync()
            : throw new BudgetUnavailableException("The session that holds the money could not be reached, and is asked again by itself.");

    /// <summary>Says what is urgent, for a caller. A word that was on its way already may not say it.</summary>
    /// <exception cref="BudgetUnavailableException">The parent cannot be reached, or could not be a moment ago.</exception>
    public Task TellUrgentAsync() => TellUrgentAsync(isForACaller: true);

    /// <summary>Asks for a tenant of which nothing is known yet what it inherits. Those who come together share it.</summary>
    /// <exception cref="BudgetUnavailableException">The tenant above cannot be reached, or could not be a moment ago.</exception>
    public async Task AskAsync(DefaultsRequest request)
    {
        if (asking is not { IsCompleted: false })
            asking = backOff.TryPass() ? SayAsync(request.ParentId, request) : throw new BudgetUnavailableException();
        await asking;
    }

    /// <summary>Says what there is to say, urgent or not.</summary>
    /// <exception cref="BudgetUnavailableException">The parent cannot be reached.</exception>
    public async Task TellAllAsync()
    {
        await TellAsync();
        await TellUrgentAsync(isForACaller: false);
    }

    /// <summary>Says one word.</summary>
    /// <returns>How long to wait until the next; null when nothing is owed any more.</returns>
    /// <exception cref="BudgetUnavailableException">The parent cannot be reached.</exception>
    public async Task<TimeSpan?> TellOwedAsync()
    {
        var before = await session.LedgerAsync();
        if (!before.OwesParent)
            return null;
        var place = PlaceOf(before);
        await TellAsync();
        var ledger = await session.LedgerAsync();
        if (!ledger.OwesParent)
            return null;
        // What was answered and is owed all the same is not said again at once.
        if (PlaceOf(ledger) == place)
            return SameAgain;
        var (after, through) = ledger.ToReport;
        return IsUrgent(ledger) || through - after > ReportRules.MostEntries ? TimeSpan.Zero : DelayOf(ledger.Head);
    }

    private async Task TellUrgentAsync(bool isForACaller)
    {
        for (var words = 0; words < MostWords && await OwesUrgentlyAsync(); words++)
            await (isForACaller ? TellForACallerAsync() : TellAsync());
    }

    private async Task<bool> OwesUrgentlyAsync() => (await session.LedgerAsync()) is { OwesParent: true } ledger && IsUrgent(ledger);

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
        await SayAsync(link.ParentId, word);
    }

    private async Task SayAsync(string parentId, LedgerMessage word)
    {
        LedgerMessage? reply;
        try
        {
            reply = await peers.SayAsync(parentId, word);
            backOff.Succeeded();
        }
        catch (Exception exception) when (Unreachable.Is(exception))
        {
            backOff.Failed();
            throw;
        }

        if (reply is null)
            return;
        await session.ReceiveAsync(reply);
        // What has come from above may be what somebody below waits for.
        holders.TellSoon(withHolders, await session.LedgerAsync());
    }
}

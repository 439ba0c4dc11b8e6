using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Between;

/// <summary>What a ledger says to those who hold its money: invitations, holds, and that it ends.</summary>
internal sealed class HolderTalk(ISessionExecutor session, IPeers peers, BackOff backOff, TimeProvider time, Task end)
{
    // Each of them writes before it answers: the more at once, the fewer times the disk is waited for.
    private const int AtOnce = 1_024;

    // Beside these, or grants would wait where a round is over more.
    private const int NewsAtOnce = 256;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task> conversations = [];
    private Task? telling;

    /// <summary>Tells one holder what it has to know.</summary>
    /// <exception cref="BudgetUnavailableException">It cannot be reached.</exception>
    public async Task TellAsync(string holderId)
    {
        if ((await session.LedgerAsync()).OpenHolders.TryGetValue(holderId, out var row))
            await TellAsync(row, evenIfTold: false);
    }

    /// <summary>Tells every holder where it stands, and asks each for an answer.</summary>
    public async Task TellAllAsync()
    {
        // A round over many holders can outlast the sweep that began it; the next one joins it.
        if (telling is not { IsCompleted: false })
            telling = TellAsync((await session.LedgerAsync()).OpenHolders.Values.ToArray(), evenIfTold: true);
        await telling;
    }

    /// <summary>Tells all who have to be told something.</summary>
    /// <returns>How long to wait until it is tried again; null when all are told.</returns>
    /// <exception cref="BudgetUnavailableException">Not all can be reached; the others are told.</exception>
    public async Task<TimeSpan?> TellOwedAsync()
    {
        var ledger = await session.LedgerAsync();
        if (!ledger.HasHoldersToTell)
            return null;
        await TellAsync(ledger.HoldersToTell, evenIfTold: false);
        return (await session.LedgerAsync()).HasHoldersToTell ? Again : null;
    }

    /// <summary>Has all told who have to be, in the background: with the next round, and those for whom there is news beside a round that
    /// runs, for a grant does not wait until a thousand have answered a recall.</summary>
    /// <param name="rounds">The rounds.</param>
    /// <param name="ledger">The ledger.</param>
    public void TellSoon(Talk rounds, SessionLedger ledger)
    {
        if (!ledger.HasHoldersToTell)
            return;
        if (rounds.IsRunning)
            TellNews(ledger);
        // While a ledger ends, each report of one holder comes here, and is no news for the others.
        rounds.Begin(ledger.Head.IsOver && rounds.IsRunning ? Again : TimeSpan.Zero);
    }

    private void TellNews(SessionLedger ledger)
    {
        var most = AtOnce + NewsAtOnce - conversations.Count;
        if (most <= 0)
            return;
        foreach (var row in ledger.HoldersWithNews.Where(row => !conversations.ContainsKey(row.HolderId)).Take(most).ToArray())
            _ = TellNextAsync(new Queue<HolderRow>([row]), evenIfTold: false);
    }

    /// <summary>The same, for a caller who waits for it, and who may repeat itself.</summary>
    /// <exception cref="BudgetUnavailableException">Not all can be reached, or could be a moment ago.</exception>
    public Task TellOwedToACallerAsync() =>
        backOff.TryPass()
            ? TellOwedAsync()
            : throw new BudgetUnavailableException("Not all who hold money of the session could be reached; they are told by itself.");

    // One that cannot be reached, or does not answer, keeps nobody else from being told.
    private async Task TellAsync(HolderRow[] rows, bool evenIfTold)
    {
        var left = new Queue<HolderRow>(rows);
        var told = Enumerable.Range(0, Math.Min(AtOnce, rows.Length)).Select(_ => TellNextAsync(left, evenIfTold));
        var unreachable = (await Task.WhenAll(told)).FirstOrDefault(exception => exception is not null);
        if (unreachable is not null)
            throw new BudgetUnavailableException("Not all who hold money of the session could be reached.", unreachable);
    }

    private async Task<Exception?> TellNextAsync(Queue<HolderRow> left, bool evenIfTold)
    {
        Exception? unreachable = null;
        while (!end.IsCompleted && left.TryDequeue(out var row))
        {
            try
            {
                await TellAsync(row, evenIfTold);
            }
            catch (Exception exception) when (Unreachable.Is(exception))
            {
                unreachable = exception;
            }
        }

        return unreachable;
    }

    // Two conversations with one holder at a time would say everything twice.
    private async Task TellAsync(HolderRow row, bool evenIfTold)
    {
        while (conversations.TryGetValue(row.HolderId, out var other))
            await other.WaitAsync(Correspondence.LongestWait, time);
        var mine = ConverseAsync(row, evenIfTold);
        conversations[row.HolderId] = mine;
        try
        {
            await mine;
        }
        finally
        {
            conversations.Remove(row.HolderId);
        }
    }

    private async Task ConverseAsync(HolderRow row, bool evenIfTold)
    {
        var ledger = await session.LedgerAsync();
        if (!ledger.OpenHolders.TryGetValue(row.HolderId, out var current) || current.Number != row.Number)
            return;
        if (!evenIfTold && !ledger.MustTell(current))
            return;
        var message = await session.WordForHolderAsync(current, wantsProof: evenIfTold);
        while (message is not null)
        {
            var reply = await peers.SayAsync(row.HolderId, message);
            if (reply is null)
                return;
            message = Next(message, reply, await session.ReceiveAsync(reply));
        }
    }

    // Who has just registered hears of a hold by the answer to that, and is to say that it has written it: a tenant has thousands, and each
    // word more of each of them takes its time.
    private static LedgerMessage? Next(LedgerMessage said, LedgerMessage reply, LedgerMessage? answer) =>
        (said, answer) switch
        {
            (Invitation, ParentWord word) => word with { WantsAnswer = true },
            (ParentWord before, ParentWord after) when IsSame(before, after) && !HasNews(reply, after) => null,
            _ => answer,
        };

    // It is to hear where its reports stand, and to go on from there.
    private static bool HasNews(LedgerMessage reply, ParentWord after) => reply is HolderWord word && word.Spent != after.Spent;

    // The holder has heard it a moment ago, and has answered.
    private static bool IsSame(ParentWord before, ParentWord after) =>
        before
        == after with
        {
            Time = before.Time,
            WantsAnswer = before.WantsAnswer,
            WantsProof = before.WantsProof,
            RefusedAsk = after.Refused is null ? before.RefusedAsk : after.RefusedAsk,
        };
}

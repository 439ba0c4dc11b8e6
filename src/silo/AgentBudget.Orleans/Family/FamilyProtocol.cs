using AgentBudget.Orleans.Sessions;

namespace AgentBudget.Orleans.Family;

/// <summary>
/// Carving money for a child and bringing it back, over two grains and a crash between any two steps. Debit before credit, seal
/// before return: money can be stranded for a while, never made or lost. Every step is idempotent, so that the sweep can go on with
/// whatever was left unfinished.
/// </summary>
internal sealed class FamilyProtocol(ISessionExecutor session, IRelatives relatives) : IUnfinishedBusiness
{
    private const int ChildrenAtOnce = 16;
    private const int LatePageSize = 256;

    // Calls that come together tell the parent once.
    private bool isTellingParent;

    /// <summary>Parent: set the money aside, then open the child with it; only then is the caller answered.</summary>
    public async Task<SessionAnswer> OpenChildAsync(OpenCarvedChildRequest request)
    {
        var child = request.Child;
        var open = new OpenCommand { Options = request.Options };
        open.Validate();
        var carve = await session.ExecuteAsync(
            new CarveCommand
            {
                Child = child,
                Amount = request.Options.Budget,
                Key = request.Key,
                IsKeyFresh = request.IsKeyFresh,
            }
        );
        if (!carve.IsGranted)
            return carve;
        var origin = new CarveOrigin { ParentId = session.SessionId, CarveId = carve.EntrySequence };
        var opened = await relatives.AskAsync(child, relative => relative.OpenCarvedAsync(open with { Origin = origin }));
        // The id is taken, or was sealed meanwhile: this carve can never be opened, so its money comes back at once.
        if (!opened.IsGranted)
            await TakeBackAsync(child, carve.EntrySequence, Money.Zero, Breakdown.Empty);
        // The child is open under this very key already.
        return opened.IsUnchanged ? opened with { IsReplay = true, IsUnchanged = false } : opened;
    }

    /// <summary>Any session: raise the budget. A carved child has its parent set the money aside first.</summary>
    public async Task<SessionAnswer> TopUpAsync(TopUpCommand command)
    {
        command.Validate();
        var head = (await session.LedgerAsync()).Head;
        if (head.Origin is not { } origin || head.End != EndReason.None)
            return await session.ExecuteAsync(command);
        var wanted = new CarveCommand
        {
            Child = session.SessionId,
            Amount = command.Amount,
            IsTopUp = true,
            // The carve's id keeps keys of different children apart; it is short, so that the caller's key still fits beside it.
            Key = command.Key is null ? null : KeyFor("top-up", origin.CarveId, command.Key),
        };
        var carve = await relatives.AskAsync(origin.ParentId, parent => parent.CarveMoreAsync(wanted));
        if (!carve.IsGranted)
            return carve with { Refusal = carve.Refusal! with { Reason = RefusalReason.ParentRefused } };
        return await AcceptAsync(origin, carve.CarveNumber, command);
    }

    /// <summary>Parent: what was set aside for a child after the n-th time.</summary>
    public async Task<Entry[]> CarvesAfterAsync(long carveId, int number)
    {
        await session.WhenDurableAsync();
        var related = await session.FindRelatedAsync(carveId);
        return related.Where(entry => entry.Kind == EntryKind.Carved && entry.CarveNumber > number).ToArray();
    }

    /// <summary>Any session: end the children first, so that the report is final, then the session, then tell the parent.</summary>
    public async Task<SessionAnswer> CloseAsync(CloseCommand command)
    {
        command.Validate();
        await SealChildrenAsync(evenIfOpen: true);
        return await session.ExecuteAsync(command);
    }

    /// <summary>Child: authorise nothing more, or say that it is open and goes on.</summary>
    public async Task<SealAnswer> SealAsync(SealCommand command)
    {
        var head = (await session.LedgerAsync()).Head;
        var isOurs = head.Origin?.ParentId == command.ParentId && head.Origin.CarveId == command.CarveId;
        if (command.EvenIfOpen && isOurs && head.End == EndReason.None)
            await SealChildrenAsync(evenIfOpen: true);
        var answer = await session.ExecuteAsync(command);
        // An id that belongs to somebody else never was, and never will be, this parent's child.
        if (!answer.IsGranted)
            return new SealAnswer { IsSealed = true };
        head = (await session.LedgerAsync()).Head;
        return new SealAnswer
        {
            IsSealed = head.End != EndReason.None,
            Spent = head.Origin?.SealedSpent ?? Money.Zero,
            Breakdown = head.Origin?.SealedBreakdown ?? Breakdown.Empty,
        };
    }

    /// <summary>Child: the parent holds, or lets go.</summary>
    public async Task HoldAsync(string parentId, bool isPaused)
    {
        var head = (await session.LedgerAsync()).Head;
        if (head.Origin?.ParentId != parentId || head.End != EndReason.None)
            return;
        if (head.Breaker.PausedBy.HasFlag(PauseSources.Parent) == isPaused)
            return;
        SessionCommand command = isPaused
            ? new PauseCommand { Source = PauseSources.Parent }
            : new ResumeCommand { Source = PauseSources.Parent };
        if ((await session.ExecuteAsync(command)).IsGranted)
            await TryTellChildrenAsync();
    }

    /// <summary>Goes on with what is unfinished, as parent and as child. Safe to repeat.</summary>
    public async Task FinishAsync()
    {
        var head = (await session.LedgerAsync()).Head;
        if (DueTimes.HasOpenCarves(head))
        {
            await SealChildrenAsync(evenIfOpen: head.End != EndReason.None);
            await TellChildrenAsync();
        }

        await TellParentAsync();
    }

    /// <summary>After a pause or resume: children hear of it now if they can be reached, and from the sweep otherwise.</summary>
    public Task TryTellChildrenAsync() => SwallowUnreachableAsync(TellChildrenAsync);

    private static string KeyFor(string what, long carveId, string key)
    {
        var prefix = FormattableString.Invariant($"{what}:{carveId}:");
        // Too long to fit: its hash stands for it.
        return prefix.Length + key.Length <= Bounds.IdLength
            ? prefix + key
            : FormattableString.Invariant($"{prefix}{BodyHash.Of(key):x16}");
    }

    private async Task<SessionAnswer> AcceptAsync(CarveOrigin origin, int number, TopUpCommand command)
    {
        var accepted = await AcceptedNumberAsync();
        // Carved for a top-up whose caller went away: accept in order.
        if (number > accepted + 1)
        {
            foreach (var carve in await relatives.AskAsync(origin.ParentId, parent => parent.CarvesAfterAsync(origin.CarveId, accepted)))
            {
                if (carve.CarveNumber < number)
                    await session.ExecuteAsync(new TopUpCommand { Amount = carve.Amount, CarveNumber = carve.CarveNumber });
            }
        }

        var answer = await session.ExecuteAsync(command with { CarveNumber = number });
        var isAcceptedAlready = !answer.IsGranted && await AcceptedNumberAsync() >= number;
        return isAcceptedAlready
            ? new SessionAnswer
            {
                Standing = answer.Standing,
                Amount = command.Amount,
                IsReplay = true,
            }
            : answer;
    }

    private async Task<int> AcceptedNumberAsync() => (await session.LedgerAsync()).Head.Origin!.AcceptedNumber;

    private async Task SealChildrenAsync(bool evenIfOpen)
    {
        foreach (var some in (await OpenCarvesAsync()).Chunk(ChildrenAtOnce))
            await Task.WhenAll(some.Select(child => SealChildAsync(child, evenIfOpen)));
    }

    private async Task SealChildAsync(ChildAccount child, bool evenIfOpen)
    {
        var command = new SealCommand
        {
            ParentId = session.SessionId,
            CarveId = child.OpenedSequence,
            EvenIfOpen = evenIfOpen,
        };
        var seal = await relatives.AskAsync(child.Name, relative => relative.SealAsync(command));
        if (seal.IsSealed)
            await TakeBackAsync(child.Name, child.OpenedSequence, seal.Spent, seal.Breakdown);
    }

    private Task<SessionAnswer> TakeBackAsync(string child, long carveId, Money spent, Breakdown breakdown) =>
        session.ExecuteAsync(ReturnOf(child, carveId, spent, breakdown)).AsTask();

    private static ReturnCarveCommand ReturnOf(string child, long carveId, Money spent, Breakdown breakdown) =>
        new()
        {
            Child = child,
            CarveId = carveId,
            Spent = spent,
            Breakdown = breakdown,
            Key = FormattableString.Invariant($"return:{carveId}"),
        };

    private async Task TellChildrenAsync()
    {
        var isPaused = (await session.LedgerAsync()).Head.Breaker.PausedBy != PauseSources.None;
        foreach (var some in (await OpenCarvesAsync()).Chunk(ChildrenAtOnce))
            await Task.WhenAll(some.Select(child => relatives.AskAsync(child.Name, relative => HoldAsync(relative, isPaused))));
    }

    private async Task<bool> HoldAsync(ISessionFamily child, bool isPaused)
    {
        await child.HoldAsync(session.SessionId, isPaused);
        return isPaused;
    }

    /// <summary>After anything on a child that has ended: the parent hears of it now, or from the sweep.</summary>
    public async Task TryTellParentAsync()
    {
        var head = (await session.LedgerAsync()).Head;
        if (isTellingParent || head.Origin?.HasNewsForParent(head.End) != true)
            return;
        isTellingParent = true;
        try
        {
            await SwallowUnreachableAsync(TellParentAsync);
        }
        finally
        {
            isTellingParent = false;
        }
    }

    private async Task TellParentAsync()
    {
        var head = (await session.LedgerAsync()).Head;
        if (head.Origin is not { } origin || !origin.HasNewsForParent(head.End))
            return;
        if (!origin.ReturnAcknowledged)
        {
            // Whatever the parent says to it, it has heard: a parent that is gone, or had the return already, needs no more of it.
            var carve = ReturnOf(session.SessionId, origin.CarveId, origin.SealedSpent, origin.SealedBreakdown ?? Breakdown.Empty);
            await relatives.AskAsync(origin.ParentId, parent => parent.ReturnAsync(carve));
            await session.ExecuteAsync(new AcknowledgeReturnCommand());
        }

        if (origin.LastLateSequence > origin.ForwardedThrough)
            await ForwardLateAsync(origin);
    }

    private async Task ForwardLateAsync(CarveOrigin origin)
    {
        for (var from = origin.ForwardedThrough + 1; from <= origin.LastLateSequence; from += LatePageSize)
        {
            foreach (var entry in await session.ReadAsync(from, LatePageSize))
            {
                if (
                    !entry.Signals.HasFlag(EntrySignals.Late)
                    || entry.Sequence > origin.LastLateSequence
                    || entry.After.End == EndReason.None
                )
                    continue;
                await relatives.ChargeAsync(
                    origin.ParentId,
                    new ChargeCommand
                    {
                        Cost = entry.Amount,
                        Call = entry.Call! with { Fingerprint = 0 },
                        Child = session.SessionId,
                        Key = FormattableString.Invariant($"late:{origin.CarveId}:{entry.Sequence}"),
                    }
                );
            }
        }

        await session.ExecuteAsync(new ForwardedCommand { ThroughSequence = origin.LastLateSequence });
    }

    // The operation itself is durable and is answered; the sweep tells those who could not be reached.
    private static async Task SwallowUnreachableAsync(Func<Task> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception exception)
            when (exception is BudgetUnavailableException or TimeoutException or OrleansException or OperationCanceledException) { }
    }

    private async Task<ChildAccount[]> OpenCarvesAsync()
    {
        var head = (await session.LedgerAsync()).Head;
        return head.Children.Where(child => child is { Kind: ChildKind.Carved, IsOpen: true }).ToArray();
    }
}

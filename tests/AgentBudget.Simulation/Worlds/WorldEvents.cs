namespace AgentBudget.Simulation.Worlds;

/// <summary>What can happen in a world, besides that its callers are answered.</summary>
internal enum WorldEvent
{
    MessageLost,
    MessageDoubled,
    MessageOvertaken,
    MessageOfAnotherLife,
    MessageAheadOfTheClock,
    AnswerLost,
    CrashBeforeTheWrite,
    CrashBetweenWriteAndAnswer,
    ActivationKilled,
    SecondActivation,
    WriteFenced,
    LedgerTended,
    LedgerPurged,
    IdOpenedAgain,
    ClocksApart,
    ClockFarOff,
    HoldOutOfOrder,
    HoldTaken,
    HoldAnsweredAsToldToAll,
    StopAnswered,
    WindowBeganWithMoneyOut,
    OpenCorrectedUp,
    OpenCorrectedDown,
    EndedCorrectedUp,
    EndedCorrectedDown,
    CorrectionBookedAbove,
    PartitionRestored,
    HolderFoundRestored,
    ParentFoundRestored,
    KeyRepeated,
    KeyOfSomethingElse,
    OperationJoined,
    GivenBackWhileOpen,
    GivenBackAtTheEnd,
    ChargedLate,
    LateChargeBookedAbove,
    ClosedRowLookedUp,
    HolderCovered,
    AskGranted,
    AskRefused,
    HolderDeclined,
    HolderOfAHolder,
    ReportPassedUp,
    EndedWithItsParent,
    EndedByTheClock,
    IdleMoneyAskedFor,
    TooMuchAskedFor,
    NanoDollarsAuthorised,
    NanoDollarsRefusedThatCouldBePaid,
}

/// <summary>How often each kind of event happened, in one world or in many: a world in which nothing goes wrong shows nothing.</summary>
internal sealed class WorldEvents
{
    private readonly long[] counts = new long[Enum.GetValues<WorldEvent>().Length];

    public long this[WorldEvent kind] => counts[(int)kind];

    public void Count(WorldEvent kind) => counts[(int)kind]++;

    public void Count(WorldEvent kind, bool happened)
    {
        if (happened)
            Count(kind);
    }

    public void Count(WorldEvent kind, long amount) => counts[(int)kind] += amount;

    public void Add(WorldEvents other)
    {
        for (var i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
    }

    public override string ToString() => string.Join(", ", Enum.GetValues<WorldEvent>().Select(kind => $"{kind} {this[kind]:N0}"));

    /// <summary>Counts what a message is to the ledger that it comes to.</summary>
    public void Delivered(LedgerMessage message, SessionLedger receiver, DateTimeOffset clock)
    {
        var head = receiver.Head;
        var life = message switch
        {
            HolderWord => message.ParentLife,
            ParentWord word => word.HolderLife,
            _ => 0,
        };
        Count(WorldEvent.MessageOfAnotherLife, life != 0 && head.IsOpened && life != head.Life);
        Count(WorldEvent.MessageAheadOfTheClock, message.Time > clock + TimeSpan.FromSeconds(10));
        Count(WorldEvent.HoldOutOfOrder, message is ParentWord held && head.Link is { } link && held.HoldNumber < link.HoldNumber);
    }

    /// <summary>Counts what an answer says of the key that it was asked under.</summary>
    public void Decided(Decision decision)
    {
        Count(WorldEvent.KeyRepeated, decision.Answer.IsReplay);
        Count(WorldEvent.KeyOfSomethingElse, decision.Answer.Refusal?.Reason == RefusalReason.KeyConflict);
        Count(WorldEvent.OperationJoined, decision.Awaited != 0 && decision.Entries.Count == 0);
    }

    /// <summary>Counts what became durable.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="before">The entry before it in its ledger, or null.</param>
    /// <param name="link">The ledger's parent.</param>
    public void Written(Entry entry, Entry? before, ParentLink? link)
    {
        var isHolder = link is not null;
        var hadEnded = before is { After.End: not EndReason.None };
        switch (entry.Kind)
        {
            case EntryKind.Charged:
                Count(WorldEvent.ChargedLate, hadEnded && isHolder);
                break;
            case EntryKind.Corrected when isHolder && entry.Call is not null:
                Count(
                    (hadEnded, entry.Amount > Money.Zero) switch
                    {
                        (false, true) => WorldEvent.OpenCorrectedUp,
                        (false, false) => WorldEvent.OpenCorrectedDown,
                        (true, true) => WorldEvent.EndedCorrectedUp,
                        (true, false) => WorldEvent.EndedCorrectedDown,
                    }
                );
                break;
            case EntryKind.Paused or EntryKind.Resumed:
                Count(WorldEvent.HoldTaken, entry.PauseSource == PauseSources.Parent);
                break;
            case EntryKind.BudgetSet or EntryKind.MoneyReturned when entry.Link is { IsCarved: true }:
                Count(WorldEvent.GivenBackWhileOpen, entry.Kind == EntryKind.MoneyReturned || IsLess(entry, before));
                break;
            case EntryKind.WindowsBegan:
                Count(WorldEvent.WindowBeganWithMoneyOut, entry.After.Reserved > Money.Zero);
                break;
            case EntryKind.Ended:
                Count(WorldEvent.EndedWithItsParent, entry.After.End == EndReason.Stopped);
                Count(WorldEvent.EndedByTheClock, isHolder && entry.After.End == EndReason.Expired);
                break;
            case EntryKind.Restored:
                Count(WorldEvent.HolderFoundRestored);
                break;
            case EntryKind.IntentRefused:
                Count(WorldEvent.AskRefused);
                break;
            case EntryKind.HolderGranted:
                Count(WorldEvent.AskGranted);
                break;
            case EntryKind.HolderCovered:
                Count(WorldEvent.HolderCovered);
                break;
            case EntryKind.HolderRegistered:
                Count(WorldEvent.HolderOfAHolder, isHolder);
                break;
        }

        if (entry.Holder is { } change)
            Booked(entry, change, isHolder);
    }

    private void Booked(Entry entry, HolderChange change, bool isHolder)
    {
        Count(WorldEvent.HolderDeclined, change.WasOpen && change.Row.End == HolderEnd.Declined);
        Count(WorldEvent.ParentFoundRestored, entry.Kind == EntryKind.HolderRestored && change.Spent == Money.Zero);
        if (entry.Kind != EntryKind.HolderReported)
            return;
        Count(WorldEvent.CorrectionBookedAbove, change.CorrectedDown > Money.Zero);
        Count(WorldEvent.LateChargeBookedAbove, !change.WasOpen && change.SpentUp > Money.Zero);
        Count(WorldEvent.ReportPassedUp, isHolder && change.Spent != Money.Zero);
        Count(WorldEvent.GivenBackAtTheEnd, change.WasOpen && !change.Row.IsOpen && change.SetAsideBefore > change.SpentUp);
    }

    private static bool IsLess(Entry entry, Entry? before) =>
        entry.Link is not null && before is not null && entry.After.Budget < before.After.Budget;
}

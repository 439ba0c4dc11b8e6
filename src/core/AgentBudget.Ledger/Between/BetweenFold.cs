namespace AgentBudget.Ledger.Between;

/// <summary>What entries do to the parts of a head that stand between two ledgers.</summary>
internal static class BetweenFold
{
    public static void Move(ref HeadChange change, SessionHead head, Entry entry)
    {
        var isHold = entry.Kind is EntryKind.Paused or EntryKind.Resumed;
        if (head.Between is null && !isHold && entry is { Link: null, Holder: null, Intent: null })
            return;
        var between = head.Between ?? HeadBetween.None;
        if (entry.Link is not null)
            between = between with { Link = entry.Link };
        if (entry.Holder is { } holder)
            between = Move(ref change, between, entry, holder);
        if (entry.Intent is { Kind: not IntentKind.OpenChild } intent)
            between = between with { Intents = [.. between.Intents, intent] };
        else if (between.Intents.Count > 0 && entry.Related != 0)
            between = Without(between, entry.Related);
        if (isHold)
            between = between with { HoldNumber = Math.Max(head.HoldNumber + 1, entry.At.UtcTicks) };
        if (between.Link is { } link && IsNews(head, entry))
            between = between with { Link = link with { LastNews = entry.Sequence } };
        change.Between = between.OrNull();
    }

    /// <summary>Whether the parent has to hear of the entry.</summary>
    public static bool IsNews(SessionHead head, Entry entry) =>
        entry.Kind switch
        {
            EntryKind.Settled or EntryKind.Charged => entry.Amount != Money.Zero,
            EntryKind.Corrected => entry.Call is not null,
            EntryKind.HolderReported or EntryKind.HolderRestored => entry.Holder!.SpentUp != Money.Zero
                || entry.Holder.CorrectedDown != Money.Zero,
            EntryKind.Ended or EntryKind.Restored => true,
            EntryKind.BudgetSet or EntryKind.GrantTaken => entry.Link is { } link
                && head.Link is { } before
                && link.GivenBack != before.GivenBack,
            _ => false,
        };

    private static HeadBetween Move(ref HeadChange change, HeadBetween between, Entry entry, HolderChange holder)
    {
        change.Reserved += holder.Row.SetAside - holder.SetAsideBefore;
        change.Spent += holder.Spent;
        if (entry.Breakdown is { } breakdown)
            change.Breakdown = change.Breakdown.Add(breakdown);
        if (holder.HoldNumber > between.HoldNumber)
            between = between with { HoldNumber = holder.HoldNumber };
        var isFirst = holder.Row.Number == entry.Sequence;
        if (isFirst)
            change.ChildrenTotal++;
        if (isFirst && holder.Row.IsOpen)
            return between with { OpenHolders = between.OpenHolders + 1 };
        var isClosedNow = !isFirst && holder.WasOpen && !holder.Row.IsOpen;
        return isClosedNow ? between with { OpenHolders = between.OpenHolders - 1 } : between;
    }

    private static HeadBetween Without(HeadBetween between, long sequence)
    {
        for (var i = 0; i < between.Intents.Count; i++)
        {
            if (between.Intents[i].Sequence == sequence)
                return between with { Intents = between.Intents.Where(intent => intent.Sequence != sequence).ToArray() };
        }

        return between;
    }
}

/// <summary>How time travels between ledgers.</summary>
internal static class BetweenTime
{
    /// <summary>How far a message moves a ledger's time ahead of its own clock at most: what two clocks may be apart.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(10);

    /// <summary>The time of a turn that a message causes.</summary>
    public static DateTimeOffset Of(DateTimeOffset messageTime, DateTimeOffset now)
    {
        var latest = now + MostAhead;
        if (messageTime <= now)
            return now;
        return messageTime < latest ? messageTime : latest;
    }
}

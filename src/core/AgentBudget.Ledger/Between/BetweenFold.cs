namespace AgentBudget.Ledger.Between;

/// <summary>What entries do to the parts of a head that stand between two ledgers.</summary>
internal static class BetweenFold
{
    public static void Move(ref HeadChange change, SessionHead head, Entry entry)
    {
        if (entry.Link is not null)
            change.Link = entry.Link;
        if (entry.Holder is { } holder)
            Move(ref change, head, entry, holder);
        if (entry.Intent is { Kind: not IntentKind.OpenChild } intent)
            change.Intents = [.. change.Intents, intent];
        else if (change.Intents.Count > 0 && entry.Related != 0)
            Remove(ref change, entry.Related);
        if (entry.Kind is EntryKind.Paused or EntryKind.Resumed)
            change.HoldNumber = Math.Max(head.HoldNumber + 1, entry.At.UtcTicks);
        if (change.Link is { } link && IsNews(head, entry))
            change.Link = link with { LastNews = entry.Sequence };
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

    private static void Move(ref HeadChange change, SessionHead head, Entry entry, HolderChange holder)
    {
        change.Reserved += holder.Row.SetAside - holder.SetAsideBefore;
        change.Spent += holder.Spent;
        if (entry.Breakdown is { } breakdown)
            change.Breakdown = change.Breakdown.Add(breakdown);
        if (holder.HoldNumber > head.HoldNumber)
            change.HoldNumber = holder.HoldNumber;
        var isFirst = holder.Row.Number == entry.Sequence;
        if (isFirst)
        {
            change.ChildrenTotal++;
            if (holder.Row.IsOpen)
                change.OpenHolders++;
        }
        else if (holder.WasOpen && !holder.Row.IsOpen)
        {
            change.OpenHolders--;
        }

        if (holder.Row.End == HolderEnd.Sealed)
            ChildFold.Remember(ref change, holder.Row, holder.WasOpen);
    }

    private static void Remove(ref HeadChange change, long sequence)
    {
        for (var i = 0; i < change.Intents.Count; i++)
        {
            if (change.Intents[i].Sequence != sequence)
                continue;
            change.Intents = change.Intents.Where(intent => intent.Sequence != sequence).ToArray();
            return;
        }
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

namespace AgentBudget.Ledger;

/// <summary>
/// One ledger's events, as they come in an export. What can be proven of them: each names the entry before it and how many there are of its
/// own entry, so that a hole is seen; what was spent after an event is what was spent before it and its cost, unless carved children's
/// costs, which have events of their own, came in between.
/// </summary>
internal sealed class LedgerChain(string name, string ledger, bool beginsAnywhere, EventWindow? window)
{
    // One moved event makes one; a file that has more of them is beyond mending.
    private const int MaxGaps = 16;

    private const int MaxJumps = 16;

    private readonly List<EventGap> gaps = [];
    private readonly List<Jump> jumps = [];
    private readonly StandingChain standing = new();
    private SeenEvent? last;
    private EventPlace first;

    // The last event's money, when it can be trusted.
    private Money spent;
    private long events;
    private Money billed;

    public string Ledger => ledger;

    /// <summary>What was spent beyond its own costs, and the event at which that showed first.</summary>
    public Money Unexplained { get; private set; }

    /// <summary>The events at which that showed, the first few.</summary>
    public IReadOnlyList<Jump> Jumps => jumps;

    /// <summary>The most that it ever had spent: what a parent can have heard of.</summary>
    public Money MostSpent { get; private set; }

    public string? Parent { get; private set; }

    /// <summary>Events of which what they say was set aside is not proven.</summary>
    public long SetAsideUnproven => standing.Unproven;

    /// <summary>The costs in the window.</summary>
    public Money BilledInWindow { get; private set; }

    public VerifiedLedger Result => new(ledger, events, billed, last?.After.Spent ?? Money.Zero, Unexplained);

    public void Add(SeenEvent of, long line, Action<EventFinding> find)
    {
        var place = of.Place;
        var isFirst = last is null;
        if (isFirst && beginsAnywhere)
            first = place;
        if (last is not null && !place.IsBehind(last.Place))
        {
            AddLate(of, line, find);
            return;
        }

        Count(of);
        var before = last?.Place ?? EventPlace.Beginning;
        if (isFirst && beginsAnywhere)
        {
            spent = TrustedSpent(of, line, find) ?? of.After.Spent;
            standing.Resume(of);
        }
        else if (place.IsNextAfter(before))
            CheckNext(of, line, find);
        else if (place.Sequence > before.Sequence && place.Previous < before.Sequence)
        {
            find(
                new(
                    EventFindingKind.Altered,
                    line,
                    of.Id,
                    $"it names entry {place.Previous} as the one before, but entry {before.Sequence} is."
                )
            );
            spent = of.After.Spent;
            standing.Resume(of);
        }
        else
            Open(of, line, before, find);
        last = of;
    }

    /// <summary>Tells what has not come by the end.</summary>
    public void End(Action<EventFinding> find)
    {
        foreach (var gap in gaps)
        {
            var worth = gap.Moved is { } moved && moved != Money.Zero ? $" What is missing cost {moved}." : "";
            find(
                new(EventFindingKind.Missing, gap.Line, $"{name}.{gap.Missing}", $"an event is missing {gap.Between}, or several.{worth}")
            );
        }

        if (last is { Place: { } place } && place.Part < place.Parts)
            find(
                new(EventFindingKind.Missing, 0, $"{name}.{place.Sequence}.{place.Part + 1}", "the last entry's later parts are missing.")
            );
    }

    private void Count(SeenEvent of)
    {
        events++;
        billed += of.Amounts.Cost;
        if (window is not null && of.Amounts.Cost != Money.Zero && window.Has(of.Tenant, of.Time))
            BilledInWindow += of.Amounts.Cost;
        Parent ??= of.Parent;
        MostSpent = of.After.Spent > MostSpent ? of.After.Spent : MostSpent;
    }

    private void CheckNext(SeenEvent of, long line, Action<EventFinding> find)
    {
        if (last is not null && of.Place.Sequence == last.Place.Sequence)
        {
            if ((of.After, of.Time, of.Place.Parts, of.Place.Previous) != (last.After, last.Time, last.Place.Parts, last.Place.Previous))
                find(new(EventFindingKind.Altered, line, of.Id, "it does not say the same of its entry as the part before it."));
            else if (TrustedSpent(of, line, find) is not null && standing.GoOn(of) is { } problem)
                find(new(EventFindingKind.Altered, line, of.Id, problem));
            return;
        }

        var expected = spent + of.Amounts.Cost;
        if (TrustedSpent(of, line, find) is not { } told)
        {
            // It is told already; what comes behind it is measured by what came before.
            spent = expected;
            standing.PassOver(of);
            return;
        }

        spent = told;
        if (of.IsTenant)
            return;
        if (standing.Begin(of) is { } contradiction)
            find(new(EventFindingKind.Altered, line, of.Id, contradiction));
        if (told == expected)
            return;
        var jump = new Jump(line, of.Id, of.Amounts.Cost, told - expected + of.Amounts.Cost);
        // With no entry in between, and an entry that did what its event says, nobody else can have moved it.
        if (last is null || (of.Place.Sequence == last.Place.Sequence + 1 && !of.IsConsequence))
        {
            find(jump.ToFinding());
            return;
        }

        Unexplained += told - expected;
        if (jumps.Count < MaxJumps)
            jumps.Add(jump);
    }

    private static Money? TrustedSpent(SeenEvent of, long line, Action<EventFinding> find)
    {
        var problem =
            !of.After.IsWhole ? "the amounts after it do not add up."
            : !of.IsReportAlike ? "its report does not say the same money as it says itself."
            : null;
        if (problem is null)
            return of.After.Spent;
        find(new(EventFindingKind.Altered, line, of.Id, problem));
        return null;
    }

    private void Open(SeenEvent of, long line, EventPlace before, Action<EventFinding> find)
    {
        var told = TrustedSpent(of, line, find) ?? of.After.Spent;
        var gap = new EventGap(before, of.Place, line, of.IsTenant ? null : told - of.Amounts.Cost - spent, IsToTold: false);
        spent = told;
        standing.Resume(of);
        if (gaps.Count < MaxGaps)
            gaps.Add(gap);
        else
            find(new(EventFindingKind.Missing, line, $"{name}.{gap.Missing}", $"an event is missing {gap.Between}, or several."));
    }

    // It is behind an event that comes later in the ledger: it was moved, or it has come before.
    private void AddLate(SeenEvent of, long line, Action<EventFinding> find)
    {
        var at = gaps.FindIndex(gap => gap.Has(of.Place));
        if (at < 0 && !first.IsBehind(of.Place))
        {
            find(new(EventFindingKind.Doubled, line, of.Id, "it has come before."));
            return;
        }

        Count(of);
        if (at < 0)
        {
            find(new(EventFindingKind.Moved, line, of.Id, $"it comes after {last!.Id}, which is behind it."));
            return;
        }

        var gap = gaps[at];
        // Nothing has come since the one that made the hole: that one came too early.
        var isTooEarly = gap.IsToTold || gap.To == last!.Place;
        if (!isTooEarly)
            find(new(EventFindingKind.Moved, line, of.Id, $"it comes after {last!.Id}, which is behind it."));
        else if (!gap.IsToTold)
            find(new(EventFindingKind.Moved, gap.Line, last!.Id, $"it comes before {of.Id}, which stands before it."));
        gaps.RemoveAt(at);
        gaps.InsertRange(at, (gap with { IsToTold = isTooEarly }).Without(of.Place));
    }
}

/// <summary>An event after which more or less was spent than its cost says.</summary>
internal readonly record struct Jump(long Line, string Event, Money Cost, Money Moved)
{
    public EventFinding ToFinding() =>
        new(
            EventFindingKind.Altered,
            Line,
            Event,
            $"it says a cost of {Cost}, but what was spent moved by {Moved} since the event before."
        );
}

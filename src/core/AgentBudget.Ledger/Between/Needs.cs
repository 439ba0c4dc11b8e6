using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Between;

/// <summary>
/// What a holder lacks of its parent's money, while somebody waits for it: not durable, for whoever waits is gone with the activation. And
/// how much the holder uses, so that it can ask ahead of what it is about to need.
/// </summary>
internal sealed class Needs
{
    /// <summary>Calls of a session that one ask stands for at most; those beyond ask when the first are served.</summary>
    public const int Most = 256;

    /// <summary>Calls that a slice is good for at least, of a tenant grants for each of its holders: with a few for each, what it may give
    /// ahead, which leaves as much for each of the others, would be a crumb, and each call be asked for.</summary>
    private const int CallsInHand = 16;

    /// <summary>How long it is believed that the parent answers later: it may have moved, and forgotten who waits.</summary>
    private static readonly TimeSpan PendingIsBelieved = TimeSpan.FromSeconds(5);

    /// <summary>How long what was granted is kept for whoever it was asked for, who may have been told to come again in a second.</summary>
    private static readonly TimeSpan GrantIsKept = TimeSpan.FromSeconds(2);

    /// <summary>How long a call waits that has no place in the line; then it is refused, and comes again. A recall over a thousand holders
    /// takes a second; whoever asks is answered within the time-out of a write.</summary>
    public static readonly TimeSpan CallWaits = TimeSpan.FromMilliseconds(2_500);

    // Then such a call is gone, for all that is known.
    private static readonly TimeSpan LongestWithoutPlace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LacksNothingFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestAhead = TimeSpan.FromSeconds(32);

    private readonly List<Need> waiting = [];
    private RecentUse use;
    private DateTimeOffset quietUntil,
        pendingUntil;
    private Money kept;
    private DateTimeOffset keptUntil,
        keptSince;
    private DateTimeOffset recallSince,
        aheadAt,
        openSince;
    private TimeSpan aheadPause = TimeSpan.FromSeconds(1);
    private int refusals;
    private Need refused;
    private (Money For, DateTimeOffset At) asked;

    /// <summary>Names what is asked for now: an answer to an earlier ask is not meant for it.</summary>
    public long Number { get; private set; }

    public bool IsOpen => waiting.Count > 0;

    /// <summary>The parent has heard what is asked for now, and answers later.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Why the parent last refused; <see cref="RefusalReason.InsufficientNow"/> before it ever did.</summary>
    public RefusalReason Reason { get; private set; } = RefusalReason.InsufficientNow;

    /// <summary>Which tenant refused, and what it had left.</summary>
    public TenantRefusal? RefusedBy { get; private set; }

    public Need First => waiting[0];

    /// <summary>Whether one of them waits with a place in line.</summary>
    public bool IsPatient => waiting.Exists(need => need.Key is not null);

    /// <summary>What all that wait need together, at most <see cref="Money.MaxAmount"/>: many large calls are more than can be
    /// counted.</summary>
    public Money All => Sum(static need => need.All);

    /// <summary>What they would like to have together, at most <see cref="Money.MaxAmount"/>.</summary>
    public Money Wishes => Sum(static need => Money.Max(need.All, need.Wish));

    /// <summary>The last recall of the parent that was heard.</summary>
    public long RecallHeard { get; private set; }

    /// <summary>The last one that was answered: what lay idle then was given back.</summary>
    public long RecallAnswered { get; private set; }

    /// <summary>Until when the recall stands: what comes free before that goes back as well.</summary>
    public DateTimeOffset RecallStandsUntil { get; private set; }

    /// <summary>Whether it is to be told that the recall was answered.</summary>
    public bool IsRecallDone { get; private set; }

    /// <summary>Whether asking is of use: a refusal holds for a while, and is answered from memory.</summary>
    public bool MayAsk(DateTimeOffset now) => now >= quietUntil;

    /// <summary>The same for one call: less than what was refused may be there all the same.</summary>
    public bool MayAsk(Need need, DateTimeOffset now) => MayAsk(now) || IsLessThanRefused(need);

    private bool IsLessThanRefused(Need need) =>
        Reason switch
        {
            RefusalReason.TenantExhausted => need.Amount < refused.Amount,
            RefusalReason.InsufficientNow => need.Least < refused.Least,
            _ => false,
        };

    /// <summary>When the parent is next to be asked for what was refused, or is not answered; in the past when it may be at any
    /// time.</summary>
    public DateTimeOffset AskAgainAt =>
        IsPending ? pendingUntil
        : IsOpen ? default
        : quietUntil;

    /// <summary>Asking may be of use again, once the time has come: nothing is due for it any more.</summary>
    /// <returns>Whether it has come just now.</returns>
    public bool EndQuiet(DateTimeOffset now)
    {
        var isLost = IsPending && pendingUntil <= now;
        var mayAsk = isLost || (quietUntil != default && quietUntil <= now);
        if (isLost)
            Clear();
        if (quietUntil <= now)
            quietUntil = default;
        return mayAsk;
    }

    /// <summary>The parent calls back what lies idle.</summary>
    /// <param name="round">The recall.</param>
    /// <param name="since">Since when the oldest waits for whom it is made.</param>
    /// <param name="until">Until when it stands.</param>
    public void Recall(long round, DateTimeOffset since, DateTimeOffset until) =>
        (RecallHeard, recallSince, RecallStandsUntil) = (round, since, until);

    /// <summary>What lies idle was given back.</summary>
    public void AnswerRecall() => (RecallAnswered, IsRecallDone) = (RecallHeard, true);

    public void TellRecall() => IsRecallDone = false;

    /// <summary>What of the parent's money is kept from the recall for calls of a session that it was asked for, or that it is a part of:
    /// for those that have waited for as long as anybody whom the recall is made for. Where each kept a part of what it lacks, nobody had
    /// enough.</summary>
    public Money KeptAt(DateTimeOffset now)
    {
        DropThoseGone(now);
        return IsOpen && First.Since <= recallSince ? Sum(need => need.Since <= recallSince ? need.Amount : Money.Zero)
            : now < keptUntil && keptSince <= recallSince ? kept
            : Money.Zero;
    }

    /// <summary>Since when a call waits that asks now and has no place in the line: what is kept may be kept for it, and then it has waited
    /// already. No longer than such a call can, or new ones would stand before all others for ever.</summary>
    public DateTimeOffset SinceOf(DateTimeOffset now) =>
        now >= keptUntil || kept == Money.Zero ? now
        : keptSince > now - LongestWithoutPlace ? keptSince
        : now - LongestWithoutPlace;

    /// <summary>Notes that a call lacks money.</summary>
    public void Note(Need need, DateTimeOffset now)
    {
        EndQuiet(now);
        DropThoseGone(now);
        if (waiting.Count >= Most || (need.Key is not null && waiting.Exists(other => other.Key == need.Key)))
            return;
        var isLargest = !waiting.Exists(other => other.Least >= need.Least);
        var isOldest = !waiting.Exists(other => other.Since <= need.Since);
        NoteOpened(now);
        waiting.Add(need);
        waiting.Sort((left, right) => left.Since.CompareTo(right.Since));
        // One ask is in flight: what it brings serves this one as well, unless much more is lacking by now.
        // Not when those it was asked for are gone: the parent would take all for gone.
        if (IsPending && !isLargest && !isOldest && All.NanoDollars / 2 < asked.For.NanoDollars && now < asked.At + CallWaits)
            return;
        Number++;
        IsPending = false;
    }

    /// <summary>What they lack is asked for.</summary>
    public void Asked(DateTimeOffset now) => asked = (All, now);

    /// <summary>Whether the parent has heard what is asked for, or is likely to have.</summary>
    public bool IsAnswerNear(DateTimeOffset now) => IsOpen && (IsPending || now < openSince + PendingIsBelieved);

    private void NoteOpened(DateTimeOffset now) => openSince = IsOpen ? openSince : now;

    /// <summary>Takes these in place of what was noted: those who wait at a tenant, one for each of its holders at most, oldest
    /// first.</summary>
    public void Set(IEnumerable<Need> needs, DateTimeOffset now)
    {
        EndQuiet(now);
        var next = needs.ToArray();
        if (waiting.SequenceEqual(next))
            return;
        NoteOpened(now);
        waiting.Clear();
        waiting.AddRange(next);
        Number++;
        IsPending = false;
    }

    /// <summary>Whoever waited is served, or asks anew.</summary>
    public void Served(DateTimeOffset now)
    {
        var isLess = waiting.Count > 0 && IsLessThanRefused(First);
        if (waiting.Count > 0)
            (kept, keptUntil, keptSince) = (Sum(static need => need.Amount), now + GrantIsKept, First.Since);
        Clear();
        aheadPause = TimeSpan.FromSeconds(1);
        // What was refused is more than what has come.
        if (isLess)
            return;
        (quietUntil, refusals, refused) = (default, 0, default);
        (Reason, RefusedBy) = (RefusalReason.InsufficientNow, null);
    }

    /// <summary>The parent says that nothing is lacking: not asked again at once, or a call that would take less than it wishes asked for
    /// ever.</summary>
    public void LacksNothing(DateTimeOffset now)
    {
        Served(now);
        quietUntil = quietUntil > now + LacksNothingFor ? quietUntil : now + LacksNothingFor;
        kept = Money.Zero;
    }

    public void Wait(DateTimeOffset now) => (IsPending, pendingUntil) = (true, now + PendingIsBelieved);

    /// <summary>The parent refused.</summary>
    public void Refuse(RefusalReason reason, TenantRefusal? by, DateTimeOffset now)
    {
        refused = IsOpen ? First : default;
        Clear();
        (Reason, RefusedBy) = (reason, by);
        quietUntil =
            now
            + TimeSpan.FromSeconds(
                (reason, refusals++) switch
                {
                    (RefusalReason.TenantExhausted, 0) => 10,
                    (RefusalReason.TenantExhausted, _) => 30,
                    (RefusalReason.InsufficientNow, 0) => 5,
                    (RefusalReason.InsufficientNow, _) => 10,
                    _ => 1,
                }
            );
    }

    /// <summary>Money is said to be there again: asked at once.</summary>
    public void Hint() => (quietUntil, refusals, refused) = (default, 0, default);

    /// <summary>Notes that a call was granted.</summary>
    public void Use(Money amount, DateTimeOffset now) => (use, kept) = (use.With(amount, now), kept - Money.Min(kept, amount));

    /// <summary>What is good for the next while: as much as the last minute took, and at least sixteen calls, of a tenant as many for each
    /// of its holders. Before anything was used, calls are taken to be like the first that waits.</summary>
    public Money Slice(SessionHead head, DateTimeOffset now)
    {
        // One call says little of what a thousand holders are about to take.
        if (use == default)
            return IsOpen ? use.With(First.Amount, now).Slice(CallsInHand, now) : Money.Zero;
        return use.Slice(head.Tenant is null ? CallsInHand : CallsInHand * Math.Max(1, head.OpenHolders), now);
    }

    /// <summary>How large a call is of late, or a grant of a tenant; zero before the first.</summary>
    public Money Call => use.Average;

    /// <summary>Whether more is to be asked for before it is needed. What its own limits or its budget keep from going out is of no
    /// use.</summary>
    public bool WantsAhead(SessionHead head, DateTimeOffset now) =>
        now >= aheadAt
        // What it spent beyond its money is made good with what a call lacks: were it granted before, what is corrected down of it would be
        // money that the parent does not have.
        && (head.Link is not { } link || head.Spent + head.Reserved <= link.Authority)
        && MayAsk(now)
        && Slice(head, now) is var slice
        && slice > Money.Zero
        && TenantLimits.InHand(head) is var inHand
        && inHand.NanoDollars < slice.NanoDollars / 2
        && inHand < TenantLimits.OwnRoom(head);

    /// <summary>It was asked ahead; not again for a while that doubles as long as nothing comes of it.</summary>
    public void AskedAhead(DateTimeOffset now)
    {
        aheadAt = now + aheadPause;
        aheadPause = aheadPause + aheadPause < LongestAhead ? aheadPause + aheadPause : LongestAhead;
    }

    // Calls that have been answered meanwhile, for all that is known.
    private void DropThoseGone(DateTimeOffset now)
    {
        if (waiting.RemoveAll(need => need.Key is null && need.Since + LongestWithoutPlace < now) > 0 && waiting.Count == 0)
            Clear();
    }

    private Money Sum(Func<Need, Money> of)
    {
        var sum = (Int128)0;
        foreach (var need in waiting)
            sum += of(need).NanoDollars;
        return Money.FromNanoDollars((long)Int128.Min(sum, Money.MaxAmount.NanoDollars));
    }

    private void Clear()
    {
        waiting.Clear();
        Number++;
        IsPending = false;
    }
}

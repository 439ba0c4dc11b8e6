namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// Who waits for a tenant's money, who is to be told that some was granted or refused, and who is asked for what lies idle. Not durable: a
/// holder that is not answered asks again.
/// </summary>
internal sealed class TenantDesk
{
    /// <summary>How long a holder's place in the line is kept after it asked.</summary>
    public static readonly TimeSpan PlaceIsKept = TimeSpan.FromSeconds(20);

    /// <summary>For how long a smaller ask may pass an older one that does not fit, from when that began to wait.</summary>
    public static readonly TimeSpan Passing = TimeSpan.FromSeconds(2);

    /// <summary>The same once a complete recall has brought too little for the oldest; after that it has its turn again.</summary>
    public static readonly TimeSpan PassingAfterTooLittle = TimeSpan.FromSeconds(8);

    private const int FewestAsked = 8;
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterNothing = TimeSpan.FromSeconds(1);

    private readonly List<Waiter> line = [];
    private readonly Dictionary<string, TenantWord> words = [];
    private readonly Dictionary<string, TenantWord> whenRegistered = [];
    private readonly RecallRound round = new();
    private readonly HashSet<string> exhausted = [];
    private long roundAbove;
    private DateTimeOffset firstUntil = DateTimeOffset.MaxValue;
    private DateTimeOffset nextRound,
        passedUntil;
    private Money outAtBegin;
    private bool hasComeBack,
        hasAskedFew;
    private Money? planned;

    /// <summary>The recall that runs, or ran last.</summary>
    public long Round { get; private set; }

    public bool IsRecalling { get; private set; }

    /// <summary>Those who wait, oldest first.</summary>
    public IReadOnlyList<Waiter> Line => line;

    /// <summary>Whom something is to be said to.</summary>
    public IReadOnlyCollection<string> ToTell => words.Keys;

    /// <summary>When something is to be done by the clock.</summary>
    public DateTimeOffset NextTick =>
        HasMoreToServe ? DateTimeOffset.MinValue
        : IsRecalling ? round.Ends
        : planned is not null ? nextRound
        : line.Count > 0 ? firstUntil
        : DateTimeOffset.MaxValue;

    /// <summary>What each in the line lacks at least, for all that is known.</summary>
    public Money LeastLacked { get; set; } = TenantLimits.NoLimit;

    /// <summary>Whether a turn served as many as it may, and the next one is to go on at once.</summary>
    public bool HasMoreToServe { get; set; }

    /// <summary>Whether what comes back is kept for a waiter: it is the oldest, and has been passed for long enough.</summary>
    public bool KeepsFor(Waiter waiter, DateTimeOffset now) =>
        line.Count > 0 && line[0].HolderId == waiter.HolderId && now - waiter.Since >= Passing && now >= passedUntil;

    /// <summary>Whether what is free is kept for another one, who is older.</summary>
    public bool KeepsFrom(Waiter waiter, DateTimeOffset now) =>
        line.Count > 0 && line[0] is var oldest && oldest.HolderId != waiter.HolderId && oldest.IsBefore(waiter) && KeepsFor(oldest, now);

    /// <summary>What could be called back is too little for the oldest: others pass for a while.</summary>
    public void LetOthersPass(DateTimeOffset now)
    {
        // Not longer because others asked meanwhile: then the oldest would never have its turn again.
        if (now >= passedUntil + Passing)
            passedUntil = now + PassingAfterTooLittle;
    }

    /// <summary>Takes a place in the line, or keeps the one that the holder has.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="lacked">What it lacks at the least.</param>
    public void Wait(Waiter waiter, Money lacked)
    {
        LeastLacked = Money.Min(LeastLacked, lacked);
        Remove(waiter.HolderId);
        firstUntil = waiter.Until < firstUntil ? waiter.Until : firstUntil;
        // Mostly it is the youngest.
        line.Insert(line.FindLastIndex(other => other.IsBefore(waiter)) + 1, waiter);
    }

    /// <summary>Leaves the line.</summary>
    public void Remove(string holderId) => line.RemoveAll(waiter => waiter.HolderId == holderId);

    /// <summary>Forgets a holder whose row has closed: nothing is said to it any more.</summary>
    public void Drop(string holderId)
    {
        Remove(holderId);
        words.Remove(holderId);
        whenRegistered.Remove(holderId);
        round.Drop(holderId);
        exhausted.Remove(holderId);
    }

    /// <summary>Has a holder told where it stands, and why it was refused; and of a recall that it has not been told of.</summary>
    public void Tell(string holderId, TenantWord word)
    {
        var before = WordOf(holderId);
        words[holderId] = word with { Recall = before.Recall, RecallSince = before.RecallSince };
    }

    /// <summary>Why what it asks for was refused, where it has not been told so yet.</summary>
    public RefusalReason? RefusalOf(HolderWord word) =>
        WordOf(word.HolderId) is { Refused: { } reason } refused && refused.RefusedAsk == word.Ask ? reason : null;

    private TenantWord WordOf(string holderId) => words.GetValueOrDefault(holderId, TenantWord.Nothing);

    /// <summary>What is to be said to a holder beside where it stands; it has been told with that.</summary>
    public TenantWord Take(string holderId)
    {
        whenRegistered.Remove(holderId, out var later);
        return words.Remove(holderId, out var word) ? word : later ?? TenantWord.Nothing;
    }

    /// <summary>Keeps what cannot be said to a holder before it has registered.</summary>
    public void Keep(string holderId)
    {
        if (words.Remove(holderId, out var word))
            whenRegistered[holderId] = word;
    }

    public bool Has(string holderId) => words.ContainsKey(holderId);

    /// <summary>Calls back what lies idle: first with the largest holders, then with all.</summary>
    public void Recall(SessionState state, Money amount, DateTimeOffset now)
    {
        if (IsRecalling || HoldersToAsk(state) is not { Length: > 0 } holders)
            return;
        if (now < nextRound)
        {
            planned = planned is { } other && other > amount ? other : amount;
            return;
        }

        Begin(holders, amount, now, state.Head, line.Count > 0 ? line[0].Since : now);
    }

    private static HolderRow[] HoldersToAsk(SessionState state) =>
        [
            .. state
                .Holders.Open.Values.Where(row => row.Policy == HolderPolicy.Sliced && row.Out > Money.Zero)
                .OrderByDescending(row => row.Out)
                .ThenBy(row => row.HolderId, StringComparer.Ordinal),
        ];

    private void Begin(HolderRow[] holders, Money amount, DateTimeOffset now, SessionHead head, DateTimeOffset since)
    {
        planned = null;
        if (!IsRecalling)
            (outAtBegin, hasComeBack) = (head.Reserved, false);
        Round = Math.Max(Round + 1, now.UtcTicks);
        round.Clear();
        foreach (var row in holders)
        {
            if (!hasAskedFew && round.Count >= FewestAsked && round.Covers(amount))
                break;
            Ask(row, since);
        }

        hasAskedFew = round.Count < holders.Length;
        IsRecalling = true;
        // What comes back meanwhile is granted at once: only a refusal waits for the end.
        round.Begin(TenantLedgers.PathOf(head.SessionId).Depth, now);
    }

    private void Ask(HolderRow row, DateTimeOffset since)
    {
        round.Ask(row);
        words[row.HolderId] = WordOf(row.HolderId) with { Recall = Round, RecallSince = since };
    }

    /// <summary>Whether a recall runs that only the largest holders were asked in.</summary>
    public bool MayWiden(DateTimeOffset now) => IsRecalling && hasAskedFew && round.MayWiden(now);

    /// <summary>Asks the next largest in the recall that runs, once more is lacking than those can bring who have not answered: callers'
    /// time would be over before the next recall. Not all at once: a thousand answers would take longer than that.</summary>
    public void Widen(SessionState state, Money amount, DateTimeOffset now)
    {
        if (!MayWiden(now) || line.Count == 0 || round.Covers(amount))
            return;
        hasAskedFew = false;
        var count = round.Count;
        foreach (var row in HoldersToAsk(state).Where(row => !round.HasAsked(row.HolderId)))
        {
            // Twice as much as it takes, or each that comes after would have all looked through again.
            hasAskedFew = round.Covers(amount, times: 2);
            if (hasAskedFew)
                break;
            Ask(row, line[0].Since);
        }

        if (round.Count > count)
            round.Widened(now);
    }

    /// <summary>A holder gave money back since it took its place: to have as much as it asked for, it is to be granted so much
    /// more.</summary>
    public void GaveBack(string holderId, Money amount)
    {
        hasComeBack |= amount > Money.Zero;
        var place = line.FindIndex(waiter => waiter.HolderId == holderId);
        if (place >= 0)
            line[place] = line[place].WithMore(amount);
    }

    /// <summary>Whether one runs, or is about to: too many in a row would do nothing but ask.</summary>
    public bool IsRecallDue => IsRecalling || planned is not null;

    /// <summary>Begins the recall that was put off, once its time has come; with nobody left to ask, it ends at once.</summary>
    public void BeginPlanned(SessionState state, DateTimeOffset now)
    {
        if (planned is { } amount && now >= nextRound)
        {
            planned = null;
            Recall(state, amount, now);
            if (!IsRecalling && line.Count > 0)
                Begin([], amount, now, state.Head, now);
        }
    }

    /// <summary>A holder has answered a recall.</summary>
    public void Answered(string holderId, long number, DateTimeOffset now)
    {
        if (IsRecalling && number >= Round)
            round.Answered(holderId, now);
    }

    /// <summary>Ends the recall when all have answered, nobody else does, or its time is up.</summary>
    /// <returns>Whether it ended just now.</returns>
    public bool EndRound(Money @out, DateTimeOffset now)
    {
        if (!IsRecalling || !round.IsOver(now))
            return false;
        IsRecalling = false;
        // What came back may have gone out again, to whoever waited.
        HasBrought = hasComeBack || @out < outAtBegin;
        if (HasBrought)
            hasAskedFew = false;
        nextRound =
            now
            + (
                HasBrought ? BetweenRounds
                : hasAskedFew ? TimeSpan.Zero
                : AfterNothing
            );
        return true;
    }

    /// <summary>Notes whom it refused as exhausted.</summary>
    public void Exhausted(string holderId) => exhausted.Add(holderId);

    /// <summary>Has those that it refused as exhausted told that they may ask again.</summary>
    public void HintAll()
    {
        foreach (var holderId in exhausted)
            words[holderId] = WordOf(holderId) with { IsHint = true };
        exhausted.Clear();
    }

    /// <summary>The recall of the tenant above that this one is part of, once it has ended; 0 for none.</summary>
    public long TakeRoundAbove() => IsRecalling ? 0 : Interlocked.Exchange(ref roundAbove, 0);

    /// <summary>Calls back for the tenant above what lies idle with all. A round of its own that runs has asked a few perhaps, and its end
    /// is no answer to the one above: all are asked, under another number.</summary>
    public void RecallFor(SessionState state, long number, DateTimeOffset since, DateTimeOffset now)
    {
        var holders = HoldersToAsk(state);
        if (IsRecalling || holders.Length > 0)
            roundAbove = number;
        if (holders.Length == 0)
            return;
        hasAskedFew = true;
        Begin(holders, state.Head.Reserved, now, state.Head, since);
    }

    /// <summary>Whether the last recall brought anything back.</summary>
    public bool HasBrought { get; private set; }

    /// <summary>Whether a further recall may bring something at once: only the largest holders were asked.</summary>
    public bool MayAskAll => hasAskedFew;

    /// <summary>Forgets those whose place is kept no more; those who have ended are dropped as they do.</summary>
    /// <returns>How many.</returns>
    public int Forget(DateTimeOffset now)
    {
        // Every word that is heard comes here, and a line can be long.
        if (now < firstUntil)
            return 0;
        var gone = line.RemoveAll(waiter => waiter.Until <= now);
        firstUntil = line.Count > 0 ? line.Min(waiter => waiter.Until) : DateTimeOffset.MaxValue;
        return gone;
    }
}

namespace AgentBudget.Orleans.Sqlite.Journal;

/// <summary>
/// What stands in the journal and not yet in the tables, by session. Readers ask it first and the tables second: a session leaves it
/// only after all of it stands there, so nothing is ever missed. Filled by the writer's thread, read by many.
/// </summary>
/// <remarks>
/// A session that the tables do not take is set aside: it stays here to be read, and is passed over by all that fills tables and trims
/// the journal. The lock is held for what one session needs, or to copy references; whatever takes longer is done outside of it.
/// </remarks>
internal sealed class JournalTail(TimeProvider time)
{
    /// <summary>Entries that may be set aside, of all sessions together; beyond, it is the ledger that is damaged and not a
    /// session.</summary>
    public const int MaxSetAside = 32_768;

    private readonly Lock gate = new();
    private readonly Dictionary<long, TailSession> sessions = [];
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);

    // Sessions by their first entry in the journal, without those that are set aside.
    private readonly LinkedList<TailSession> byAge = [];

    /// <summary>The rows of the feed that wait to be projected.</summary>
    public FeedTail Feed { get; } = new();

    /// <summary>How many entries wait to be projected.</summary>
    public int Count { get; private set; }

    /// <summary>How many sessions are set aside.</summary>
    public int SessionsSetAside { get; private set; }

    /// <summary>How many entries are set aside.</summary>
    public int EntriesSetAside { get; private set; }

    /// <summary>Adds entries that have become durable.</summary>
    /// <param name="ledgerNo">The session's number.</param>
    /// <param name="journalId">The first row of the journal that may hold them.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="head">The head after them.</param>
    /// <param name="appendId">Their append.</param>
    /// <param name="dueAt">When the session wants to be tended.</param>
    public void Add(long ledgerNo, long journalId, ReadOnlySpan<TailEntry> entries, SessionHead head, long appendId, DateTimeOffset dueAt)
    {
        lock (gate)
        {
            if (!sessions.TryGetValue(ledgerNo, out var session))
            {
                sessions[ledgerNo] = session = new TailSession(ledgerNo, journalId, time.GetTimestamp());
                numbers[head.SessionId] = ledgerNo;
                session.Place = byAge.AddLast(session);
            }

            session.Add(entries, head, appendId, dueAt);
            Count += entries.Length;
        }
    }

    /// <summary>Notes what recovery found out about a session that it added.</summary>
    public void Recovered(long ledgerNo, bool isKept, Exception? failure)
    {
        lock (gate)
            sessions[ledgerNo].Recovered(isKept, failure);
    }

    /// <summary>A session as it stands, or null when none of it is here.</summary>
    public TailSnapshot? Find(long ledgerNo)
    {
        lock (gate)
            return sessions.GetValueOrDefault(ledgerNo)?.Snapshot();
    }

    /// <summary>A session as it stands, or null when none of it is here.</summary>
    public TailSnapshot? Find(string ledgerId)
    {
        lock (gate)
            return numbers.TryGetValue(ledgerId, out var no) ? sessions[no].Snapshot() : null;
    }

    /// <summary>All sessions, by id.</summary>
    public Dictionary<string, TailHead> Heads()
    {
        TailHead[] heads;
        lock (gate)
        {
            heads = new TailHead[sessions.Count];
            var next = 0;
            foreach (var session in sessions.Values)
                heads[next++] = new TailHead(session.Head, session.DueAt, session.Place is null, session.IsHeadKnown);
        }

        return heads.ToDictionary(head => head.Head.SessionId, StringComparer.Ordinal);
    }

    /// <summary>Whether a key with the hash stands here.</summary>
    public bool HasKey(long ledgerNo, long keyHash)
    {
        lock (gate)
            return sessions.TryGetValue(ledgerNo, out var session) && session.HasKey(keyHash);
    }

    /// <summary>The sessions whose entries have waited longest: as many as it takes to have so many entries.</summary>
    public List<TailSnapshot> Oldest(int entries)
    {
        var oldest = new List<TailSnapshot>();
        lock (gate)
        {
            for (var place = byAge.First; place is not null && entries > 0; place = place.Next)
            {
                oldest.Add(place.Value.Snapshot());
                entries -= place.Value.Count;
            }
        }

        return oldest;
    }

    /// <summary>The first row of the journal that is still needed, or null when none is.</summary>
    public long? FirstJournalId()
    {
        var first = Feed.FirstJournalId();
        lock (gate)
            return byAge.First is { } oldest ? Math.Min(oldest.Value.FirstJournalId, first ?? long.MaxValue) : first;
    }

    /// <summary>How long the first entry has been here.</summary>
    public TimeSpan OldestAge()
    {
        lock (gate)
            return byAge.First is { } first ? time.GetElapsedTime(first.Value.Since) : TimeSpan.Zero;
    }

    /// <summary>Lets a session go: all of it stands in the tables.</summary>
    public void Remove(TailSnapshot projected)
    {
        lock (gate)
        {
            if (!sessions.Remove(projected.No, out var session))
                return;
            numbers.Remove(projected.Head.SessionId);
            Forget(session);
        }
    }

    /// <summary>Sets a session aside: all of it stands in rows of its own, and it waits no more.</summary>
    /// <param name="session">The session.</param>
    /// <param name="failure">Why the tables do not take it.</param>
    /// <param name="kept">Its entries, where they lie from now on.</param>
    public void SetAside(TailSnapshot session, Exception failure, TailEntry[] kept)
    {
        lock (gate)
        {
            var setAside = sessions[session.No];
            Forget(setAside);
            setAside.SetAside(failure, kept);
            SessionsSetAside++;
            EntriesSetAside += kept.Length;
        }
    }

    /// <summary>Gives back the room that many sessions took here, when none is left.</summary>
    public void TrimExcess()
    {
        lock (gate)
        {
            sessions.TrimExcess();
            numbers.TrimExcess();
        }

        Feed.TrimExcess();
    }

    private void Forget(TailSession session)
    {
        byAge.Remove(session.Place!);
        Count -= session.Count;
    }
}

/// <summary>A session as lists need it.</summary>
/// <param name="Head">Its head.</param>
/// <param name="DueAt">When it wants to be tended.</param>
/// <param name="IsSetAside">Whether it is set aside.</param>
/// <param name="IsHeadKnown">Whether the head is that after all of its entries.</param>
internal readonly record struct TailHead(SessionHead Head, DateTimeOffset DueAt, bool IsSetAside, bool IsHeadKnown);

using AgentBudget.Ledger;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>
/// What stands in the journal and not yet in the tables, by session. Readers ask it first and the tables second: a session leaves it
/// only after all of it stands there, so nothing is ever missed. Filled by the writer's thread, read by many.
/// </summary>
internal sealed class JournalTail(TimeProvider time)
{
    private readonly object gate = new();
    private readonly Dictionary<long, TailSession> sessions = [];
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    // Sessions by their first entry in the journal; those that have left in the meantime are skipped.
    private readonly Queue<TailSession> byAge = [];

    /// <summary>How many entries it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Adds entries that have become durable.</summary>
    /// <param name="sessionNo">The session's number.</param>
    /// <param name="journalId">The first row of the journal that may hold them.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="head">The head after them.</param>
    /// <param name="appendId">Their append.</param>
    /// <param name="dueAt">When the session wants to be tended.</param>
    public void Add(long sessionNo, long journalId, ReadOnlySpan<TailEntry> entries, SessionHead head, long appendId, DateTimeOffset dueAt)
    {
        lock (gate)
        {
            if (!sessions.TryGetValue(sessionNo, out var session))
            {
                sessions[sessionNo] = session = new TailSession(sessionNo, journalId, time.GetTimestamp());
                numbers[head.SessionId] = sessionNo;
                byAge.Enqueue(session);
            }

            session.Add(entries, head, appendId, dueAt);
            Count += entries.Length;
        }
    }

    /// <summary>A session as it stands, or null when none of it is here.</summary>
    public TailSnapshot? Find(long sessionNo)
    {
        lock (gate) return sessions.GetValueOrDefault(sessionNo)?.Snapshot();
    }

    /// <summary>A session as it stands, or null when none of it is here.</summary>
    public TailSnapshot? Find(string sessionId)
    {
        lock (gate) return numbers.TryGetValue(sessionId, out var no) ? sessions[no].Snapshot() : null;
    }

    /// <summary>All sessions, with their heads and due times.</summary>
    public IReadOnlyDictionary<string, (SessionHead Head, DateTimeOffset DueAt)> Heads()
    {
        lock (gate) return sessions.Values.ToDictionary(session => session.Head.SessionId, session => (session.Head, session.DueAt));
    }

    /// <summary>Whether a key with the hash stands here.</summary>
    public bool HasKey(long sessionNo, long keyHash)
    {
        lock (gate) return sessions.TryGetValue(sessionNo, out var session) && session.HasKey(keyHash);
    }

    /// <summary>The sessions whose entries have waited longest: as many as it takes to have so many entries.</summary>
    public List<TailSnapshot> Oldest(int entries)
    {
        var oldest = new List<TailSnapshot>();
        lock (gate)
        {
            DropLeft();
            foreach (var session in byAge)
            {
                if (entries <= 0) break;
                if (sessions.GetValueOrDefault(session.No) != session) continue;
                oldest.Add(session.Snapshot());
                entries -= session.Count;
            }
        }

        return oldest;
    }

    /// <summary>The first row of the journal that is still needed, or null when none is.</summary>
    public long? FirstJournalId()
    {
        lock (gate)
        {
            DropLeft();
            return byAge.TryPeek(out var session) ? session.FirstJournalId : null;
        }
    }

    /// <summary>How long the first entry has been here.</summary>
    public TimeSpan OldestAge()
    {
        lock (gate)
        {
            DropLeft();
            return byAge.TryPeek(out var session) ? time.GetElapsedTime(session.Since) : TimeSpan.Zero;
        }
    }

    /// <summary>Lets a session go: all of it stands in the tables.</summary>
    public void Remove(TailSnapshot projected)
    {
        lock (gate)
        {
            sessions.Remove(projected.No);
            numbers.Remove(projected.Head.SessionId);
            Count -= projected.Entries.Count;
        }
    }

    /// <summary>Gives back the room that many sessions took here, when none is left.</summary>
    public void TrimExcess()
    {
        lock (gate)
        {
            DropLeft();
            sessions.TrimExcess();
            numbers.TrimExcess();
            byAge.TrimExcess();
        }
    }

    private void DropLeft()
    {
        while (byAge.TryPeek(out var session) && sessions.GetValueOrDefault(session.No) != session) byAge.Dequeue();
    }
}

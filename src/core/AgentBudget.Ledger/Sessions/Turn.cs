using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger;

/// <summary>One command being decided: ledger time, what was looked up, and the entries written so far.</summary>
internal sealed class Turn(SessionState state, SessionCommand? command, LookUps lookUps, DateTimeOffset now)
{
    // Nearly every turn writes one entry; a tenant's can write hundreds.
    private Entry[] first = [];
    private List<Entry>? several;
    private long? bodyHash;

    public SessionState State => state;

    public SessionHead Head => state.Head;

    public LookUps LookUps => lookUps;

    public SessionCommand? Command => command;

    /// <summary>Ledger time: the clock, but never before the last entry, so that expiry against settle is decided by sequence.</summary>
    public DateTimeOffset Time { get; } = now > state.Head.LastEntryAt ? now : state.Head.LastEntryAt;

    public IReadOnlyList<Entry> Entries => several ?? (IReadOnlyList<Entry>)first;

    public long BodyHash => bodyHash ??= command!.HashBody();

    /// <summary>
    /// The entry of this very turn that gave the reservation back, or null. It was open until the command came, so nobody looked it up.
    /// </summary>
    public Entry? FindGivenBack(long reservationId) =>
        Entries.FirstOrDefault(entry => entry.Related == reservationId && entry.Kind is EntryKind.Expired or EntryKind.Released);

    /// <summary>Writes an entry that the command asked for, under its key, and answers with it.</summary>
    public SessionAnswer Answer(Entry entry)
    {
        Write(entry, Time, command, BodyHash);
        return SessionAnswer.Of(entry);
    }

    /// <summary>Writes an entry that the ledger makes by itself.</summary>
    public Entry WriteUnasked(Entry entry) => Write(entry, Time, cause: null, bodyHash: 0);

    /// <summary>Holders whose money this turn has covered.</summary>
    public int Covered { get; set; }

    /// <summary>Whether the next turn has to cover more, so that what is free is not to be given out.</summary>
    public bool HasMoreToCover { get; set; }

    /// <summary>The operation whose end the command waits for; 0 when it is answered at once.</summary>
    public long Awaited { get; private set; }

    /// <summary>Whether the command was refused for lack of the parent's money alone: it is to be decided again when the parent has
    /// answered.</summary>
    public bool LacksParentsMoney { get; set; }

    /// <summary>Writes the entry that completes an operation, under the operation's key.</summary>
    public Entry Complete(Intent intent, Entry entry)
    {
        entry.Place(Head.Sequence + 1, Time, intent);
        return Write(entry);
    }

    /// <summary>Answers when another ledger has done its part: the operation's last entry is the answer.</summary>
    public SessionAnswer Await(long intentSequence)
    {
        Awaited = intentSequence;
        return new SessionAnswer { Standing = Head.Standing };
    }

    /// <summary>Answers when an operation of somebody else has ended: what is asked is so then, and nothing is written under this command's
    /// key.</summary>
    public SessionAnswer AwaitAnothers(long intentSequence)
    {
        Awaited = intentSequence;
        return Unchanged();
    }

    /// <summary>Writes an entry with a time of its own, such as what has come to pass by the clock before anybody looked; never before
    /// the last entry.</summary>
    public Entry WriteAt(Entry entry, DateTimeOffset at, long ofBody = 0) =>
        Write(entry, at > Head.LastEntryAt ? at : Head.LastEntryAt, cause: null, ofBody);

    private Entry Write(Entry entry, DateTimeOffset at, SessionCommand? cause, long bodyHash)
    {
        entry.Place(Head.Sequence + 1, at, cause, bodyHash);
        return Write(entry);
    }

    private Entry Write(Entry entry)
    {
        state.Apply(entry);
        entry.Conclude(state.Head);
        if (first.Length == 0)
            first = [entry];
        else
            (several ??= [.. first]).Add(entry);
        return entry;
    }

    /// <summary>Answers that it was so already: nothing is written, and the key stays free.</summary>
    public SessionAnswer Unchanged() => new() { Standing = Head.Standing, IsUnchanged = true };

    /// <summary>Refuses.</summary>
    public SessionAnswer Refuse(
        RefusalReason reason,
        TimeSpan? retryAfter = null,
        LoopEvidence? loop = null,
        EntrySignals signals = EntrySignals.None
    )
    {
        var available = Head.IsOpened ? Limits.Room(Head, isFinal: false) : Money.Zero;
        return new SessionAnswer
        {
            Standing = Head.Standing,
            Refusal = new Refusal(reason, available, retryAfter, loop, ParentsMoney.RefusedBy(state, reason)),
            Signals = signals,
        };
    }
}

using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>
/// What a tenant has heard of the defaults above it. Not durable: whoever has just been loaded asks. It comes with the answers to what it
/// says
/// anyway, and is asked for when a session is to be opened and it was not heard for a while.
/// </summary>
internal sealed class Inheritance
{
    /// <summary>How long what was heard is good: as long as a report of what was spent may wait.</summary>
    public static readonly TimeSpan StaysFresh = TimeSpan.FromSeconds(5);

    private DateTimeOffset heardAt;
    private DateTimeOffset saidAt;

    /// <summary>What was heard last; null when nothing was.</summary>
    public InheritedDefaults? Heard { get; private set; }

    /// <summary>Whether it is to be asked for.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>What holds at a tenant, for its sessions and for the tenants below it; null when it has to be asked for first.</summary>
    public static InheritedDefaults? Of(SessionState state) =>
        (IsBelowAnother(state.Head) ? state.InheritanceOrNull?.Heard : InheritedDefaults.None)?.Below(state.Head.Tenant);

    /// <summary>Tags that this tenant and those above report by, as far as that is known: a report has room for so many.</summary>
    public static IReadOnlyList<string> TagNamesOf(SessionState state) =>
        state.Head.Tenant is { } tenant ? Of(state)?.TagNames ?? tenant.Settings.TagNames : [];

    /// <summary>Whether it has to be asked for before a session is opened.</summary>
    public static bool IsLacking(SessionState state, DateTimeOffset now) =>
        TenantLedgers.IsId(state.Head.SessionId)
        && IsBelowAnother(state.Head)
        && (state.InheritanceOrNull is not { Heard: not null } known || now - known.heardAt >= StaysFresh);

    /// <summary>What a tenant asks of which nothing is known yet; null where it has a ledger, whose words ask, or nobody is
    /// above.</summary>
    public static DefaultsRequest? Request(SessionHead head, DateTimeOffset now) =>
        !head.IsOpened && TenantLedgers.IsId(head.SessionId) && TenantLedgers.PathOf(head.SessionId).Parent is { } above
            ? new DefaultsRequest
            {
                HolderId = head.SessionId,
                ParentId = TenantLedgers.IdOf(above),
                ParentLife = TenantLedgers.Life,
                RowMark = 0,
                Time = now,
            }
            : null;

    /// <summary>Answers such a question, and writes nothing.</summary>
    public static Received Answered(Turn turn, DefaultsRequest request)
    {
        var inherited = TenantLedgers.IsId(turn.Head.SessionId) ? Of(turn.State) : null;
        if (inherited is null)
            turn.State.Inheritance.Want();
        return new Received(
            new DefaultsAnswer
            {
                HolderId = request.HolderId,
                ParentId = request.ParentId,
                ParentLife = request.ParentLife,
                RowMark = request.RowMark,
                Time = turn.Time,
                Inherited = inherited,
            },
            turn.Entries
        );
    }

    /// <summary>Hears the answer, which writes nothing either.</summary>
    public static Received Hear(Turn turn, DefaultsAnswer answer)
    {
        if (answer.Inherited is { } inherited)
            turn.State.Inheritance.Hear(inherited, answer.Time, turn.Time);
        return new Received(null, turn.Entries);
    }

    // A ledger that is opened knows it from its link; the path says the same.
    private static bool IsBelowAnother(SessionHead head) =>
        head.IsOpened ? head.Link is not null : TenantLedgers.PathOf(head.SessionId).Parent is not null;

    /// <summary>Whether a word to the tenant above asks for it: when somebody waits, and with the first of an activation.</summary>
    public static bool IsAskedFor(SessionState state) =>
        state.InheritanceOrNull is { IsWanted: true } || (state.Head.Tenant is not null && state.InheritanceOrNull?.Heard is null);

    /// <summary>Has it asked for.</summary>
    public void Want() => IsWanted = true;

    /// <summary>Takes what the tenant above says; a word that was overtaken says nothing.</summary>
    public void Hear(ParentWord word, DateTimeOffset now)
    {
        if (word.InheritedMark == 0)
            return;
        if (word.Inherited is { } news)
            Hear(news, word.Time, now);
        else if (Heard is { } known && known.Mark == word.InheritedMark)
            Hear(known, word.Time, now);
    }

    private void Hear(InheritedDefaults inherited, DateTimeOffset said, DateTimeOffset now)
    {
        // By the clock of a silo that is hours ahead it may have been said later than everything that comes: no word is under way for so
        // long that it would be older than what has gone stale.
        if (said >= saidAt || now - heardAt >= StaysFresh)
            (Heard, heardAt, saidAt, IsWanted) = (inherited, now, said, false);
    }

    /// <summary>Adds to the answer to a tenant below what that inherits, where it asks for it.</summary>
    public static Received Answered(Turn turn, HolderWord word, Received received)
    {
        if (!word.WantsInherited || received.Reply is not ParentWord { State: ParentState.Known } answer)
            return received;
        if (Of(turn.State) is { } inherited)
        {
            var mark = inherited.Mark;
            answer = answer with { InheritedMark = mark, Inherited = mark == word.InheritedMark ? null : inherited };
            return received with { Reply = answer };
        }

        turn.State.Inheritance.Want();
        return received;
    }
}

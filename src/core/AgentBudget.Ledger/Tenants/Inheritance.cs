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
        (state.Head.Link is null ? InheritedDefaults.None : state.InheritanceOrNull?.Heard)?.Below(state.Head.Tenant);

    /// <summary>Whether it has to be asked for before a session is opened.</summary>
    public static bool IsLacking(SessionState state, DateTimeOffset now) =>
        state.Head is { Link: not null, Tenant: not null }
        && (state.InheritanceOrNull is not { Heard: not null } known || now - known.heardAt >= StaysFresh);

    /// <summary>Has it asked for.</summary>
    public void Want() => IsWanted = true;

    /// <summary>Takes what the tenant above says; a word that was overtaken says nothing.</summary>
    public void Hear(ParentWord word, DateTimeOffset now)
    {
        if (word.InheritedMark == 0 || word.Time < saidAt)
            return;
        if (word.Inherited is { } news)
            Heard = news;
        else if (Heard?.Mark != word.InheritedMark)
            return;
        (heardAt, saidAt, IsWanted) = (now, word.Time, false);
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

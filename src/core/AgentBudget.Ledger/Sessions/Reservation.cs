namespace AgentBudget;

/// <summary>Money set aside before a call.</summary>
/// <param name="Id">The sequence of the entry that reserved it.</param>
/// <param name="Amount">What was set aside.</param>
/// <param name="Call">The call that it is for.</param>
/// <param name="Child">The shared child on whose account it stands, or null.</param>
/// <param name="ExpiresAt">When it goes back by itself.</param>
public sealed record Reservation(long Id, Money Amount, Call Call, string? Child, DateTimeOffset ExpiresAt)
{
    /// <summary>What an entry of a kind does to the open reservations; <see cref="Entry.Related"/> names the one that is extended or
    /// ended.</summary>
    public static ReservationEffect EffectOf(EntryKind kind) => EntryKinds.Find(kind)?.Reservation ?? ReservationEffect.None;

    /// <summary>The reservation that an entry opens.</summary>
    public static Reservation Of(Entry entry) => new(entry.Sequence, entry.Amount, entry.Call!, entry.Child, entry.ExpiresAt!.Value);

    /// <summary>The reservation as an entry that grew it states it.</summary>
    public static Reservation GrownBy(Entry entry) => new(entry.Related, entry.Requested, entry.Call!, entry.Child, entry.ExpiresAt!.Value);
}

/// <summary>What an entry does to the open reservations of its session.</summary>
public enum ReservationEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is a new one, whose id is the entry's sequence.</summary>
    Opens,

    /// <summary>One goes back by itself at another time.</summary>
    Extends,

    /// <summary>One is open no more.</summary>
    Ends,

    /// <summary>More is set aside for one; the entry states all of it anew.</summary>
    Grows,
}

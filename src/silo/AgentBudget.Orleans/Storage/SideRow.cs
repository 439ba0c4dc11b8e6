using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage;

/// <summary>What a row beside a timeline is about. The numbers stand in stored rows.</summary>
public enum SideRowKind : byte
{
    /// <summary>An open reservation; it goes when the reservation ends.</summary>
    Reservation = 1,

    /// <summary>A holder of the ledger's money; it stays when it is closed.</summary>
    Holder = 2,
}

/// <summary>
/// A row that stands beside a ledger's timeline and follows it: open ones are loaded with the ledger, closed ones are looked up by their
/// name and life. Stores carry it and look at none of its parts but to find it.
/// </summary>
public sealed class SideRow
{
    private SideRow() { }

    /// <summary>What it is about.</summary>
    public SideRowKind Kind { get; private init; }

    /// <summary>The sequence of the entry that made it: with the kind, its name within the ledger.</summary>
    public long Number { get; private init; }

    /// <summary>The child on whose account a reservation stands, or null; a holder's id.</summary>
    public string? Name { get; private init; }

    /// <summary>A holder's life; 0 for a reservation, and until the holder has registered.</summary>
    public long Life { get; private init; }

    /// <summary>Whether it is loaded with the ledger.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>What the ledger counts as reserved for it.</summary>
    public Money Reserved { get; private init; }

    /// <summary>When a reservation goes back by itself; when a holder's row was closed, or opened.</summary>
    public DateTimeOffset At { get; private init; }

    /// <summary>The reservation; null in a row of another kind.</summary>
    public Reservation? Reservation { get; private init; }

    /// <summary>The holder's row; null in a row of another kind.</summary>
    public HolderRow? Holder { get; private init; }

    /// <summary>A row as it was stored.</summary>
    /// <param name="kind">Its <see cref="Kind"/>, and so on.</param>
    /// <param name="number">Its number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="reserved">What is reserved for it.</param>
    /// <param name="at">Its time.</param>
    /// <param name="detailUtf8">The rest of it, as <see cref="LedgerJsonWriter"/> writes it.</param>
    public static SideRow Stored(
        SideRowKind kind,
        long number,
        string? name,
        Money reserved,
        DateTimeOffset at,
        ReadOnlySpan<byte> detailUtf8
    ) =>
        kind switch
        {
            SideRowKind.Reservation => Of(new Reservation(number, reserved, LedgerJson.ReadCall(detailUtf8), name, at)),
            SideRowKind.Holder => Of(LedgerJson.ReadHolder(detailUtf8)),
            _ => throw new InvalidDataException($"A row beside a timeline is of an unknown kind, {kind}."),
        };

    /// <summary>The row of an open reservation.</summary>
    public static SideRow Of(Reservation reservation) =>
        new()
        {
            Kind = SideRowKind.Reservation,
            Number = reservation.Id,
            Name = reservation.Child,
            IsOpen = true,
            Reserved = reservation.Amount,
            At = reservation.ExpiresAt,
            Reservation = reservation,
        };

    /// <summary>The row with another <see cref="At"/>. Only a reservation's moves.</summary>
    public SideRow MovedTo(DateTimeOffset at) => Reservation is { } reservation ? Of(reservation with { ExpiresAt = at }) : this;

    /// <summary>The row of a holder.</summary>
    public static SideRow Of(HolderRow holder) =>
        new()
        {
            Kind = SideRowKind.Holder,
            Number = holder.Number,
            Name = holder.HolderId,
            Life = holder.HolderLife,
            IsOpen = holder.IsOpen,
            Reserved = holder.SetAside,
            At = holder.ClosedAt ?? holder.OpenedAt,
            Holder = holder,
        };
}

/// <summary>What is done to a row beside a timeline.</summary>
public enum SideStep : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The row is added, or takes the place of the one of its kind and number.</summary>
    Put = 1,

    /// <summary>Its <see cref="SideRow.At"/> changes, and nothing else.</summary>
    Move = 2,

    /// <summary>It goes.</summary>
    Remove = 3,
}

/// <summary>What one entry does to the rows beside its timeline: at most one step.</summary>
/// <param name="Step">What.</param>
/// <param name="Kind">To a row of this kind.</param>
/// <param name="Number">And this number.</param>
/// <param name="Row">The row that is put; null for other steps.</param>
/// <param name="At">The time that it is moved to.</param>
public readonly record struct SideChange(SideStep Step, SideRowKind Kind, long Number, SideRow? Row = null, DateTimeOffset At = default);

using AgentBudget.Ledger.Between;

namespace AgentBudget.Ledger.Tenants;

/// <summary>A holder in the line.</summary>
/// <param name="HolderId">Who.</param>
/// <param name="AtLeast">What it asks to have been granted in all, at the least.</param>
/// <param name="All">The same for all that wait there.</param>
/// <param name="Wish">The same with what it would like to have in hand.</param>
/// <param name="Amount">The whole call that waits first.</param>
/// <param name="Since">Since when.</param>
/// <param name="Ask">The number of its ask.</param>
/// <param name="AskedAt">When it last asked.</param>
/// <param name="IsPatient">Whether it waits for longer than a call without a place in line can.</param>
internal readonly record struct Waiter(
    string HolderId,
    Money AtLeast,
    Money All,
    Money Wish,
    Money Amount,
    DateTimeOffset Since,
    long Ask,
    DateTimeOffset AskedAt,
    bool IsPatient
)
{
    /// <summary>How long the place is kept.</summary>
    public DateTimeOffset Until => AskedAt + TenantDesk.PlaceIsKept;

    /// <summary>Whether somebody still waits for the money: with a holder whose caller was refused, it would lie idle until that comes
    /// again.</summary>
    public bool IsThere(DateTimeOffset now) => IsPatient || now < AskedAt + Needs.CallWaits;

    /// <summary>Whether its turn comes before another's.</summary>
    public bool IsBefore(Waiter other) => Since != other.Since ? Since < other.Since : string.CompareOrdinal(HolderId, other.HolderId) < 0;

    /// <summary>The same where it has given back so much of what it had.</summary>
    public Waiter WithMore(Money amount) => this with { AtLeast = AtLeast + amount, All = All + amount, Wish = Wish + amount };
}

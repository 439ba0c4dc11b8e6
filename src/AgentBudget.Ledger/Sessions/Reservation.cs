namespace AgentBudget.Ledger;

/// <summary>Money set aside before a call.</summary>
/// <param name="Id">The sequence of the entry that reserved it.</param>
/// <param name="Amount">What was set aside.</param>
/// <param name="Call">The call that it is for.</param>
/// <param name="Child">The shared child on whose account it stands, or null.</param>
/// <param name="ExpiresAt">When it goes back by itself.</param>
public sealed record Reservation(long Id, Money Amount, Call Call, string? Child, DateTimeOffset ExpiresAt);

namespace AgentBudget;

/// <summary>How money is set aside for one call. What is left out is as the client's options say.</summary>
public sealed record ReserveOptions
{
    internal static readonly ReserveOptions Default = new();

    internal static readonly ReserveOptions Final = new() { IsFinal = true };

    /// <summary>Whether this is the session's last call, which may use the finalization reserve and pass an exhausted budget. Default:
    /// no.</summary>
    public bool IsFinal { get; init; }

    /// <summary>
    /// The fewest completion tokens with which a model call is worth making, so that it may be granted less than its worst case; what it
    /// then affords is <see cref="BudgetedCall.MaxOutputTokens"/>, which has to go out with the call. An estimate without a cap of its own
    /// is then granted a share of the room, so that many such calls run side by side. Null (default): all or nothing. From 1 on.
    /// </summary>
    public long? LeastOutputTokens { get; init; }

    /// <summary>The least amount that would do, for a call whose most is a known sum. Null (default): all or nothing.</summary>
    public Money? LeastAmount { get; init; }

    /// <summary>How long to wait for money that is set aside for other calls: zero to 1 hour. Null (default): as
    /// <see cref="AgentBudgetClientOptions.WaitForMoney"/> says.</summary>
    public TimeSpan? WaitForMoney { get; init; }

    /// <summary>How long the reservation lives; a call that takes longer is prolonged by itself. 1 second to 24 hours. Null (default): as
    /// <see cref="AgentBudgetClientOptions.ReservationTimeToLive"/> says.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The caller's idempotency key for this call: a step that is run again sets money aside once, prolonged, and its handle says
    /// <see cref="BudgetedCall.IsReplay"/>; where the call has ended meanwhile, <see cref="CallEndedException"/> is thrown. 1 to 128 of
    /// <c>A-Z a-z 0-9 . _ : / @ -</c>. Null (default): one is made.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Tells whoever asks from others who have the same <see cref="Key"/>, and are refused; what is granted is taken up by the one
    /// with the mark alone, whose answer was lost on its way. Zero (default): by whoever has the key.</summary>
    internal ulong Mark { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        if (LeastOutputTokens is < 1)
            throw new ArgumentException("LeastOutputTokens must be from 1 on; leave it out for all or nothing.");
        if (LeastAmount is { } least && (least < Money.Zero || least > Money.MaxAmount))
            throw new ArgumentException($"LeastAmount must be from zero to {Money.MaxAmount}.");
        if (WaitForMoney is { } wait && (wait < TimeSpan.Zero || wait > TimeSpan.FromHours(1)))
            throw new ArgumentException("WaitForMoney must be from zero to 1 hour.");
        var (shortest, longest) = Bounds.ReservationTimeToLive;
        if (TimeToLive is { } live && (live < shortest || live > longest))
            throw new ArgumentException($"TimeToLive must be from {shortest} to {longest}.");
    }
}

using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// Sets more money aside for a reservation that is open, as for a stream that goes on: checked like a reservation of its own, but for
/// loops, since it is the same call.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.grow")]
public sealed record GrowCommand : SessionCommand
{
    /// <summary>The reservation.</summary>
    [Id(0)]
    public required long ReservationId { get; init; }

    /// <summary>How much more is wished for; above zero.</summary>
    [Id(1)]
    public required Money Amount { get; init; }

    /// <summary>The least that the caller would also take, up to <see cref="Amount"/>; null (default): all or nothing.</summary>
    [Id(2)]
    public Money? LeastAmount { get; init; }

    /// <summary>Whether it is for the session's last call, which may use the finalization reserve and pass an exhausted breaker.</summary>
    [Id(3)]
    public bool IsFinal { get; init; }

    internal override SessionAnswer Decide(Turn turn) => GrowRules.Grow(turn, this);

    internal override long EntryToLookUp(SessionState state) => state.FindOpen(ReservationId) is null ? ReservationId : 0;

    private protected override int BodyKind => 19;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(ReservationId);
        hash.Add(Amount.NanoDollars);
        hash.Add(LeastAmount?.NanoDollars ?? -1);
        hash.Add(IsFinal ? 1 : 0);
    }

    private protected override void ValidateBody()
    {
        Checks.Positive(Amount, "The amount to grow by");
        if (LeastAmount is not { } least)
            return;
        Checks.Cost(least, "The least amount");
        if (least > Amount)
            throw new ArgumentException("The least amount must not be above the amount to grow by.");
    }
}

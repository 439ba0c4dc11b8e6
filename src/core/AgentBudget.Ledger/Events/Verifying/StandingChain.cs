namespace AgentBudget.Ledger;

/// <summary>
/// A session's budget and what it has set aside, from event to event. The budget moves by events alone. What is set aside moves by
/// reservations, too, which have none: between two events that other entries lie between, it is not proven.
/// </summary>
internal sealed class StandingChain
{
    private Tracked budget;
    private Tracked reserved = new(Money.Zero);

    // The first part of the entry that the last event was of; null where it is not here.
    private SeenEvent? done;
    private long sequence;

    /// <summary>Events of which what they say was set aside is not proven.</summary>
    public long Unproven { get; private set; }

    /// <summary>The first event of another entry has come, and nothing is missing before it.</summary>
    /// <returns>What it contradicts; null for nothing.</returns>
    public string? Begin(SeenEvent of)
    {
        var (amounts, after) = (of.Amounts, of.After);
        var isNext = of.Place.Sequence == sequence + 1;
        (done, sequence) = (of, of.Place.Sequence);
        var (budgetBefore, reservedBefore) = (budget.Value, reserved.Value);
        var isBudgetAlike = amounts.Budget is null ? budget.Follows(Money.Zero, after.Budget) : budget.IsSet(after.Budget);
        // What an entry did is known by the event that it is by itself; what came of it can be so of any.
        var isProven = isNext && !of.IsConsequence;
        var isReservedAlike = isProven ? reserved.Follows(-(amounts.Freed ?? Money.Zero), after.Reserved) : reserved.IsSet(after.Reserved);
        if (!isProven && amounts.Freed is not null)
            Unproven++;
        if (amounts.Budget is { } stated && stated != after.Budget)
            return $"it says a budget of {stated}, and after it {after.Budget}.";
        if (!isBudgetAlike)
            return $"the budget after it is {after.Budget}, but no event has changed it from {budgetBefore}.";
        if (!isReservedAlike)
            return $"{after.Reserved} is set aside after it and {reservedBefore} was before, but it says that "
                + $"{amounts.Freed ?? Money.Zero} came free.";
        return after.Reserved + (amounts.Freed ?? Money.Zero) > after.Budget
            ? $"it says that {amounts.Freed ?? Money.Zero} came free, more than can have been set aside."
            : null;
    }

    /// <summary>Another part of the same entry has come.</summary>
    /// <returns>What it contradicts; null for nothing.</returns>
    public string? GoOn(SeenEvent of)
    {
        if (of.Amounts.Overage is not { } stated || done is not { IsConsequence: false } charge)
            return null;
        var before = Standing(of.After.Spent - charge.Amounts.Cost, of.After.Reserved + (charge.Amounts.Freed ?? Money.Zero));
        var added = of.After.Overage - before.Overage;
        return added == stated ? null : $"it says that {stated} more was spent than the budget held, but its entry's amounts say {added}.";

        Standing Standing(Money spent, Money setAside) => new(0, of.After.Budget, spent, setAside, default, EndReason.None);
    }

    /// <summary>An event has come of which the amounts cannot be trusted: what was before is what is known.</summary>
    public void PassOver(SeenEvent of)
    {
        (done, sequence) = (null, of.Place.Sequence);
        reserved = default;
    }

    /// <summary>An event has come behind a hole: what it says is where it goes on.</summary>
    public void Resume(SeenEvent of)
    {
        (done, sequence) = (of.Place.Part == 1 ? of : null, of.Place.Sequence);
        (budget, reserved) = (new(of.After.Budget), new(of.After.Reserved));
    }

    // An amount, and what it ought to be where that was told: one event that was altered is told once, and not the next one as well.
    private struct Tracked(Money? value)
    {
        private Money? other;

        public Money? Value { get; private set; } = value;

        public bool IsSet(Money told)
        {
            (Value, other) = (told, null);
            return true;
        }

        public bool Follows(Money by, Money told)
        {
            var follows = Value is null || told == Value + by || (other is not null && told == other + by);
            (Value, other) = (told, follows ? null : Value + by);
            return follows;
        }
    }
}

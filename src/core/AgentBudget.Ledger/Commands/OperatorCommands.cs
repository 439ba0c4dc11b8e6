using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>Raises the budget by an amount. Raising strictly above what is spent resumes an exhausted session.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.top-up")]
public sealed record TopUpCommand : SessionCommand
{
    /// <summary>The amount to add: above $0.00.</summary>
    [Id(0)]
    public required Money Amount { get; init; }

    /// <summary>Why, for the timeline: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    internal override SessionAnswer Decide(Turn turn) => BudgetRules.TopUp(turn, this);

    private protected override int BodyKind => 7;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Amount);
        hash.Add(Reason);
    }

    private protected override void ValidateBody()
    {
        Checks.Positive(Amount, "The top-up");
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}

/// <summary>Sets the budget. A budget below what is settled and reserved is refused.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.set-budget")]
public sealed record SetBudgetCommand : SessionCommand
{
    /// <summary>The new budget: above $0.00.</summary>
    [Id(0)]
    public required Money Budget { get; init; }

    /// <summary>Why, for the timeline: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    internal override SessionAnswer Decide(Turn turn) => BudgetRules.Set(turn, this);

    private protected override int BodyKind => 8;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(Budget);
        hash.Add(Reason);
    }

    private protected override void ValidateBody()
    {
        Checks.Positive(Budget, "The budget");
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}

/// <summary>
/// Corrects an earlier entry by a signed difference. An entry that recorded a cost changes what is spent, one that brought money
/// changes the budget. The entry itself is never edited.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.correct")]
public sealed record CorrectCommand : SessionCommand
{
    /// <summary>The sequence of the entry to correct.</summary>
    [Id(0)]
    public required long EntrySequence { get; init; }

    /// <summary>What to add to the entry's amount; below zero takes back, at most all that is left of it.</summary>
    [Id(1)]
    public required Money Difference { get; init; }

    /// <summary>Why: 1 to 256 characters.</summary>
    [Id(2)]
    public required string Reason { get; init; }

    internal override SessionAnswer Decide(Turn turn) => BudgetRules.Correct(turn, this);

    internal override long EntryToLookUp(SessionState state) => EntrySequence;

    private protected override int BodyKind => 9;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(EntrySequence);
        hash.Add(Difference);
        hash.Add(Reason);
    }

    private protected override void ValidateBody()
    {
        if (Difference == Money.Zero)
            throw new ArgumentException("A correction of $0.00 corrects nothing.");
        if (Difference > Money.MaxAmount || Difference < -Money.MaxAmount)
            throw new ArgumentException($"The correction is {Difference}; one operation may name at most {Money.MaxAmount}.");
        Checks.Name(Reason, "The reason of a correction", Bounds.ReasonLength);
    }
}

/// <summary>Pauses the session: no new money until it is resumed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.pause")]
public sealed record PauseCommand : SessionCommand
{
    /// <summary>Who pauses. Default: an operator.</summary>
    [Id(0)]
    public PauseSources Source { get; init; } = PauseSources.Operator;

    /// <summary>Why, for the timeline: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    /// <summary>Which person or program pauses, for the audit: up to 128 characters.</summary>
    [Id(2)]
    public string? By { get; init; }

    /// <summary>How long the answer may wait for all that have money of it to have written it: zero to 20 seconds. Null: 3 seconds for a
    /// session, 10 for a tenant.</summary>
    [Id(3)]
    public TimeSpan? AnswerWithin { get; init; }

    internal override SessionAnswer Decide(Turn turn) => BreakerRules.Pause(turn, this);

    internal override bool IsForTenant => true;

    internal override bool BeginsTenant => true;

    internal override bool IsForSession => true;

    private protected override int BodyKind => 10;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add((long)Source);
        hash.Add(Reason);
        hash.Add(By);
    }

    private protected override void ValidateBody()
    {
        Checks.Source(Source, "Who pauses");
        Checks.Text(By, "Who pauses", Bounds.NameLength);
        Checks.OptionalRange(AnswerWithin, Bounds.PauseAnswer, "The wait for the answer");
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}

/// <summary>
/// Lets go of a pause; without one, closes the breaker after a loop, or after exhaustion if there is money left.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.resume")]
public sealed record ResumeCommand : SessionCommand
{
    /// <summary>Who resumes. Default: an operator.</summary>
    [Id(0)]
    public PauseSources Source { get; init; } = PauseSources.Operator;

    /// <summary>Why, for the timeline: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    /// <summary>Which person or program resumes, for the audit: up to 128 characters.</summary>
    [Id(2)]
    public string? By { get; init; }

    /// <summary>How long the answer may wait for all that have money of it to have written it: zero to 20 seconds. Null: 3 seconds for a
    /// session, 10 for a tenant.</summary>
    [Id(3)]
    public TimeSpan? AnswerWithin { get; init; }

    internal override SessionAnswer Decide(Turn turn) => BreakerRules.Resume(turn, this);

    internal override bool IsForTenant => true;

    internal override bool IsForSession => true;

    private protected override int BodyKind => 11;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add((long)Source);
        hash.Add(Reason);
        hash.Add(By);
    }

    private protected override void ValidateBody()
    {
        Checks.Source(Source, "Who resumes");
        Checks.Text(By, "Who resumes", Bounds.NameLength);
        Checks.OptionalRange(AnswerWithin, Bounds.PauseAnswer, "The wait for the answer");
        Checks.Text(Reason, "The reason", Bounds.ReasonLength);
    }
}

/// <summary>Ends the session: open reservations are released, and nothing new is authorised.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.close")]
public sealed record CloseCommand : SessionCommand
{
    /// <summary>Whether somebody other than its owner stops it: an operator, or the end of its parent.</summary>
    [Id(0)]
    public bool IsStop { get; init; }

    /// <summary>Why, for the timeline: up to 256 characters.</summary>
    [Id(1)]
    public string? Reason { get; init; }

    internal override SessionAnswer Decide(Turn turn) => ExpiryRules.Close(turn, this);

    private protected override int BodyKind => 12;

    private protected override void AddTo(ref BodyHash hash)
    {
        hash.Add(IsStop ? 1 : 0);
        hash.Add(Reason);
    }

    private protected override void ValidateBody() => Checks.Text(Reason, "The reason", Bounds.ReasonLength);
}

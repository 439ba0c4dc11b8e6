namespace AgentBudget;

/// <summary>
/// A tenant of which nothing is known yet asks the one above what it inherits, because a session is to be opened with it. Nothing of it
/// stands anywhere, here or above, before the session is admitted. The answer is a <see cref="DefaultsAnswer"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.defaults-request")]
public sealed record DefaultsRequest : LedgerMessage;

/// <summary>What a tenant of which nothing is known yet inherits.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.defaults-answer")]
public sealed record DefaultsAnswer : LedgerMessage
{
    /// <summary>The defaults; null where the one above has not heard its own yet: ask again.</summary>
    [Id(0)]
    public InheritedDefaults? Inherited { get; init; }
}

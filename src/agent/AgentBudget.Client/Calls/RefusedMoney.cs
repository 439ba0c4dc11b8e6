namespace AgentBudget.Client.Calls;

/// <summary>The numbers of a refusal for money, for people and programs.</summary>
/// <param name="Cost">The least that would have done; null where no amount was named.</param>
/// <param name="Call">The model or tool; null where it was none.</param>
/// <param name="LargestOutputTokens">The most completion tokens that would have fitted.</param>
internal readonly record struct RefusedMoney(Money? Cost, string? Call, long? LargestOutputTokens)
{
    /// <summary>The session's budget; null where it is not known.</summary>
    public Money? Budget { get; init; }

    /// <summary>Whether nothing more is authorised until somebody makes room.</summary>
    public bool IsLatched { get; init; }

    /// <summary>Whether it is about a cost that was recorded all the same.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The budget in a sentence.</summary>
    public string OfBudget => Budget is { } budget ? $" of {budget}" : "";

    /// <summary>What was asked for, as a sentence.</summary>
    public string Needs(string sessionId) =>
        IsRecorded ? $"The cost was recorded in session {sessionId}."
        : Cost is not { } cost ? $"Session {sessionId} needs money."
        : Call is null ? $"Session {sessionId} needs {cost}."
        : $"The call of {Call} in session {sessionId} can cost {cost}.";

    /// <summary>What else would help: a cap, where one would.</summary>
    public string OrCap(string otherwise) =>
        LargestOutputTokens is > 0 and var tokens
            ? FormattableString.Invariant($", or cap the output at {tokens} tokens, or let it be clamped (LeastOutputTokens)")
            : otherwise;
}

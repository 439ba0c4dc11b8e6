namespace AgentBudget;

/// <summary>What a response says about the bill of its call. What it does not say is null, and never zero; a count that is missing among
/// others leaves the usage partial.</summary>
/// <remarks>Two are equal only where <see cref="OtherParts"/> is the same list.</remarks>
public sealed record ResponseUsage
{
    /// <summary>How much of the usage was stated.</summary>
    public UsageCompleteness Completeness { get; init; }

    /// <summary>
    /// The provider, by the price table's id: the caller's, or what only that provider's responses carry. Null where nothing tells; the
    /// model's name then has to find it.
    /// </summary>
    public string? Provider { get; init; }

    /// <summary>The model that answered, or that was asked for where the response names none (Bedrock, Cohere). Null where nobody
    /// said.</summary>
    public string? Model { get; init; }

    /// <summary>What <see cref="Model"/> used, inclusive. Null while the provider has not said.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>What other models used in the same call, at most <see cref="ResponseReader.MaxOtherParts"/>; each is priced
    /// apart.</summary>
    public IReadOnlyList<BilledPart> OtherParts { get; init; } = [];

    /// <summary>The service tier, region and speed that were served; each null where the response does not say. The region is that of the
    /// call's address where the response names none.</summary>
    public CallTerms Terms { get; init; }

    /// <summary>
    /// What the provider says that the call cost, keys of one's own included, rounded up to the nano-dollar. Null where it does not say, or
    /// writes what is no sum.
    /// </summary>
    public Money? ProviderCost { get; init; }

    /// <summary>The response's id; null where it has none. A response in the background is asked for again by it.</summary>
    public string? ResponseId { get; init; }

    /// <summary>Whether the provider has put the call off: queued or in progress in the background, to be asked for by
    /// <see cref="ResponseId"/>.</summary>
    public bool IsPending { get; init; }

    /// <summary>
    /// Whether the model said that it stopped, so that nothing more is generated, whether or not the response's end arrived; of several
    /// answers in one response, all that have begun. With <see cref="UsageCompleteness.Partial"/> the usage is the last word, for all that
    /// is known: a usage that leaves a count out is none, and this is false.
    /// </summary>
    public bool IsStopped { get; init; }

    /// <summary>The bytes of generated text in the events of a stream so far: no fewer than the tokens that were seen.</summary>
    public long TextBytes { get; init; }
}

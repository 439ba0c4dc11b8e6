using System.Diagnostics.CodeAnalysis;

namespace AgentBudget;

/// <summary>The answer to "what does this call cost": a cost with the row it comes from, or the reason why there is none.</summary>
public readonly record struct PricedCall
{
    private readonly IReadOnlyList<string>? candidates;

    /// <summary>Whether <see cref="Cost"/> is a price. False leaves the cost at zero, which then means nothing.</summary>
    [MemberNotNullWhen(true, nameof(Row), nameof(RowId))]
    public bool IsPriced => Problem == PriceProblem.None && Row is not null;

    /// <summary>The cost, rounded up once to the next nano-dollar.</summary>
    public Money Cost { get; private init; }

    /// <summary>The row that priced the call, or that could not; null for an unknown model.</summary>
    public PriceRow? Row { get; private init; }

    /// <summary>The id of <see cref="Row"/>, to be recorded with the entry.</summary>
    public string? RowId => Row?.Id;

    /// <summary>The version of the table that answered, to be recorded with the entry.</summary>
    public string TableVersion { get; private init; }

    /// <summary>What was unusual about the call.</summary>
    public PriceWarnings Warnings { get; private init; }

    /// <summary>Why there is no price.</summary>
    public PriceProblem Problem { get; private init; }

    /// <summary>The problem in a sentence for people; null when the call is priced.</summary>
    public string? Detail { get; private init; }

    /// <summary>For an unknown model, at most three known ones with a similar name, as <c>provider/model</c>. Never used to
    /// price.</summary>
    public IReadOnlyList<string> Candidates
    {
        get => candidates ?? [];
        private init => candidates = value;
    }

    /// <summary>
    /// The call as the entry of this cost is to record it: with row and version, and <see cref="CostSource.Partial"/> as its source where
    /// it was left open what the call costs (<see cref="PriceWarnings.ImagesNotCounted"/>, <see cref="PriceWarnings.ServiceTierNotSaid"/>,
    /// <see cref="PriceWarnings.ServiceTierNotPriced"/>) and the caller names no worse one.
    /// </summary>
    /// <param name="call">The call that was priced.</param>
    public Call RecordOn(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call with { PriceRow = RowId, PriceTableVersion = TableVersion, Source = SourceOf(call.Source) };
    }

    /// <summary>The same with what the call used.</summary>
    /// <param name="call">The call that was priced.</param>
    /// <param name="usage">What it used.</param>
    public Call RecordOn(Call call, in TokenUsage usage)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call with { Usage = usage, PriceRow = RowId, PriceTableVersion = TableVersion, Source = SourceOf(call.Source) };
    }

    /// <summary>How the cost is known, by what is known of the usage and by what the table left open.</summary>
    /// <param name="ofUsage">How the usage is known.</param>
    public CostSource SourceOf(CostSource ofUsage)
    {
        const PriceWarnings leftOpen =
            PriceWarnings.ImagesNotCounted | PriceWarnings.ServiceTierNotSaid | PriceWarnings.ServiceTierNotPriced;
        return (Warnings & leftOpen) != 0 && ofUsage == CostSource.Provider ? CostSource.Partial : ofUsage;
    }

    internal PricedCall With(PriceWarnings warnings) => this with { Warnings = Warnings | warnings };

    internal static PricedCall Priced(PriceRow row, string tableVersion, Money cost, PriceWarnings warnings) =>
        new()
        {
            Row = row,
            TableVersion = tableVersion,
            Cost = cost,
            Warnings = warnings,
        };

    internal static PricedCall Refused(PriceProblem problem, string detail, PriceRow row, string tableVersion) =>
        new()
        {
            Problem = problem,
            Detail = detail,
            Row = row,
            TableVersion = tableVersion,
        };

    internal static PricedCall NotSaid(string tableVersion) =>
        new()
        {
            Problem = PriceProblem.UsageNotSaid,
            Detail = "The response does not say what the call used.",
            TableVersion = tableVersion,
        };

    /// <summary>What has no row.</summary>
    /// <param name="tableVersion">The version of the table.</param>
    /// <param name="candidates">Similar names.</param>
    /// <param name="reason">What is wrong with the call itself, in a sentence; empty where it is only not in the table.</param>
    internal static PricedCall Unknown(string tableVersion, IReadOnlyList<string> candidates, string reason) =>
        new()
        {
            Problem = PriceProblem.UnknownModel,
            Detail =
                reason
                + "No row of the price table covers this provider, model and time. A deployment or an inference profile is named with its "
                + "model under "
                + "Prices:Names; a new model comes with \"agentbudget pricing update\"; a price of your own goes under Prices:Models or "
                + "into a price file.",
            TableVersion = tableVersion,
            Candidates = candidates,
        };
}

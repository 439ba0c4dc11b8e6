using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Exporting;

/// <summary>What came of a batch: each of its costs is taken, refused, or left.</summary>
internal sealed record SinkAnswer
{
    /// <summary>Ids of those that were taken, now or before.</summary>
    public IReadOnlyCollection<string> Taken { get; init; } = [];

    /// <summary>Those that will never be taken as they are.</summary>
    public IReadOnlyCollection<RefusedCost> Refused { get; init; } = [];

    /// <summary>What becomes of all others; null where there are none.</summary>
    public LeftCosts? Left { get; init; }

    /// <summary>All of them were taken.</summary>
    public static SinkAnswer AllOf(IEnumerable<BilledCost> costs) => new() { Taken = [.. costs.Select(cost => cost.Id)] };

    /// <summary>None was.</summary>
    public static SinkAnswer NoneFor(LeftCosts left) => new() { Left = left };
}

/// <summary>A cost that a billing system refused.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Problem">Why.</param>
/// <param name="MayBeTaken">Whether it may have been taken before it was refused.</param>
internal sealed record RefusedCost(string Id, string Problem, bool MayBeTaken = false);

/// <summary>Costs that were neither taken nor refused.</summary>
/// <param name="For">What is to be done with them.</param>
/// <param name="Problem">What the matter is.</param>
/// <param name="RetryAfter">How long the receiver asks to be given; null where it does not.</param>
/// <param name="MayBeTaken">Whether it may have taken them and not said so.</param>
internal sealed record LeftCosts(LeftFor For, string Problem, TimeSpan? RetryAfter = null, bool MayBeTaken = false)
{
    /// <summary>Whether it would be the same with any cost: none is at fault, however often it happens.</summary>
    public bool IsOfAll { get; init; }
}

/// <summary>What is to be done with costs that were left.</summary>
internal enum LeftFor
{
    /// <summary>Sent again at once, without those that were at fault.</summary>
    Again,

    /// <summary>Sent in parts: one of them is at fault, and nobody said which.</summary>
    Parts,

    /// <summary>Sent again later: the receiver is at fault.</summary>
    Later,

    /// <summary>Tried in parts, to find out whether the receiver lets in any of it: one of them is at fault, or the settings
    /// are.</summary>
    Unclear,

    /// <summary>Kept until somebody has mended the settings: the receiver lets nothing in.</summary>
    Mend,
}

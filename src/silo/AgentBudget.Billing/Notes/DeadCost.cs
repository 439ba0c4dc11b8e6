using System.Text.Json.Serialization;
using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Notes;

/// <summary>A cost that was not sent, or not taken: kept, with its reason, until it is.</summary>
internal sealed record DeadCost
{
    /// <summary>Why.</summary>
    public required string Problem { get; init; }

    /// <summary>Since when.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset At { get; init; }

    /// <summary>Since when it may have been taken all the same; null where it cannot have been. Once the receiver does not know its id any
    /// more it is sent again only when somebody says so.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset? DoubtfulSince { get; init; }

    /// <summary>The cost.</summary>
    public required BilledCost Cost { get; init; }
}

/// <summary>A page of the feed whose costs are on their way to a receiver that does not know ids for good.</summary>
/// <param name="At">Since when.</param>
/// <param name="Through">The last position that it covers.</param>
/// <param name="LastId">The id of its last cost.</param>
internal sealed record BegunPage(DateTimeOffset At, long Through, string LastId)
{
    /// <summary>Ids of its costs that were taken, or are dead, by then, and are not sent again; null for none.</summary>
    public IReadOnlyList<string>? Done { get; init; }
}

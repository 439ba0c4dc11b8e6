using System.Text.Json.Serialization;

namespace AgentBudget;

/// <summary>An event that a consumer of a stream did not take, while it took a later one, so that the stream went on without it.</summary>
public sealed record BudgetStreamDeadLetter
{
    /// <summary>When it was passed by.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The stream's namespace, such as <see cref="BudgetStreams.Billing"/>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The stream's key: the tenant's path, or <see cref="BudgetStreams.NoTenant"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The event's id.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type, such as <c>charge.settled</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The session or tenant whose event it is.</summary>
    public required string Ledger { get; init; }

    /// <summary>The entry of its timeline.</summary>
    public required long Sequence { get; init; }

    /// <summary>The cursor before the page of the feed that it is in, as text: <see cref="EventCursor.Parse"/>, then
    /// <see cref="IBudgetEventFeed.ReadAsync"/> with a filter of <see cref="Ledger"/>, reads it again for as long as events are
    /// kept.</summary>
    public required string Cursor { get; init; }

    /// <summary>The first row of the feed that it may be in.</summary>
    public required long From { get; init; }

    /// <summary>The last one.</summary>
    public required long Through { get; init; }

    /// <summary>The partition of both: from 0 on.</summary>
    public required int Partition { get; init; }

    /// <summary>Its row in the store: one after the other by their times, and each its own.</summary>
    public required string Row { get; init; }
}

/// <summary>The stored form in JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BudgetStreamDeadLetter))]
internal sealed partial class StreamForms : JsonSerializerContext;

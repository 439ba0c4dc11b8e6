using System.Globalization;

namespace AgentBudget;

/// <summary>
/// What a ledger did that others act upon: a cost, a limit, a loop, a transition. Never a reservation, of which nobody knows yet what it
/// costs. A function of one entry and of what the ledger was opened with (<see cref="BudgetEvents.Of"/>), so that whoever reads the
/// same entry sees the same event, under the same id, as often as it is read. Its JSON is written by <see cref="BudgetEventJson"/>;
/// what each type carries stands in docs/events.md.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event")]
public abstract record BudgetEvent
{
    /// <summary>The ledger that it comes from.</summary>
    [Id(0)]
    public required EventOrigin Origin { get; init; }

    /// <summary>The entry that it is of: events of a ledger come in the order of these.</summary>
    [Id(1)]
    public long Sequence { get; init; }

    /// <summary>Which of the events of the entry it is: from 1 on.</summary>
    [Id(2)]
    public int Part { get; init; }

    /// <summary>How many events the entry has.</summary>
    [Id(3)]
    public int Parts { get; init; }

    /// <summary>
    /// The last entry of the ledger before this one that has events, whatever was asked for; 0 for none. Whoever has seen all parts of that
    /// entry has missed nothing in between.
    /// </summary>
    [Id(4)]
    public long Previous { get; init; }

    /// <summary>Ledger time of the entry.</summary>
    [Id(5)]
    public DateTimeOffset At { get; init; }

    /// <summary>The idempotency key under which the entry stands; null where the ledger wrote it by itself.</summary>
    [Id(6)]
    public string? Key { get; init; }

    /// <summary>The child that it is about; null for the session itself.</summary>
    [Id(7)]
    public string? Child { get; init; }

    /// <summary>The ledger's money and state after the entry.</summary>
    [Id(8)]
    public Standing After { get; init; }

    /// <summary>Names the event for good; the same event read again has the same id. The time is in it, so that what is written after a
    /// restore, or in another life of the ledger's id, is not taken for what was there before.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Origin.Ledger}#{At.UtcTicks:x}.{Sequence}.{Part}");

    /// <summary>The name of its type, such as <c>charge.settled</c>.</summary>
    public string Type => EventTypes.Of(this).Name;
}

/// <summary>The money of a ledger, and what it went for, as of the entry of an event.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-report")]
public sealed record EventReport
{
    /// <summary>The most names that are told apart; what comes beyond is summed as <see cref="Breakdown.OtherName"/>.</summary>
    public const int MaxNames = 32;

    /// <summary>The most characters of all names together: a report has at most 16 KiB of JSON, whatever they are called.</summary>
    public const int MaxNameCharacters = 1_536;

    /// <summary>Money and state.</summary>
    [Id(0)]
    public Standing Standing { get; init; }

    /// <summary>Spend by model and tool: the dearest, and the rest as one.</summary>
    [Id(1)]
    public Breakdown Breakdown { get; init; } = Breakdown.Empty;
}

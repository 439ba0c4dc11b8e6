using System.Text.Json.Serialization;

namespace AgentBudget.Billing.Costs;

/// <summary>A cost as billing systems hear of it: a function of its event, and so the same whenever it is read.</summary>
internal sealed record BilledCost
{
    /// <summary>The event's id, by which a receiver drops what it has had: ledger, time, entry and part.</summary>
    public required string Id { get; init; }

    /// <summary>The session.</summary>
    public required string Ledger { get; init; }

    /// <summary>The entry of its timeline.</summary>
    public long Sequence { get; init; }

    /// <summary>Which of the entry's events.</summary>
    public int Part { get; init; }

    /// <summary>Ledger time of the entry; for a correction when it was corrected.</summary>
    [JsonConverter(typeof(TimeConverter))]
    public DateTimeOffset Time { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>US dollars, below zero where a correction lowers a cost.</summary>
    [JsonPropertyName("amount_usd"), JsonConverter(typeof(MoneyConverter)), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Money Amount { get; init; }

    /// <summary>Who pays, by the export's table; null where it is in none.</summary>
    public string? Customer { get; init; }

    /// <summary>The tenant; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>The agent or workflow; null for none.</summary>
    public string? Agent { get; init; }

    /// <summary>llm or tool.</summary>
    public required string CostType { get; init; }

    /// <summary>The model or tool.</summary>
    public required string Name { get; init; }

    /// <summary>The provider; null where it was not said.</summary>
    public string? Provider { get; init; }

    /// <summary>How the cost is known: provider, partial, estimated, reserved.</summary>
    public required string CostSource { get; init; }

    /// <summary>enforce or observe; what an observed session cost is real all the same.</summary>
    public required string Mode { get; init; }

    /// <summary>The entry of the reservation, or of the cost that is corrected; 0 for none.</summary>
    public long Related { get; init; }

    /// <summary>Tokens of the prompt; 0 for none, and for corrections.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens of the answer; 0 for none, and for corrections.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The session's tags, by name; null for none.</summary>
    public SortedDictionary<string, string>? Tags { get; init; }

    /// <summary>The cost of an event.</summary>
    public static BilledCost Of(ChargeEvent charge)
    {
        // What is corrected was counted when it came.
        var usage = charge is ChargeCorrectedEvent ? default : charge.Call.Usage;
        var tags = charge.Origin.Tags;
        return new BilledCost
        {
            Id = charge.Id,
            Ledger = charge.Origin.Ledger,
            Sequence = charge.Sequence,
            Part = charge.Part,
            Time = charge.At,
            Type = charge.Type,
            Amount = charge.Cost,
            Tenant = charge.Origin.Tenant?.ToString(),
            Agent = charge.Origin.Agent,
            CostType = charge.Call.Kind == CallKind.Model ? "llm" : "tool",
            Name = charge.Call.Name,
            Provider = charge.Call.Provider,
            CostSource = Words.Of(charge.Call.Source),
            Mode = Words.Of(charge.Origin.Mode),
            Related = charge.Related,
            InputTokens = usage.Input,
            OutputTokens = usage.Output,
            Tags = tags.Count == 0 ? null : new SortedDictionary<string, string>(tags.ToDictionary(), StringComparer.Ordinal),
        };
    }
}

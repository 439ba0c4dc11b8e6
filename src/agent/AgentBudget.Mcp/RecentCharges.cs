using System.Text.Json.Serialization;

namespace AgentBudget.Mcp;

/// <summary>What was charged last, newest first.</summary>
internal sealed record RecentCharges([property: JsonPropertyName("charges")] IReadOnlyList<RecentCharge> Charges);

/// <summary>One charge. The amount is a decimal string of US dollars.</summary>
internal sealed record RecentCharge(
    [property: JsonPropertyName("sequence")] long Sequence,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("amount")] string Amount,
    [property: JsonPropertyName("known_by")] string KnownBy
)
{
    public static RecentCharge Of(Entry entry) =>
        new(
            entry.Sequence,
            entry.At,
            entry.Call!.Kind == CallKind.Tool ? "tool" : "model",
            entry.Call.Name,
            entry.Amount.ToDecimalString(),
            Words.Of(entry.Call.Source)
        );
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentBudget.Billing.Notes;
using AgentBudget.Ledger;

namespace AgentBudget.Billing.Costs;

/// <summary>Costs as JSON: one line each, the same bytes whenever it is written.</summary>
internal static class CostJson
{
    private static readonly CostForms Forms = new(
        new JsonSerializerOptions(CostForms.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
    );

    /// <summary>One line, without its end.</summary>
    public static byte[] Line(BilledCost cost) => JsonSerializer.SerializeToUtf8Bytes(cost, Forms.BilledCost);

    public static string Write(DeadCost dead) => JsonSerializer.Serialize(dead, Forms.DeadCost);

    /// <exception cref="JsonException">It is none.</exception>
    public static DeadCost ReadDead(string json) =>
        JsonSerializer.Deserialize(json, Forms.DeadCost) ?? throw new JsonException("A dead letter is null.");

    public static string Write(BegunPage begun) => JsonSerializer.Serialize(begun, Forms.BegunPage);

    /// <exception cref="JsonException">It is none.</exception>
    public static BegunPage ReadBegun(string json) =>
        JsonSerializer.Deserialize(json, Forms.BegunPage) ?? throw new JsonException("The note of a page is null.");
}

/// <summary>The forms in JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(BilledCost))]
[JsonSerializable(typeof(DeadCost))]
[JsonSerializable(typeof(BegunPage))]
internal sealed partial class CostForms : JsonSerializerContext;

/// <summary>US dollars as a decimal string with nine decimals, signed.</summary>
internal sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        decimal.TryParse(
            reader.GetString(),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var dollars
        )
            ? Money.FromDollars(dollars)
            : throw new JsonException("amount_usd is no decimal string.");

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToDecimalString());
}

/// <summary>A time as all of our JSON writes it.</summary>
internal sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonLine.Iso(value));
}

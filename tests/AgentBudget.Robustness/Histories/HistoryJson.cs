using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentBudget.Robustness.Histories;

/// <summary>How histories stand in files: one JSON object a line.</summary>
public static class HistoryJson
{
    private static readonly JsonSerializerOptions Options = Make();

    /// <summary>A value as one line.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>A value from a line.</summary>
    public static T Read<T>(string line) =>
        JsonSerializer.Deserialize<T>(line, Options) ?? throw new JsonException("The line holds nothing.");

    private static JsonSerializerOptions Make() =>
        new()
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            IgnoreReadOnlyProperties = false,
            Converters = { new MoneyConverter(), new TenantPathConverter(), new JsonStringEnumConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameCommands } },
        };

    private static void NameCommands(JsonTypeInfo type)
    {
        if (type.Type != typeof(SessionCommand))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "is" };
        foreach (
            var command in typeof(SessionCommand).Assembly.GetTypes().Where(candidate => candidate.IsSubclassOf(typeof(SessionCommand)))
        )
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(command, command.Name));
    }

    private sealed class MoneyConverter : JsonConverter<Money>
    {
        public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Money.FromNanoDollars(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.NanoDollars);
    }

    private sealed class TenantPathConverter : JsonConverter<TenantPath>
    {
        public override TenantPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TenantPath.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, TenantPath value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

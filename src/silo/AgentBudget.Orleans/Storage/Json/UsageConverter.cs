using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>A usage as it is stored: its counts by name. A count that this version does not know is passed over.</summary>
internal sealed class UsageConverter : JsonConverter<TokenUsage>
{
    public override TokenUsage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var usage = default(TokenUsage);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var row = UsageDimensions.Find(reader.GetString()!);
            reader.Read();
            if (row is not null) usage = usage.With(row.Dimension, reader.GetInt64());
        }

        return usage;
    }

    public override void Write(Utf8JsonWriter writer, TokenUsage value, JsonSerializerOptions options) => UsageDimensions.Write(writer, value);
}

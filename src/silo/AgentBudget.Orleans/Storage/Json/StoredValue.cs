using System.Text.Json;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>How a value is written as JSON and read back.</summary>
internal abstract class StoredValue<T>
{
    public abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>Writes the value as a property.</summary>
    public virtual void Write(Utf8JsonWriter writer, JsonEncodedText name, T value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <summary>Reads the value; the reader stands on its first token, and is left on its last.</summary>
    public abstract T Read(ref Utf8JsonReader reader);
}

/// <summary>The values that stored forms are made of.</summary>
internal static class StoredValues
{
    public static readonly StoredValue<long> Number = new NumberValue();
    public static readonly StoredValue<bool> Flag = new FlagValue();
    public static readonly StoredValue<decimal> Fraction = new FractionValue();
    public static readonly StoredValue<string> Text = new TextValue();
    public static readonly StoredValue<TokenUsage> Usage = new UsageValue();

    public static StoredValue<IReadOnlyList<T>> ListOf<T>(StoredValue<T> item) => new ListValue<T>(item);

    public static StoredValue<IReadOnlyDictionary<string, T>> MapOf<T>(StoredValue<T> item) => new MapValue<T>(item);

    private sealed class NumberValue : StoredValue<long>
    {
        public override void Write(Utf8JsonWriter writer, long value) => writer.WriteNumberValue(value);

        public override void Write(Utf8JsonWriter writer, JsonEncodedText name, long value) => writer.WriteNumber(name, value);

        public override long Read(ref Utf8JsonReader reader) => reader.GetInt64();
    }

    private sealed class FlagValue : StoredValue<bool>
    {
        public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

        public override void Write(Utf8JsonWriter writer, JsonEncodedText name, bool value) => writer.WriteBoolean(name, value);

        public override bool Read(ref Utf8JsonReader reader) => reader.GetBoolean();
    }

    private sealed class FractionValue : StoredValue<decimal>
    {
        public override void Write(Utf8JsonWriter writer, decimal value) => writer.WriteNumberValue(value);

        public override decimal Read(ref Utf8JsonReader reader) => reader.GetDecimal();
    }

    private sealed class TextValue : StoredValue<string>
    {
        public override void Write(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

        public override void Write(Utf8JsonWriter writer, JsonEncodedText name, string value) => writer.WriteString(name, value);

        public override string Read(ref Utf8JsonReader reader) => reader.GetString()!;
    }

    private sealed class UsageValue : StoredValue<TokenUsage>
    {
        public override void Write(Utf8JsonWriter writer, TokenUsage value) => UsageDimensions.Write(writer, value);

        // A count that this version does not know is passed over.
        public override TokenUsage Read(ref Utf8JsonReader reader)
        {
            var usage = default(TokenUsage);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var row = UsageDimensions.Find(reader.GetString()!);
                reader.Read();
                if (row is not null)
                    usage = usage.With(row.Dimension, reader.GetInt64());
            }

            return usage;
        }
    }

    private sealed class ListValue<T>(StoredValue<T> item) : StoredValue<IReadOnlyList<T>>
    {
        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value)
        {
            writer.WriteStartArray();
            for (var i = 0; i < value.Count; i++)
                item.Write(writer, value[i]);
            writer.WriteEndArray();
        }

        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader)
        {
            var list = new List<T>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                list.Add(item.Read(ref reader));
            return list.ToArray();
        }
    }

    private sealed class MapValue<T>(StoredValue<T> item) : StoredValue<IReadOnlyDictionary<string, T>>
    {
        public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, T> value)
        {
            writer.WriteStartObject();
            foreach (var (name, one) in value)
            {
                writer.WritePropertyName(name);
                item.Write(writer, one);
            }

            writer.WriteEndObject();
        }

        public override IReadOnlyDictionary<string, T> Read(ref Utf8JsonReader reader)
        {
            var map = new Dictionary<string, T>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                map[name] = item.Read(ref reader);
            }

            return map;
        }
    }
}

using System.Text.Json;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>
/// How a type is stored as a JSON object: a list of its fields. One row of the list writes a field and reads it back, so that the two
/// cannot differ. Names are names in stored data: adding is allowed, renaming is not.
/// </summary>
/// <param name="make">Makes a value with what a field has that is not stored.</param>
/// <param name="fields">The fields.</param>
internal sealed class StoredForm<T>(Func<T> make, params StoredField<T>[] fields) : StoredValue<T>
{
    private readonly StoredField<T>[] fields = Array.ConvertAll(fields, field => field.BoundTo(make()));

    public override void Write(Utf8JsonWriter writer, T value)
    {
        writer.WriteStartObject();
        foreach (var field in fields)
            field.Write(writer, value);
        writer.WriteEndObject();
    }

    public override T Read(ref Utf8JsonReader reader) => Read(ref reader, make());

    /// <summary>Reads the fields into a value that has some already.</summary>
    public T Read(ref Utf8JsonReader reader, T value)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref reader);
            reader.Read();
            // Written by a later version.
            if (field is null)
                reader.Skip();
            else
                value = field.Read(ref reader, value);
        }

        return value;
    }

    private StoredField<T>? Find(ref Utf8JsonReader reader)
    {
        foreach (var field in fields)
        {
            if (reader.ValueTextEquals(field.Name.EncodedUtf8Bytes))
                return field;
        }

        return null;
    }
}

/// <summary>One field of a stored form.</summary>
internal abstract class StoredField<T>(string name)
{
    public JsonEncodedText Name { get; } = JsonEncodedText.Encode(name);

    /// <summary>Takes down what a new value has: a field that is zero there is left out where it is zero, any other is always
    /// written.</summary>
    public abstract StoredField<T> BoundTo(T made);

    public abstract void Write(Utf8JsonWriter writer, T value);

    public abstract T Read(ref Utf8JsonReader reader, T value);
}

/// <inheritdoc/>
internal sealed class StoredField<T, TValue>(string name, StoredValue<TValue> form, Func<T, TValue?> get, Func<T, TValue, T> put)
    : StoredField<T>(name)
{
    private bool mayBeLeftOut;

    public override StoredField<T> BoundTo(T made)
    {
        mayBeLeftOut = EqualityComparer<TValue?>.Default.Equals(get(made), default);
        return this;
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        var field = get(value);
        if (field is null || (mayBeLeftOut && EqualityComparer<TValue?>.Default.Equals(field, default)))
            return;
        writer.WritePropertyName(Name);
        form.Write(writer, field);
    }

    public override T Read(ref Utf8JsonReader reader, T value) => put(value, form.Read(ref reader));
}

/// <summary>Makes the rows of the forms of a type.</summary>
internal static class FieldsOf<T>
{
    public static StoredField<T> Number(string name, Func<T, long> get, Func<T, long, T> put) =>
        new StoredField<T, long>(name, StoredValues.Number, get, put);

    public static StoredField<T> Flag(string name, Func<T, bool> get, Func<T, bool, T> put) =>
        new StoredField<T, bool>(name, StoredValues.Flag, get, put);

    /// <summary>A flag that may be unsaid: 1 for yes, -1 for no.</summary>
    public static StoredField<T> Optional(string name, Func<T, bool?> get, Func<T, bool, T> put) =>
        Number(
            name,
            value =>
                get(value) switch
                {
                    null => 0,
                    true => 1,
                    false => -1,
                },
            (value, stored) => put(value, stored > 0)
        );

    public static StoredField<T> Text(string name, Func<T, string?> get, Func<T, string, T> put) =>
        new StoredField<T, string>(name, StoredValues.Text, get, put);

    public static StoredField<T> Fraction(string name, Func<T, decimal> get, Func<T, decimal, T> put) =>
        new StoredField<T, decimal>(name, StoredValues.Fraction, get, put);

    public static StoredField<T> Usage(Func<T, TokenUsage> get, Func<T, TokenUsage, T> put) =>
        new StoredField<T, TokenUsage>("usage", StoredValues.Usage, get, put);

    public static StoredField<T> Part<TPart>(string name, StoredValue<TPart> form, Func<T, TPart?> get, Func<T, TPart, T> put) =>
        new StoredField<T, TPart>(name, form, get, put);

    public static StoredField<T> List<TItem>(
        string name,
        StoredValue<TItem> item,
        Func<T, IReadOnlyList<TItem>?> get,
        Func<T, IReadOnlyList<TItem>, T> put
    ) => new StoredField<T, IReadOnlyList<TItem>>(name, StoredValues.ListOf(item), get, put);

    public static StoredField<T> Map<TItem>(
        string name,
        StoredValue<TItem> item,
        Func<T, IReadOnlyDictionary<string, TItem>?> get,
        Func<T, IReadOnlyDictionary<string, TItem>, T> put
    ) => new StoredField<T, IReadOnlyDictionary<string, TItem>>(name, StoredValues.MapOf(item), get, put);
}

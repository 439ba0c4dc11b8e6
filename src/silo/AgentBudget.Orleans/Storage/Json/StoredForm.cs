using System.Diagnostics;
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
    private readonly StoredField<T>[] byName = [.. fields.SelectMany(field => field.Single)];

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
        foreach (var field in byName)
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

    /// <summary>The fields that it stands for, each with a name of its own.</summary>
    public virtual IEnumerable<StoredField<T>> Single => [this];

    /// <summary>Whether it is not written.</summary>
    public abstract bool IsLeftOut(T value);

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

    public override bool IsLeftOut(T value) => IsLeftOut(get(value));

    public override void Write(Utf8JsonWriter writer, T value)
    {
        var field = get(value);
        if (!IsLeftOut(field))
            form.Write(writer, Name, field!);
    }

    public override T Read(ref Utf8JsonReader reader, T value) => put(value, form.Read(ref reader));

    private bool IsLeftOut(TValue? field) => field is null || (mayBeLeftOut && EqualityComparer<TValue?>.Default.Equals(field, default));
}

/// <summary>Fields that most values have none of: one look tells, where each would be asked for every append.</summary>
/// <param name="hasAny">Whether a value has any of them; where it says no, none is written.</param>
/// <param name="fields">The fields.</param>
internal sealed class StoredFields<T>(Func<T, bool> hasAny, StoredField<T>[] fields) : StoredField<T>("")
{
    public override IEnumerable<StoredField<T>> Single => fields;

    public override StoredField<T> BoundTo(T made)
    {
        foreach (var field in fields)
            field.BoundTo(made);
        return this;
    }

    public override bool IsLeftOut(T value) => !hasAny(value);

    public override void Write(Utf8JsonWriter writer, T value)
    {
        if (IsLeftOut(value))
        {
            Debug.Assert(fields.All(field => field.IsLeftOut(value)), "A field would be lost: the look at all of them has to know it.");
            return;
        }

        foreach (var field in fields)
            field.Write(writer, value);
    }

    public override T Read(ref Utf8JsonReader reader, T value) => throw new NotSupportedException("Fields are read one by one.");
}

/// <summary>Makes the rows of the forms of a type.</summary>
internal static class FieldsOf<T>
{
    /// <summary>Several that most values have none of.</summary>
    public static StoredField<T> Rare(Func<T, bool> hasAny, params StoredField<T>[] fields) => new StoredFields<T>(hasAny, fields);

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

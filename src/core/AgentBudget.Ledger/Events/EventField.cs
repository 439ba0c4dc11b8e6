using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>What an amount says that can be held against other events of its ledger.</summary>
internal enum AmountRole
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>What was spent grew by it.</summary>
    Cost,

    /// <summary>What was set aside fell by it.</summary>
    Frees,

    /// <summary>The budget is that from now on.</summary>
    Budget,

    /// <summary>The overage grew by it.</summary>
    Overage,
}

/// <summary>One field of an event's <c>data</c>: its shape, for schema and page, and how it is written.</summary>
internal sealed record EventField(EventShape Shape, Action<Utf8JsonWriter, BudgetEvent> Write)
{
    /// <summary>Its name.</summary>
    public string Name => Shape.Name;

    /// <summary>What can be proven of it, where it is an amount.</summary>
    public AmountRole Role { get; init; }

    public static EventField Money<T>(string name, string meaning, Func<T, Money> get)
        where T : BudgetEvent => new(new(name, EventFieldForm.Money, meaning), (writer, of) => writer.WriteMoney(name, get((T)of)));

    public static EventField Count<T>(string name, string meaning, Func<T, long> get)
        where T : BudgetEvent => new(new(name, EventFieldForm.Count, meaning), (writer, of) => writer.WriteNumber(name, get((T)of)));

    public static EventField Counts<T>(string name, string meaning, Func<T, IEnumerable<int>> get)
        where T : BudgetEvent =>
        new(
            new(name, EventFieldForm.Counts, meaning),
            (writer, of) =>
            {
                writer.WriteStartArray(name);
                foreach (var count in get((T)of))
                    writer.WriteNumberValue(count);
                writer.WriteEndArray();
            }
        );

    public static EventField Fraction<T>(string name, string meaning, Func<T, decimal> get)
        where T : BudgetEvent =>
        new(
            new(name, EventFieldForm.Fraction, meaning),
            (writer, of) => writer.WriteString(name, get((T)of).ToString(CultureInfo.InvariantCulture))
        );

    /// <summary>A text that is there when there is one.</summary>
    public static EventField Text<T>(string name, string meaning, Func<T, string?> get, bool isOptional = false)
        where T : BudgetEvent =>
        new(
            new(name, EventFieldForm.Text, meaning, isOptional),
            (writer, of) =>
            {
                if (get((T)of) is { } text)
                    writer.WriteString(name, text);
            }
        );

    /// <summary>An object that is there when there is one.</summary>
    public static EventField Part<T, TPart>(EventShape shape, Func<T, TPart?> get, Action<Utf8JsonWriter, TPart> write)
        where T : BudgetEvent
        where TPart : class =>
        new(
            shape,
            (writer, of) =>
            {
                if (get((T)of) is not { } part)
                    return;
                writer.WritePropertyName(shape.Name);
                write(writer, part);
            }
        );
}

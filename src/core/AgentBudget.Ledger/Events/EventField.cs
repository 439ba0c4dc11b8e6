using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>How a field of an event looks in JSON.</summary>
internal enum EventFieldForm
{
    /// <summary>A decimal string of dollars, with nine decimals.</summary>
    Money,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>A decimal string of a fraction.</summary>
    Fraction,

    /// <summary>An object whose form stands elsewhere in docs/events.md.</summary>
    Part,
}

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

/// <summary>One field of an event's <c>data</c>: its name, what it means and how it is written, once for JSON, schema and page.</summary>
internal sealed record EventField(
    string Name,
    EventFieldForm Form,
    bool IsOptional,
    string Meaning,
    Action<Utf8JsonWriter, BudgetEvent> Write
)
{
    /// <summary>What can be proven of it, where it is an amount.</summary>
    public AmountRole Role { get; init; }

    public static EventField Money<T>(string name, string meaning, Func<T, Money> get)
        where T : BudgetEvent =>
        new(name, EventFieldForm.Money, IsOptional: false, meaning, (writer, of) => writer.WriteMoney(name, get((T)of)));

    public static EventField Count<T>(string name, string meaning, Func<T, long> get)
        where T : BudgetEvent =>
        new(name, EventFieldForm.Count, IsOptional: false, meaning, (writer, of) => writer.WriteNumber(name, get((T)of)));

    public static EventField Fraction<T>(string name, string meaning, Func<T, decimal> get)
        where T : BudgetEvent =>
        new(
            name,
            EventFieldForm.Fraction,
            IsOptional: false,
            meaning,
            (writer, of) => writer.WriteString(name, get((T)of).ToString(System.Globalization.CultureInfo.InvariantCulture))
        );

    /// <summary>A text that is there when there is one.</summary>
    public static EventField Text<T>(string name, string meaning, Func<T, string?> get, bool isOptional = false)
        where T : BudgetEvent =>
        new(
            name,
            EventFieldForm.Text,
            isOptional,
            meaning,
            (writer, of) =>
            {
                if (get((T)of) is { } text)
                    writer.WriteString(name, text);
            }
        );

    /// <summary>A part that is there when there is one.</summary>
    public static EventField Part<T, TPart>(
        string name,
        string meaning,
        Func<T, TPart?> get,
        Action<Utf8JsonWriter, TPart> write,
        bool isOptional = false
    )
        where T : BudgetEvent
        where TPart : class =>
        new(
            name,
            EventFieldForm.Part,
            isOptional,
            meaning,
            (writer, of) =>
            {
                if (get((T)of) is not { } part)
                    return;
                writer.WritePropertyName(name);
                write(writer, part);
            }
        );
}

using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>The JSON schema of a type of event, and the page that describes all of them: made of the same rows that write the
/// JSON.</summary>
internal static class EventSchemas
{
    private const string MoneyPattern = "^-?[0-9]+\\.[0-9]{9}$";
    private const string FractionPattern = "^[0-9]+(\\.[0-9]+)?$";

    /// <summary>What all events have in common.</summary>
    private static readonly EventShape[] Common =
    [
        new("id", EventFieldForm.Text, "Names the event for good; the same event read again has the same id."),
        new("type", EventFieldForm.Text, "The type."),
        new("version", EventFieldForm.Count, "The version of data."),
        new("ledger", EventFieldForm.Text, "The session's id, or the tenant's path behind ~."),
        new("life", EventFieldForm.Text, "Tells an id that was purged and opened anew from what it was before."),
        new("tenant", EventFieldForm.Text, "The tenant that pays, or that the ledger is.", IsOptional: true),
        new("agent", EventFieldForm.Text, "The agent's or workflow's name.", IsOptional: true),
        new(
            "parent",
            EventFieldForm.Text,
            "The session that it is a carved child of, where its cost is reported as well, and not billed.",
            IsOptional: true
        ),
        new("mode", EventFieldForm.Text, "enforce or observe; what an observed session cost is real all the same."),
        new("tags", EventFieldForm.Part, "The session's tags.", IsOptional: true),
        new("sequence", EventFieldForm.Count, "The entry of the ledger's timeline that it is of."),
        new("part", EventFieldForm.Count, "Which of the events of the entry: from 1 on."),
        new("parts", EventFieldForm.Count, "How many events the entry has."),
        new("previous", EventFieldForm.Count, "The last entry of the ledger before this one that has events; 0 for none."),
        new("time", EventFieldForm.Text, "Ledger time, UTC."),
        new("child", EventFieldForm.Text, "The shared child that it is about.", IsOptional: true),
        new("idempotency_key", EventFieldForm.Text, "The key under which the entry stands.", IsOptional: true),
        new("after", EventFieldForm.Part, "The ledger's money and state after the entry.") { Fields = EventShapes.After },
        new("data", EventFieldForm.Part, "What the type has of its own."),
    ];

    /// <summary>The schema of one type.</summary>
    public static string Of(EventType type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonLine.Options with { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("title", $"{type.Name} {type.Version}");
            writer.WriteString("description", type.Meaning);
            writer.WriteString("type", "object");
            WriteFields(writer, Common.Select(field => field.Name == "data" ? field with { Fields = ShapesOf(type) } : field), type);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>The tables of docs/events.md.</summary>
    public static string Page()
    {
        var page = new StringBuilder();
        page.Append("| field of every event | |\n| --- | --- |\n");
        AppendFields(page, Common);
        page.Append("\n| type | when | `data` |\n| --- | --- | --- |\n");
        foreach (var type in EventTypes.All)
        {
            page.Append("| `").Append(type.Name).Append('`').Append(type.IsBillable ? ", billable" : "").Append(" | ").Append(type.Meaning);
            page.Append(" | ").AppendJoin(", ", type.Fields.Select(field => $"`{field.Name}`")).Append(" |\n");
        }

        foreach (var part in Common.Concat(EventTypes.All.SelectMany(ShapesOf)).SelectMany(WithPartsOf).DistinctBy(part => part.Name))
        {
            page.Append("\n| field of `").Append(part.Name).Append("` | |\n| --- | --- |\n");
            AppendFields(page, part.Fields);
        }

        return page.ToString();
    }

    private static IReadOnlyList<EventShape> ShapesOf(EventType type) => [.. type.Fields.Select(field => field.Shape)];

    // What a part is made of stands behind it.
    private static IEnumerable<EventShape> WithPartsOf(EventShape shape) =>
        shape.Fields.Count == 0 ? [] : shape.Fields.SelectMany(WithPartsOf).Prepend(shape);

    private static void AppendFields(StringBuilder page, IEnumerable<EventShape> fields)
    {
        foreach (var (name, _, meaning, isOptional) in fields)
            page.Append("| `").Append(name).Append(isOptional ? "`, where there is one" : "`").Append(" | ").Append(meaning).Append(" |\n");
    }

    private static void WriteFields(Utf8JsonWriter writer, IEnumerable<EventShape> fields, EventType? type = null)
    {
        EventShape[] all = [.. fields];
        writer.WriteStartArray("required");
        foreach (var field in all.Where(field => !field.IsOptional))
            writer.WriteStringValue(field.Name);
        writer.WriteEndArray();
        writer.WriteStartObject("properties");
        foreach (var field in all)
        {
            writer.WriteStartObject(field.Name);
            WriteForm(writer, field);
            writer.WriteString("description", field.Meaning);
            if (type is not null && field.Name == "type")
                writer.WriteString("const", type.Name);
            if (type is not null && field.Name == "version")
                writer.WriteNumber("const", type.Version);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteForm(Utf8JsonWriter writer, EventShape field)
    {
        if (ItemOf(field) is { } item)
        {
            writer.WriteString("type", "array");
            writer.WriteStartObject("items");
            WriteForm(writer, item);
            writer.WriteEndObject();
            return;
        }

        writer.WriteString(
            "type",
            field.Form switch
            {
                EventFieldForm.Count => "integer",
                EventFieldForm.Number => "number",
                EventFieldForm.Flag => "boolean",
                EventFieldForm.Part => "object",
                _ => "string",
            }
        );
        if (field.Form == EventFieldForm.Money)
            writer.WriteString("pattern", MoneyPattern);
        if (field.Form == EventFieldForm.Fraction)
            writer.WriteString("pattern", FractionPattern);
        // Tags and such: whatever they are called, they are texts.
        if (field is { Form: EventFieldForm.Part, Fields.Count: 0 } && field.Name != "data")
        {
            writer.WriteStartObject("additionalProperties");
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }
        else if (field.Form == EventFieldForm.Part)
            WriteFields(writer, field.Fields);
    }

    private static EventShape? ItemOf(EventShape list) =>
        list.Form switch
        {
            EventFieldForm.Parts => list with { Form = EventFieldForm.Part },
            EventFieldForm.Counts => list with { Form = EventFieldForm.Count },
            EventFieldForm.Fractions => list with { Form = EventFieldForm.Fraction },
            _ => null,
        };
}

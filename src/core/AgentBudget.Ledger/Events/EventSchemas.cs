using System.Text;
using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>The JSON schema of a type of event, and the page that describes all of them: made of the same rows that write the
/// JSON.</summary>
internal static class EventSchemas
{
    private const string MoneyPattern = "^-?[0-9]+\\.[0-9]{9}$";

    /// <summary>What all events have in common: name, form, whether it may be missing, meaning.</summary>
    private static readonly (string Name, string Form, bool IsOptional, string Meaning)[] Common =
    [
        ("id", "string", false, "Names the event for good; the same event read again has the same id."),
        ("type", "string", false, "The type."),
        ("version", "integer", false, "The version of data."),
        ("ledger", "string", false, "The session's id, or the tenant's path behind ~."),
        ("life", "string", false, "Tells an id that was purged and opened anew from what it was before."),
        ("tenant", "string", true, "The tenant that pays, or that the ledger is."),
        ("agent", "string", true, "The agent's or workflow's name."),
        ("parent", "string", true, "The session that it is a carved child of, where its cost is reported as well, and not billed."),
        ("mode", "string", false, "enforce or observe; what an observed session cost is real all the same."),
        ("tags", "object", true, "The session's tags."),
        ("sequence", "integer", false, "The entry of the ledger's timeline that it is of."),
        ("part", "integer", false, "Which of the events of the entry: from 1 on."),
        ("parts", "integer", false, "How many events the entry has."),
        ("previous", "integer", false, "The last entry of the ledger before this one that has events; 0 for none."),
        ("time", "string", false, "Ledger time, UTC."),
        ("child", "string", true, "The shared child that it is about."),
        ("idempotency_key", "string", true, "The key under which the entry stands."),
        ("after", "object", false, "The ledger's money and state after the entry."),
        ("data", "object", false, "What the type has of its own."),
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
            WriteRequired(writer, Common.Where(field => !field.IsOptional).Select(field => field.Name));
            writer.WriteStartObject("properties");
            foreach (var field in Common)
                WriteCommon(writer, field.Name, field.Form, field.Meaning, type);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>The tables of docs/events.md.</summary>
    public static string Page()
    {
        var page = new StringBuilder();
        page.Append("| field of every event | |\n| --- | --- |\n");
        foreach (var (name, _, isOptional, meaning) in Common)
            page.Append("| `").Append(name).Append(isOptional ? "`, where there is one" : "`").Append(" | ").Append(meaning).Append(" |\n");
        page.Append("\n| type | when | `data` |\n| --- | --- | --- |\n");
        foreach (var type in EventTypes.All)
        {
            page.Append("| `").Append(type.Name).Append('`').Append(type.IsBillable ? ", billable" : "").Append(" | ").Append(type.Meaning);
            page.Append(" | ").AppendJoin(", ", type.Fields.Select(field => $"`{field.Name}`")).Append(" |\n");
        }

        return page.ToString();
    }

    private static void WriteCommon(Utf8JsonWriter writer, string name, string form, string meaning, EventType type)
    {
        writer.WriteStartObject(name);
        writer.WriteString("type", form);
        writer.WriteString("description", meaning);
        if (name == "type")
            writer.WriteString("const", type.Name);
        if (name == "version")
            writer.WriteNumber("const", type.Version);
        if (name == "after")
            WriteAfter(writer);
        if (name == "data")
            WriteData(writer, type);
        writer.WriteEndObject();
    }

    private static void WriteAfter(Utf8JsonWriter writer)
    {
        string[] amounts = ["budget", "spent", "settled", "overage", "reserved", "available"];
        WriteRequired(writer, [.. amounts, "breaker", "ended"]);
        writer.WriteStartObject("properties");
        foreach (var amount in amounts)
            WriteField(writer, amount, EventFieldForm.Money, null);
        writer.WriteStartObject("breaker");
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteStartObject("ended");
        writer.WriteString("type", "boolean");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter writer, EventType type)
    {
        WriteRequired(writer, type.Fields.Where(field => !field.IsOptional).Select(field => field.Name));
        writer.WriteStartObject("properties");
        foreach (var field in type.Fields)
            WriteField(writer, field.Name, field.Form, field.Meaning);
        writer.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter writer, string name, EventFieldForm form, string? meaning)
    {
        writer.WriteStartObject(name);
        writer.WriteString(
            "type",
            form switch
            {
                EventFieldForm.Count => "integer",
                EventFieldForm.Part => "object",
                _ => "string",
            }
        );
        if (form == EventFieldForm.Money)
            writer.WriteString("pattern", MoneyPattern);
        if (meaning is not null)
            writer.WriteString("description", meaning);
        writer.WriteEndObject();
    }

    private static void WriteRequired(Utf8JsonWriter writer, IEnumerable<string> names)
    {
        writer.WriteStartArray("required");
        foreach (var name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}

using System.Text.Json;

namespace AgentBudget.Cli.Pricing;

/// <summary>Says why a line of JSON was not taken: the parser gives one kind of error for all of it.</summary>
internal static class BadJson
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    /// <summary>Why the strict reading of a line failed. For text of bounded length: reads it again, up to twice.</summary>
    public static string Describe(ReadOnlyMemory<byte> line)
    {
        if (Parse(line) is { } document)
        {
            using (document)
                return $"The line has {NameOfDuplicate(document.RootElement) ?? "a property"} twice in one object; write each property "
                    + "once.";
        }

        return IsJson(line.Span)
            ? $"The line is nested more than {MaxDepth} deep; a call needs no more than two."
            : "The line is not JSON; write one object on each line.";
    }

    // Token by token: a document of deep nesting takes time by the square of its depth.
    private static bool IsJson(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read()) { }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? NameOfDuplicate(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select(NameOfDuplicate).FirstOrDefault(name => name is not null);
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (ReadName(property) is not { } name)
                continue;
            if (!names.Add(name))
                return $"\"{name}\"";
            if (NameOfDuplicate(property.Value) is { } within)
                return within;
        }

        return null;
    }

    // A name may hold half a character, and then has no text.
    private static string? ReadName(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

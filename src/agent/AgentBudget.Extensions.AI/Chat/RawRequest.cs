using System.Reflection;
using System.Text.Json;
using AgentBudget.Extensions.AI.Usage;

namespace AgentBudget.Extensions.AI.Chat;

/// <summary>
/// What the object of an SDK asks for that a program made itself (<c>ChatOptions.RawRepresentationFactory</c>): what stands there goes
/// before what the options say. Read by the names that things have on the wire, set by those that they have in SDKs.
/// </summary>
internal sealed class RawRequest
{
    private static readonly string[] CapNames =
    [
        "MaxOutputTokenCount",
        "MaxOutputTokens",
        "MaxCompletionTokens",
        "MaxTokens",
        "MaxTokenCount",
    ];

    private static readonly string[] CapWords = ["max_output_tokens", "max_completion_tokens", "max_tokens", "maxOutputTokens"];

    private static readonly RawRequest None = new() { CanBeCapped = true };

    private RawRequest() { }

    /// <summary>The cap on each answer; null for none.</summary>
    public long? Cap { get; private set; }

    /// <summary>How many answers are asked for.</summary>
    public long Answers { get; private set; } = 1;

    public string? ServiceTier { get; private set; }

    /// <summary>The model; null where the options name it.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether the cap can be set.</summary>
    public bool CanBeCapped { get; private set; }

    /// <summary>Reads it.</summary>
    public static RawRequest Of(object? raw)
    {
        if (raw is null)
            return None;
        var read = new RawRequest();
        foreach (var (name, value) in WordsOf(raw))
            read.Take(name, value);
        var property = CapOf(raw);
        read.Cap ??= property is null ? null : NumberOf(property, raw);
        // Where it says nothing of a cap, that of the options goes out.
        read.CanBeCapped = property is not null || read.Cap is null;
        return read;
    }

    /// <summary>Lowers the cap that it has, or gives it one.</summary>
    public static object? Capped(object? raw, long cap)
    {
        if (raw is not null && CapOf(raw) is { } property)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            property.SetValue(raw, type == typeof(int) ? (object)(int)Math.Min(cap, int.MaxValue) : cap);
        }

        return raw;
    }

    private void Take(string name, JsonElement value)
    {
        if (Array.IndexOf(CapWords, name) >= 0 && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var cap))
            Cap = Math.Max(Cap ?? 0, cap);
        else if (name == "n" && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var answers))
            Answers = Math.Clamp(answers, 1, 128);
        else if (name == "service_tier" && value.ValueKind == JsonValueKind.String)
            ServiceTier = value.GetString();
        else if (name == "model" && value.ValueKind == JsonValueKind.String)
            Model = value.GetString();
    }

    // Anthropic's requests hold their body as it is sent; OpenAI's write it.
    private static IEnumerable<KeyValuePair<string, JsonElement>> WordsOf(object raw)
    {
        if (raw.GetType().GetProperty("RawBodyData")?.GetValue(raw) is IEnumerable<KeyValuePair<string, JsonElement>> body)
            return body;
        if (RawUsage.Json(raw) is not { } json)
            return [];
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? [.. document.RootElement.EnumerateObject().Select(part => KeyValuePair.Create(part.Name, part.Value.Clone()))]
            : [];
    }

    private static PropertyInfo? CapOf(object raw)
    {
        foreach (var name in CapNames)
        {
            if (raw.GetType().GetProperty(name) is { CanRead: true, CanWrite: true } found && IsNumber(found.PropertyType))
                return found;
        }

        return null;
    }

    private static bool IsNumber(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var bare && (bare == typeof(int) || bare == typeof(long));

    private static long? NumberOf(PropertyInfo property, object raw) =>
        property.GetValue(raw) switch
        {
            int number => number,
            long number => number,
            _ => null,
        };
}

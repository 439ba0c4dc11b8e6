using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Pricing.Files;

/// <summary>
/// Reads one JSON object strictly. A property that nobody asked for is a problem: a misspelt rate must not quietly become an
/// inherited one. Every reading method answers null after adding a problem, so that one pass finds all of them.
/// </summary>
internal sealed class JsonObjectReader
{
    private const int MaxTextLength = 2000;
    private const int MaxListLength = 1000;

    private readonly JsonElement element;
    private readonly ProblemList problems;
    private readonly JsonObjectReader? parent;
    private readonly string name;
    private readonly int index;

    // A table holds some ten thousand objects, and their names are compared a dozen times each.
    private readonly List<string> asked = new(16);
    private int found;

    public JsonObjectReader(JsonElement element, string place, ProblemList problems)
        : this(element, null, place, -1, problems) { }

    private JsonObjectReader(JsonElement element, JsonObjectReader? parent, string name, int index, ProblemList problems)
    {
        this.element = element;
        this.problems = problems;
        this.parent = parent;
        this.name = name;
        this.index = index;
        if (!IsObject)
            Report("must be an object.");
    }

    /// <summary>Where the object stands, for messages; put together only when there is one.</summary>
    private string Place
    {
        get
        {
            var own = index < 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]");
            return parent is null ? own : $"{parent.Place}.{own}";
        }
    }

    private bool IsObject => element.ValueKind == JsonValueKind.Object;

    public void Report(string problem) => problems.Add(Place, problem);

    /// <summary>A property's value, or null when it is absent or null.</summary>
    public JsonElement? Optional(string name)
    {
        asked.Add(name);
        if (!IsObject || !element.TryGetProperty(name, out var value))
            return null;
        found++;
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public string? OptionalText(string name) => Optional(name) is { } value ? Text(name, value) : null;

    public string? RequiredText(string name)
    {
        if (Optional(name) is { } value)
            return Text(name, value);
        if (IsObject)
            Report($"\"{name}\" is missing.");
        return null;
    }

    public bool? OptionalFlag(string name)
    {
        if (Optional(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Report($"\"{name}\" must be true or false.");
        return null;
    }

    /// <summary>A count of at least one.</summary>
    public long? OptionalCount(string name)
    {
        if (Optional(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count > 0)
            return count;
        Report($"\"{name}\" must be a whole number above zero.");
        return null;
    }

    public IReadOnlyList<string> TextList(string name) => [.. Elements(name).Select(element => Text(name, element)).OfType<string>()];

    /// <summary>The objects of an array; none when it is absent.</summary>
    public IEnumerable<JsonObjectReader> Objects(string name) =>
        Elements(name).Select((element, index) => new JsonObjectReader(element, this, name, index, problems));

    /// <summary>An object inside this one, or null.</summary>
    public JsonObjectReader? OptionalObject(string name) =>
        Optional(name) is { } value ? new JsonObjectReader(value, this, name, -1, problems) : null;

    /// <summary>The names of all properties, for an object used as a map. Each must then be read.</summary>
    public IReadOnlyList<string> PropertyNames => IsObject ? [.. element.EnumerateObject().Select(property => property.Name)] : [];

    /// <summary>Reports what is in the object and was not asked for. To be called after reading.</summary>
    public void RefuseTheRest()
    {
        // Asked for once each, so that as many found as there are is all of them.
        if (!IsObject || found == element.GetPropertyCount())
            return;
        foreach (var name in PropertyNames.Where(name => !asked.Contains(name)))
            Report($"\"{name}\" is not a known property.");
    }

    private JsonElement[] Elements(string name)
    {
        if (Optional(name) is not { } value)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxListLength)
            return [.. value.EnumerateArray()];
        Report($"\"{name}\" must be a list of at most {MaxListLength} entries.");
        return [];
    }

    private string? Text(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MaxTextLength } text)
            return text;
        Report($"\"{name}\" must be text of 1 to {MaxTextLength} characters.");
        return null;
    }
}

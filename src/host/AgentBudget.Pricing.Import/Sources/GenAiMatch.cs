using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentBudget.Pricing.Import.Sources;

/// <summary>A <c>match</c> clause of genai-prices: whether a name is meant by it. Names are compared in lower case.</summary>
internal static class GenAiMatch
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    public static bool Matches(JsonElement clause, string name)
    {
        foreach (var (kind, value) in Parts(clause))
        {
            var matches = kind switch
            {
                "or" => value.EnumerateArray().Any(part => Matches(part, name)),
                "and" => value.EnumerateArray().All(part => Matches(part, name)),
                "equals" => name == Text(value),
                "starts_with" => name.StartsWith(Text(value), StringComparison.Ordinal),
                "ends_with" => name.EndsWith(Text(value), StringComparison.Ordinal),
                "contains" => name.Contains(Text(value), StringComparison.Ordinal),
                "regex" => Regex.IsMatch(name, value.GetString()!, RegexOptions.CultureInvariant, RegexTimeout),
                _ => false,
            };
            if (matches)
                return true;
        }

        return false;
    }

    /// <summary>The texts of all parts of a kind, however deep.</summary>
    public static IEnumerable<string> TextsOf(JsonElement clause, params string[] kinds)
    {
        foreach (var (kind, value) in Parts(clause))
        {
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var text in value.EnumerateArray().SelectMany(part => TextsOf(part, kinds)))
                    yield return text;
            }
            else if (kinds.Contains(kind))
            {
                yield return Text(value);
            }
        }
    }

    private static IEnumerable<(string Kind, JsonElement Value)> Parts(JsonElement clause) =>
        clause.EnumerateObject().Select(property => (property.Name, property.Value));

    private static string Text(JsonElement value) => value.GetString()!.ToLowerInvariant();
}

using System.Text.RegularExpressions;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// The numbers in a name that tell a model from its siblings: versions and sizes, and not dates. <c>claude-sonnet-4-6</c> is no other name
/// of
/// <c>claude-sonnet-4</c>, and <c>gemini-1.5-flash-8b</c> none of <c>gemini-1.5-flash</c>, whatever a source files together.
/// </summary>
internal static partial class ModelVersion
{
    private const string OldSpelling = "35";

    public static bool AreSiblings(string name, string other) => Of(name) != Of(other);

    private static string Of(string name)
    {
        ReadOnlySpan<char> rest = name.AsSpan(name.LastIndexOf('/') + 1);
        if (BedrockName.TryStripRegion(rest, out var anywhere))
            rest = anywhere;
        if (BedrockName.TryStripVersion(rest, out var unversioned))
            rest = unversioned;
        if (rest.IndexOf(':') is > 0 and var variant)
            rest = rest[..variant];
        if (DateSuffix.TryStrip(rest, out var undated))
            rest = undated;
        var numbers = Number()
            .Matches(ShortDate().Replace(rest.ToString(), ""))
            .Select(match => match.Value)
            .Where(number => number.Trim('0').Length > 0 && number[0] != '0')
            .SelectMany(number => number == OldSpelling ? number.Select(digit => digit.ToString()) : [number]);
        return string.Join('-', numbers.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("-[0-9]{2}-[0-9]{2}([0-9]{2})?$")]
    private static partial Regex ShortDate();

    // Four digits and more are a month or a day, and v1 is what has no other version.
    [GeneratedRegex("(?<![0-9])(?!(?<=v)1(?![0-9.]))[0-9]{1,3}[bkm]?(?![0-9a-z])")]
    private static partial Regex Number();
}

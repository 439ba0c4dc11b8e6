using System.Text.RegularExpressions;

namespace AgentBudget.Pricing.Names;

/// <summary>
/// A name with the region of a model in front, as collections list it beside the model: <c>us/gpt-5.6</c> (Azure's data zones and
/// deployments), <c>eu-west-3/mistral…</c> and <c>us.anthropic.claude…</c> (Bedrock).
/// </summary>
internal static partial class RegionName
{
    /// <summary>Takes the region off the front.</summary>
    /// <param name="name">The name.</param>
    /// <param name="region">The region.</param>
    /// <param name="model">The name behind it.</param>
    public static bool TryStrip(string name, out string region, out string model)
    {
        (region, model) = ("", "");
        if (BedrockName.TryStripRegion(name, out var rest))
            model = rest.ToString();
        else if (Folder().Match(name) is { Success: true } match)
            model = name[match.Length..];
        if (model.Length == 0)
            return false;
        region = name[..(name.Length - model.Length - 1)];
        return true;
    }

    [GeneratedRegex("^(?:us|eu|global|global-standard|[a-z]{2}(?:-[a-z]+)+-[0-9])/(?=.)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Folder();
}

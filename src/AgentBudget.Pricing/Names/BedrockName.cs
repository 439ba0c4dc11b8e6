namespace AgentBudget.Pricing.Names;

/// <summary>
/// The two decorations of a Bedrock model id: a region in front (<c>us.anthropic.claude-…</c>) and a version behind (<c>…-v1:0</c>).
/// A row with the region in its name is looked for first, because a region can have a price of its own.
/// </summary>
internal static class BedrockName
{
    private static readonly string[] Regions = ["us.", "eu.", "apac.", "jp.", "au.", "ca.", "global.", "us-gov."];

    /// <summary>Takes the region off the front.</summary>
    public static bool TryStripRegion(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name;
        foreach (var region in Regions)
        {
            if (name.Length <= region.Length || !name.StartsWith(region)) continue;
            rest = name[region.Length..];
            return true;
        }

        return false;
    }

    /// <summary>Takes <c>-vN:N</c> off the end, each N one digit.</summary>
    public static bool TryStripVersion(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name;
        if (name.Length <= "-v1:0".Length) return false;
        var end = name[^"-v1:0".Length..];
        if (!end.StartsWith("-v") || !char.IsAsciiDigit(end[2]) || end[3] != ':' || !char.IsAsciiDigit(end[4])) return false;
        rest = name[..^end.Length];
        return true;
    }
}

namespace AgentBudget.Pricing.Names;

/// <summary>
/// The two decorations of a Bedrock model id: a region in front (<c>us.anthropic.claude-…</c>) and a version behind (<c>…-v1:0</c>).
/// A row with the region in its name is looked for first, because a region can have a price of its own.
/// </summary>
internal static class BedrockName
{
    private static readonly string[] Regions = ["us.", "eu.", "apac.", "jp.", "au.", "ca.", "global.", "us-gov.", "in."];

    /// <summary>Takes the region off the front; a name with two is no Bedrock name.</summary>
    public static bool TryStripRegion(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name[RegionLengthOf(name)..];
        return rest.Length < name.Length && !rest.IsEmpty && RegionLengthOf(rest) == 0;
    }

    /// <summary>Takes <c>-vN:N</c> off the end, each N one digit.</summary>
    public static bool TryStripVersion(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name;
        if (name.Length <= "-v1:0".Length)
            return false;
        var end = name[^"-v1:0".Length..];
        if (!end.StartsWith("-v") || !char.IsAsciiDigit(end[2]) || end[3] != ':' || !char.IsAsciiDigit(end[4]))
            return false;
        rest = name[..^end.Length];
        return true;
    }

    private static int RegionLengthOf(ReadOnlySpan<char> name)
    {
        foreach (var region in Regions)
        {
            if (name.StartsWith(region))
                return region.Length;
        }

        return 0;
    }
}

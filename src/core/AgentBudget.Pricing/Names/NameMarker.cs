namespace AgentBudget.Pricing.Names;

/// <summary>
/// A mark that a program puts behind a model's name for itself, such as <c>[1m]</c> for a window of a million tokens: a number and k or m
/// in brackets. The vendor never sees it, and bills by the length of the prompt.
/// </summary>
internal static class NameMarker
{
    private const int MostDigits = 4;

    public static bool TryStrip(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        rest = name;
        if (name.IsEmpty || name[^1] != ']')
            return false;
        var open = name.LastIndexOf('[');
        if (open <= 0)
            return false;
        var inside = name[(open + 1)..^1];
        if (inside.Length < 2 || inside.Length > MostDigits + 1 || inside[^1] is not ('k' or 'm'))
            return false;
        foreach (var character in inside[..^1])
        {
            if (!char.IsAsciiDigit(character))
                return false;
        }

        rest = name[..open];
        return true;
    }
}

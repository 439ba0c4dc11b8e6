namespace AgentBudget.Pricing.Unknown;

/// <summary>Names with <c>*</c> for any characters, compared without case; every other character stands for itself.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name fits a pattern. Takes at most the product of their lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (inPattern, inName, star, resume) = (0, 0, -1, 0);
        while (inName < name.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                star = inPattern++;
                resume = inName;
            }
            else if (inPattern < pattern.Length && char.ToUpperInvariant(pattern[inPattern]) == char.ToUpperInvariant(name[inName]))
            {
                inPattern++;
                inName++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more, and what follows it is tried again.
                inPattern = star + 1;
                inName = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[inPattern..].TrimEnd('*').IsEmpty;
    }
}

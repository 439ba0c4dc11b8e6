namespace AgentBudget.Pricing.Names;

/// <summary>
/// The suffixes by which vendors name a snapshot of a model: <c>-YYYY-MM-DD</c>, <c>-YYYYMMDD</c>, <c>-MMDD</c>, <c>-001</c>,
/// <c>@YYYYMMDD</c>, <c>@latest</c> and <c>-latest</c>. Nothing else is ever taken off a name's end: <c>o1-pro</c> is not <c>o1</c>.
/// </summary>
internal static class DateSuffix
{
    /// <summary>Takes one suffix off.</summary>
    /// <param name="name">A normalized name.</param>
    /// <param name="stem">The name before the suffix; the whole name when there is none.</param>
    public static bool TryStrip(ReadOnlySpan<char> name, out ReadOnlySpan<char> stem)
    {
        var length = LengthOf(name);
        stem = name[..^length];
        return length > 0 && !stem.IsEmpty;
    }

    private static int LengthOf(ReadOnlySpan<char> name)
    {
        if (name.EndsWith("-latest") || name.EndsWith("@latest"))
            return "-latest".Length;
        if (name.EndsWith("-001"))
            return "-001".Length;
        if (EndsWithDashedDate(name))
            return "-YYYY-MM-DD".Length;
        if (EndsWithDigits(name, "-@", "YYYYMMDD".Length) && IsDate(name[^8..^4], name[^4..^2], name[^2..]))
            return "-YYYYMMDD".Length;
        return EndsWithDigits(name, "-", "MMDD".Length) && IsMonthAndDay(name[^4..^2], name[^2..]) ? "-MMDD".Length : 0;
    }

    private static bool EndsWithDashedDate(ReadOnlySpan<char> name)
    {
        if (name.Length < "-YYYY-MM-DD".Length)
            return false;
        var suffix = name[^"-YYYY-MM-DD".Length..];
        return suffix[0] == '-' && suffix[5] == '-' && suffix[8] == '-' && IsDate(suffix[1..5], suffix[6..8], suffix[9..]);
    }

    private static bool EndsWithDigits(ReadOnlySpan<char> name, ReadOnlySpan<char> separators, int digits) =>
        name.Length > digits && separators.Contains(name[^(digits + 1)]) && AreDigits(name[^digits..]);

    // Years before the first model or a century ahead are numbers that mean something else.
    private static bool IsDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        AreDigits(year) && year.StartsWith("20") && IsMonthAndDay(month, day);

    private static bool IsMonthAndDay(ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        TwoDigits(month) is >= 1 and <= 12 && TwoDigits(day) is >= 1 and <= 31;

    private static int TwoDigits(ReadOnlySpan<char> text) => AreDigits(text) ? ((text[0] - '0') * 10) + (text[1] - '0') : -1;

    // The library's range search boxes each character until the runtime has optimized it, and this is the path of every call.
    private static bool AreDigits(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
                return false;
        }

        return true;
    }
}

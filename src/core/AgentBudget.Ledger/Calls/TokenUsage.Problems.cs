namespace AgentBudget;

// What no call can have used.
public readonly partial record struct TokenUsage
{
    /// <summary>What makes this usage impossible, or null. Reasoning above output is tolerated: providers report it.</summary>
    public string? FindProblem()
    {
        // Together as bits they are at least the largest of them, and negative if one is: one comparison clears nearly every call.
        var together = 0L;
        foreach (var count in frequent)
            together |= count;
        foreach (var count in rare.AsSpan())
            together |= count;
        if ((ulong)together > (ulong)MaxCount && FindBadCount() is { } bad)
            return bad;
        return FindBadPart() ?? FindBadSum();
    }

    private string? FindBadCount()
    {
        foreach (var row in UsageDimensions.All)
        {
            if (this[row.Dimension] < 0)
                return $"The count {row.Name} is negative; counts are zero or more.";
            if (this[row.Dimension] > MaxCount)
                return $"The count {row.Name} is above {MaxCount}.";
        }

        return null;
    }

    private string? FindBadPart()
    {
        var count = rare is null ? FrequentCount : UsageDimensions.Count;
        for (var i = 0; i < count; i++)
        {
            if (this[(UsageDimension)i] == 0)
                continue;
            var row = UsageDimensions.Of((UsageDimension)i);
            if (
                (
                    Exceeds(i, row.PartOf) ? row.PartOf
                    : Exceeds(i, row.AlsoPartOf) ? row.AlsoPartOf
                    : null
                ) is
                { } whole
            )
                return $"The count {row.Name} exceeds the count {UsageDimensions.Of(whole).Name} that must include it.";
        }

        return null;
    }

    private bool Exceeds(int part, UsageDimension? whole) => whole is { } dimension && this[(UsageDimension)part] > this[dimension];

    private string? FindBadSum()
    {
        foreach (var (whole, parts) in UsageDimensions.Sums)
        {
            var together = 0L;
            foreach (var part in parts)
                together += this[part];
            if (together > this[whole])
                return $"The counts {string.Join(" and ", parts.Select(part => UsageDimensions.Of(part).Name))} together exceed "
                    + $"the count {UsageDimensions.Of(whole).Name} that must include them.";
        }

        return null;
    }
}

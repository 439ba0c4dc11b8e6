namespace AgentBudget;

/// <summary>Price files were refused as a whole. Nothing of them is in force.</summary>
public sealed class PriceTableException : Exception
{
    /// <summary>Makes the exception from the problems found.</summary>
    public PriceTableException(IReadOnlyList<string> problems)
        : base("The price files are not valid: " + string.Join(" ", problems)) => Problems = problems;

    /// <summary>What is wrong, each with its file and place; at most <see cref="MaxProblems"/>.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Problems after this many are not looked for: 50.</summary>
    public const int MaxProblems = 50;
}

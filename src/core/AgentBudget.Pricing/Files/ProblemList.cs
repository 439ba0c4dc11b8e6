namespace AgentBudget.Pricing.Files;

/// <summary>What is wrong with a set of price files, each problem with its place. Bounded, because a broken file can be wrong
/// everywhere.</summary>
internal sealed class ProblemList
{
    private readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    public bool IsEmpty => problems.Count == 0;

    /// <summary>Adds a problem, or drops it when the list is full.</summary>
    /// <param name="place">The file and the path in it.</param>
    /// <param name="problem">A sentence that says what is wrong and what would be right.</param>
    public void Add(string place, string problem)
    {
        if (problems.Count < PriceTableException.MaxProblems)
            problems.Add($"{place}: {problem}");
    }

    /// <summary>Adds the problems of another list, as far as there is room.</summary>
    public void AddAll(ProblemList other) => problems.AddRange(other.problems.Take(PriceTableException.MaxProblems - problems.Count));
}

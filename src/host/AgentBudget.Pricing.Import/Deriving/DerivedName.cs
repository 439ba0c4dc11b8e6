using AgentBudget.Pricing.Import.Sources;

namespace AgentBudget.Pricing.Import.Deriving;

/// <summary>One name with what was derived for it.</summary>
internal sealed record DerivedName(string Name, IReadOnlyList<Statement> Statements, IReadOnlyList<RowEntry> Rows)
{
    /// <summary>The most output tokens: what most sources say, and the larger where they do not agree, because it bounds a worst case.</summary>
    public long? MaxOutputTokens => Statements.Select(statement => statement.MaxOutputTokens).Where(most => most is not null)
        .GroupBy(most => most).OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).FirstOrDefault()?.Key;

    public bool HasRowsOf(DerivedName other) =>
        Rows.Count == other.Rows.Count && Rows.Zip(other.Rows).All(pair => pair.First.Matches(pair.Second));
}

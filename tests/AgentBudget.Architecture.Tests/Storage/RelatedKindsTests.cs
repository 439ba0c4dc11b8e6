using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>Statements name no kinds of entries: what a kind means for a store stands in the row, as the ledger says it.</summary>
public sealed partial class RelatedKindsTests
{
    [Fact]
    public void Statements_OfTheStores_NameNoKinds() =>
        Assert.DoesNotContain(
            Repository.Files("src/silo", "*.cs").Concat(Repository.Files("src/silo", "*.sql")),
            path => KindCondition().IsMatch(Repository.Read(path))
        );

    [GeneratedRegex(@"\bkind\s*(IN\s*\(|=\s*\d|<>\s*\d)")]
    private static partial Regex KindCondition();
}

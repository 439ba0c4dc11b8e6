using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>Statements name no kinds of entries: what a kind means for a store stands in the row, as the ledger says it.</summary>
public sealed partial class RelatedKindsTests
{
    private static readonly string[] Stores =
    [
        "AgentBudget.Orleans.Sqlite",
        "AgentBudget.Orleans.PostgreSql",
        "AgentBudget.Orleans/Storage/InMemory",
    ];

    [Fact]
    public void Statements_OfTheStores_NameNoKinds() =>
        Assert.DoesNotContain(
            Repository.Files("src/silo", "*.cs").Concat(Repository.Files("src/silo", "*.sql")),
            path => KindCondition().IsMatch(Repository.Read(path))
        );

    // What an entry makes of rows, EntryRows says; what it makes of a head, the ledger.
    [Fact]
    public void Stores_KnowNoRuleOfTheLedger() =>
        Assert.Empty(
            from folder in Stores
            from path in Repository.Files($"src/silo/{folder}", "*.cs")
            from line in Repository.Lines(path)
            where Rule().IsMatch(line)
            select $"{path}: {line.Trim()}"
        );

    [GeneratedRegex(@"\b(EntryKinds?|EffectOf|ReservationEffect|IsRelatedLookup\w*|(Reservation|HolderRow)\.(Follow|Of))\b")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\bkind\s*(IN\s*\(|=\s*\d|<>\s*\d)")]
    private static partial Regex KindCondition();
}

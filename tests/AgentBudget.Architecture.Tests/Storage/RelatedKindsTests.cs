using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>Statements name no kinds of entries: what a kind means for a store stands in the row, as the ledger says it.</summary>
public sealed partial class RelatedKindsTests
{
    // Where a class stores ledgers by itself: its whole project, or in the silo's its folder. One that wraps another store has no rows.
    private static readonly string[] Stores =
    [
        .. Repository
            .Files("src", "*.cs")
            .Where(path => Store().IsMatch(Repository.Read(path)))
            .Select(path => path.StartsWith("src/silo/AgentBudget.Orleans/", StringComparison.Ordinal) ? Folder(path) : Project(path))
            .Distinct(),
    ];

    [Fact]
    public void Statements_OfTheStores_NameNoKinds() =>
        Assert.DoesNotContain(
            Repository.Files("src/silo", "*.cs").Concat(Repository.Files("src/silo", "*.sql")),
            path => KindCondition().IsMatch(Repository.Read(path))
        );

    [Fact]
    public void Stores_OfTheProject_AreFound() =>
        Assert.Superset(
            new HashSet<string>
            {
                "src/silo/AgentBudget.Orleans.PostgreSql",
                "src/silo/AgentBudget.Orleans.Sqlite",
                "src/silo/AgentBudget.Orleans/Storage/InMemory",
            },
            Stores.ToHashSet()
        );

    // What an entry makes of rows, EntryRows says; what it makes of a head, the ledger.
    [Fact]
    public void Stores_KnowNoRuleOfTheLedger() =>
        Assert.Empty(
            from folder in Stores
            from path in Repository.Files(folder, "*.cs")
            from line in Repository.Lines(path)
            where Rule().IsMatch(line)
            select $"{path}: {line.Trim()}"
        );

    private static string Folder(string path) => path[..path.LastIndexOf('/')];

    private static string Project(string path) => string.Join('/', path.Split('/')[..3]);

    [GeneratedRegex(@"\bclass \w+(?!\w*\(ILedgerStore)[^\n]* : [^\n]*\bI(Immediate)?LedgerStore\b")]
    private static partial Regex Store();

    [GeneratedRegex(@"\b(EntryKinds?|EffectOf|ReservationEffect|IsRelatedLookup\w*|(Reservation|HolderRow)\.(Follow|Of))\b")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\bkind\s*(IN\s*\(|=\s*\d|<>\s*\d)")]
    private static partial Regex KindCondition();
}

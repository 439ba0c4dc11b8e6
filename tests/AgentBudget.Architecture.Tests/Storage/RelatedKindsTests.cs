using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>SQL has to name kinds by their numbers; which ones the ledger says.</summary>
public sealed partial class RelatedKindsTests
{
    /// <summary>A step of a schema that was shipped stays as it is: with a kind that is new here, an index needs a step of its own.</summary>
    [Fact]
    public void RelatedKinds_InAnyStatement_AreThoseOfTheLedger()
    {
        var conditions = Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.sql"))
            .SelectMany(path => KindConditions().Matches(Repository.Read(path)).Select(match => (path, match)))
            .ToArray();
        // The index of PostgreSQL and the look-up that uses it.
        Assert.Equal(2, conditions.Length);
        Assert.All(conditions, condition =>
        {
            var always = Numbers(condition.match.Groups["always"].Value);
            var withRelated = Numbers(condition.match.Groups["related"].Value);
            foreach (var kind in Enum.GetValues<EntryKind>())
            {
                var number = (int)kind;
                Assert.True(always.Contains(number) == Entry.IsRelatedLookupOf(kind, related: 0), $"{condition.path}: {kind} that is related to none");
                Assert.True((always.Contains(number) || withRelated.Contains(number)) == Entry.IsRelatedLookupOf(kind, related: 1), $"{condition.path}: {kind}");
            }
        });
    }

    private static HashSet<int> Numbers(string list) => [.. list.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"kind IN \((?<always>[\d, ]+)\)\s+OR\s+\((?:e\.)?kind IN \((?<related>[\d, ]+)\) AND (?:e\.)?related <> 0\)", RegexOptions.None, 1000)]
    private static partial Regex KindConditions();
}

using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>
/// No object hands itself to one that keeps it and calls back: who reads either would have to know both. Looked for is every place
/// where <c>this</c> is an argument; a static function, which keeps nothing, may have it.
/// </summary>
public sealed partial class HandingOutTests
{
    private static readonly string[] Harmless = ["ReferenceEquals", "ThrowIf", "SuppressFinalize", "lock "];

    // Path, and why it is well there.
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["src/core/AgentBudget.Ledger/Loops/LoopMemory.cs"] = "a value that is asked about the memory and keeps nothing",
        ["src/core/AgentBudget.Pricing/Arithmetic/EffectiveRates.cs"] = "a table made of the rates' numbers, which does not keep them",
        ["src/core/AgentBudget.Pricing/Files/JsonObjectReader.cs"] = "a reader knows the one that it stands in, of the same kind",
        ["src/host/AgentBudget.Pricing.Import/RateSheet.cs"] = "values added up",
        ["src/silo/AgentBudget.Orleans.Sqlite/Verification/LedgerTable.cs"] = "an exception says of which table it is",
        ["src/silo/AgentBudget.Orleans.Sqlite/SqliteReader.cs"] = "the caller's question, asked of the reader",
    };

    [Fact]
    public void Objects_OfSrc_HandThemselvesToNobodyWhoCallsBack() =>
        Assert.Empty(
            from path in Repository.Files("src", "*.cs")
            where !Exceptions.ContainsKey(path)
            from line in Repository.Lines(path)
            where HandsItselfOut(line)
            select $"{path}: {line.Trim()}"
        );

    [Theory]
    [InlineData("lanes[i] = new WriterLane(this, store);", true)]
    [InlineData("metrics.Observe(this);", true)]
    [InlineData("return new Reader(element, this);", true)]
    [InlineData("SessionFold.Next(this, entry);", false)]
    [InlineData("=> ReserveRules.Reserve(turn, this);", false)]
    [InlineData("public static void Add(this string text)", false)]
    [InlineData("lock (this) closed = true;", false)]
    public void Line_ThatHandsItselfOut_IsFound(string line, bool isFound) => Assert.Equal(isFound, HandsItselfOut(line));

    private static bool HandsItselfOut(string line) =>
        Argument()
            .Matches(line)
            .Any(match =>
                !StaticCall().IsMatch(line[..match.Index])
                && !Harmless.Any(harmless => line[..match.Index].Contains(harmless, StringComparison.Ordinal))
            );

    [GeneratedRegex(@"[(,]\s*this\s*[,)]")]
    private static partial Regex Argument();

    [GeneratedRegex(@"(?<!new )(?<![\w.)])[A-Z]\w*\.\w+(\([^()]*)?$")]
    private static partial Regex StaticCall();
}

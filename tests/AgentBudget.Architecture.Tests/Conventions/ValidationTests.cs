using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// One way to check what is given: <c>Validate</c>, which throws <see cref="ArgumentException"/> naming the thing and the mend. Where
/// something wrong is an answer and no error, because a provider sent it or a text is only tried, it is asked for by
/// <c>FindProblem</c>; each such place has its reason here.
/// </summary>
public sealed partial class ValidationTests
{
    // Path, and why nothing may be thrown.
    private static readonly Dictionary<string, string> Questions = new()
    {
        ["src/core/AgentBudget.Ledger/Calls/TokenUsage.Problems.cs"] =
            "what a provider sent is priced, or refused with an answer, on every call",
        ["src/core/AgentBudget.Ledger/Money.cs"] = "a text is tried",
        ["src/core/AgentBudget.Ledger/Sessions/TenantPath.cs"] = "a text is tried",
        ["src/silo/AgentBudget.Orleans.PostgreSql/PostgreSqlLedgerOptions.cs"] =
            "what a parser says of a connection string may be a password",
        ["src/host/AgentBudget.Server/Settings/ServerSettings.cs"] = "gathers what several checks throw: a server tells all at once",
        ["src/host/AgentBudget.Server/Prices/PriceUpdates.cs"] = "gathers what is thrown of each address",
    };

    [Fact]
    public void Checks_OfSrc_AreCalledValidateAndThrow()
    {
        var wrong =
            from path in Repository.Files("src", "*.cs")
            from Match found in Declared().Matches(Repository.Read(path))
            let isValidate = found.Groups["name"].Value.StartsWith("Validate", StringComparison.Ordinal)
            let type = found.Groups["type"].Value
            where isValidate ? type is not ("void" or "ValidateOptionsResult") : !Questions.ContainsKey(path)
            select $"{path}: {found.Value.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Questions_StillStandWhereTheyAreListed() =>
        Assert.All(Questions.Keys, path => Assert.Matches("FindProblems?\\(", Repository.Read(path)));

    [GeneratedRegex(@"(public|internal|private|protected)[a-z ]* (?<type>[\w?<>]+) (?<name>FindProblems?|EnsureValid\w*|Validate\w*)\(")]
    private static partial Regex Declared();
}

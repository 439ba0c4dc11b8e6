using System.Text.RegularExpressions;
using AgentBudget.Architecture.Tests.Dependencies;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// What users name is in <c>AgentBudget</c>, whichever package it comes from: everything public of core, contract, agent, the embedded
/// package and replays, and of silos the options, the extension methods, the exceptions, and the few others that are listed here. What
/// writers of stores use is named after its folder. Everything else is named after its project and its folder; the
/// ledger's rules stand in its own namespace, whatever their folder.
/// </summary>
public sealed partial class NamespaceTests
{
    private const string Users = "AgentBudget";
    private const string Ledger = "AgentBudget.Ledger";

    private static readonly string[] RoomsOfUsers =
    [
        "src/core/",
        "src/contract/",
        "src/agent/",
        "src/host/AgentBudget/",
        "src/host/AgentBudget.Replay/",
    ];

    private static readonly string[] EndingsOfUsers = ["Options.cs", "Extensions.cs", "Exception.cs"];

    // A host's clock, what lists of sessions are asked by, names for pipelines of telemetry, what mends a damaged ledger, and what streams
    // were not taken of.
    private static readonly string[] FilesOfUsers =
    [
        "BudgetStreamDeadLetter.cs",
        "BudgetStreamDeadLetters.cs",
        "LedgerClock.cs",
        "LedgerMetrics.cs",
        "LedgerTracing.cs",
        "SessionListing.cs",
        "SqliteLedgerMend.cs",
    ];

    [Fact]
    public void Files_OfSrc_AreInTheNamespaceOfTheirKind()
    {
        var wrong =
            from path in Repository.Files("src", "*.cs")
            let text = Repository.Read(path)
            let found = Namespace().Match(text)
            where found.Success && !Allowed(path, text).Contains(found.Groups[1].Value)
            select $"{path}: {found.Groups[1].Value} should be {string.Join(" or ", Allowed(path, text))}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Files_OfSrc_HaveANamespaceButForPrograms() =>
        Assert.All(
            Repository.Files("src", "*.cs").Where(path => !Namespace().IsMatch(Repository.Read(path))),
            path => Assert.EndsWith("/Program.cs", path, StringComparison.Ordinal)
        );

    [Fact]
    public void FilesOfUsers_StandWhereTheyAreListed() =>
        Assert.Empty(FilesOfUsers.Except(Repository.Files("src/silo", "*.cs").Select(path => path.Split('/')[^1])));

    // Whatever file it stands in: what can be thrown can be caught by its name.
    [Fact]
    public void Exceptions_OfThePackages_AreInTheNamespaceOfUsers() =>
        Assert.DoesNotContain(
            Project
                .All.Where(project => Repository.Files($"src/{project.Folder}/{project.Name}", "PublicAPI.Unshipped.txt").Any())
                .SelectMany(project => project.Load().GetExportedTypes()),
            type => type.IsAssignableTo(typeof(Exception)) && type.Namespace != Users
        );

    // But for the looks of the tool, which a sample shows, and a database for one that has none.
    [Fact]
    public void Samples_NameNoOtherNamespaceOfOurs() =>
        Assert.DoesNotContain(Repository.Files("samples", "*.cs"), path => OtherNamespace().IsMatch(Repository.Read(path)));

    [Theory]
    [InlineData(
        "src/core/AgentBudget.Ledger/Rules/Limits.cs",
        "internal static class Limits",
        "AgentBudget.Ledger",
        "AgentBudget.Ledger.Rules"
    )]
    [InlineData("src/core/AgentBudget.Pricing/Names/NameIndex.cs", "internal sealed class NameIndex", "AgentBudget.Pricing.Names")]
    [InlineData("src/agent/AgentBudget.Client/Calls/FailedCall.cs", "public enum FailedCall", "AgentBudget")]
    [InlineData("src/silo/AgentBudget.Orleans/Hosting/FailoverOptions.cs", "public sealed class FailoverOptions", "AgentBudget")]
    [InlineData("src/silo/AgentBudget.Orleans/Storage/ILedgerStore.cs", "public interface ILedgerStore", "AgentBudget.Orleans.Storage")]
    [InlineData("src/host/AgentBudget.Cli/Views/LoopsView.cs", "internal static class LoopsView", "AgentBudget.Cli.Views")]
    public void Allowed_OfAFile_FollowTheLaw(string path, string text, params string[] namespaces) =>
        Assert.Equal(namespaces, Allowed(path, text));

    private static string[] Allowed(string path, string text)
    {
        var parts = path.Split('/');
        var byFolder = string.Join('.', parts[2..^1]);
        if (parts[2] == Users)
            return [Users];
        if (!PublicType().IsMatch(text))
            return parts[2] == Ledger && byFolder != Ledger ? [Ledger, byFolder] : [byFolder];
        var isOfUsers =
            RoomsOfUsers.Any(room => path.StartsWith(room, StringComparison.Ordinal))
            || (
                parts[1] == "silo"
                && (FilesOfUsers.Contains(parts[^1]) || EndingsOfUsers.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            );
        return [isOfUsers ? Users : byFolder];
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (static )?AgentBudget\.(?!Cli\.|PostgreSql\.TestServer;)", RegexOptions.Multiline)]
    private static partial Regex OtherNamespace();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}

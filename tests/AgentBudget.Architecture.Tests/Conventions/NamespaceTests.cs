using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// What users name is in <c>AgentBudget</c>, whichever package it comes from: everything public of core, contract, agent and the embedded
/// package, and of silos the options, the extension methods and the clock. Everything else is named after its project and its folder; the
/// ledger's rules stand in its own namespace, whatever their folder.
/// </summary>
public sealed partial class NamespaceTests
{
    private const string Users = "AgentBudget";
    private const string Ledger = "AgentBudget.Ledger";

    private static readonly string[] RoomsOfUsers = ["src/core/", "src/contract/", "src/agent/", "src/host/AgentBudget/"];

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
                && (
                    path.EndsWith("Options.cs", StringComparison.Ordinal)
                    || path.EndsWith("Extensions.cs", StringComparison.Ordinal)
                    || path.EndsWith("/LedgerClock.cs", StringComparison.Ordinal)
                )
            );
        return [isOfUsers ? Users : byFolder];
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}

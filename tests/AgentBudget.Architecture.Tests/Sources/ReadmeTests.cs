using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>Code that a page shows is part of a sample, line by line, so that it compiles.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Pages =>
        new(Repository.Files("", "README.md").Append("docs/operations.md").Where(page => Blocks(page).Any()));

    [Theory, MemberData(nameof(Pages))]
    public void Code_OfAPage_IsPartOfASample(string page) => Assert.DoesNotContain(Blocks(page), block => !IsInASample(block));

    [Fact]
    public void Pages_WithCode_AreFound() => Assert.True(Pages.Count > 4);

    [Fact]
    public void Code_ThatNoSampleHas_IsFound() => Assert.False(IsInASample("await budget.NoSuchThingAsync();"));

    private static IEnumerable<string> Blocks(string page) =>
        CodeBlock().Matches(Repository.Read(page)).Select(match => match.Groups[1].Value);

    private static bool IsInASample(string block)
    {
        var wanted = block.TrimEnd('\n').Split('\n');
        return Repository
            .Files("samples", "*.cs")
            .Select(Repository.Lines)
            .Any(lines => Enumerable.Range(0, lines.Length).Any(at => StandsAt(lines, at, wanted)));
    }

    private static bool StandsAt(string[] lines, int at, string[] wanted)
    {
        if (at + wanted.Length > lines.Length)
            return false;
        var indentation = lines[at].Length - lines[at].TrimStart().Length;
        return !wanted.Where((line, index) => line != Unindented(lines[at + index], indentation)).Any();
    }

    private static string Unindented(string line, int by) => line.Length >= by && string.IsNullOrWhiteSpace(line[..by]) ? line[by..] : line;

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

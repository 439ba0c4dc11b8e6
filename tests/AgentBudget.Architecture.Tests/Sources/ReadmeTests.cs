using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>Code that a page shows is part of a sample but for its line breaks, so that it compiles.</summary>
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
        var wanted = WithoutLayout(block);
        return Repository
            .Files("samples", "*.cs")
            .Any(path => WithoutLayout(Repository.Read(path)).Contains(wanted, StringComparison.Ordinal));
    }

    private static string WithoutLayout(string code) => Layout().Replace(code, "");

    // A comma before a closing bracket comes with the line break.
    [GeneratedRegex(@"\s+|,(?=\s*[}\])])")]
    private static partial Regex Layout();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

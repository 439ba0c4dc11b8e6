using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Sources;

/// <summary>What may not stand in the tree. The words are put together here, so that this file does not hold them.</summary>
public sealed partial class SourceFileTests
{
    private const int MaxLines = 300;
    private const int MaxColumns = 140;

    private static readonly string[] TextFiles =
    [
        ".cs",
        ".csproj",
        ".props",
        ".targets",
        ".sln",
        ".json",
        ".md",
        ".yml",
        ".yaml",
        ".txt",
        ".config",
        ".editorconfig",
        "",
    ];

    private static readonly string[] Registries =
    [
        "nuget" + ".org",
        "npmjs" + ".org",
        "npmjs" + ".com",
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "crates" + ".io",
        "docker" + ".io",
    ];

    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];

    [Fact]
    public void Repository_TextFiles_NameNoPackageRegistry() => Assert.Empty(TextFilesOf("").SelectMany(path => Found(path, Registries)));

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    public void Sources_OfTheProject_HoldNothingUnfinished(string folder) =>
        Assert.Empty(Repository.Files(folder, "*.cs").SelectMany(path => Found(path, Unfinished)));

    [Fact]
    public void Tests_OfTheProject_SkipNothing() =>
        Assert.DoesNotContain(Repository.Files("tests", "*.cs"), path => SkippedTest().IsMatch(Repository.Read(path)));

    [Fact]
    public void Sources_OfSrc_AreShort() =>
        Assert.DoesNotContain(
            Repository.Files("src", "*.cs").Select(path => (path, Repository.Lines(path).Length)),
            file => file.Length > MaxLines
        );

    // The formatter breaks code at this width and leaves comments alone.
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    public void Comments_OfTheProject_AreNoWiderThanItsCode(string folder) =>
        Assert.Empty(
            Repository
                .Files(folder, "*.cs")
                .SelectMany(path => Repository.Lines(path).Where(line => line.Length > MaxColumns && Comment().IsMatch(line)))
        );

    [Fact]
    public void LogEvents_OfSrc_HaveIdsOfTheirOwn()
    {
        var ids = Repository
            .Files("src", "*.cs")
            .SelectMany(path => LogEvent().Matches(Repository.Read(path)))
            .Select(match => match.Groups[1].Value)
            .ToArray();
        Assert.NotEmpty(ids);
        Assert.Distinct(ids);
    }

    [Fact]
    public void Repository_Files_AreFound() => Assert.True(Repository.Files("src", "*.cs").Count() > 100);

    private static IEnumerable<string> TextFilesOf(string folder) =>
        Repository
            .Files(folder)
            .Where(path => TextFiles.Contains(Path.GetExtension(path)) && !path.StartsWith("samples/traces/", StringComparison.Ordinal));

    private static IEnumerable<string> Found(string path, string[] words)
    {
        var text = Repository.Read(path);
        return words.Where(word => text.Contains(word, StringComparison.Ordinal)).Select(word => $"{path}: {word}");
    }

    [GeneratedRegex(@"^\s*///? ")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\[LoggerMessage\((\d+)")]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"\[(Fact|Theory)\([^\]]*Skip\w*\s*=|Assert\.Skip\(")]
    private static partial Regex SkippedTest();
}

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

    // The formatter breaks code at this width and leaves comments and texts alone. In tests a body stands as it is sent.
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("samples")]
    public void Lines_OfTheProject_AreNoWiderThanMayBe(string folder) =>
        Assert.Empty(
            from path in Repository.Files(folder, "*.cs")
            from line in Wide(Repository.Read(path), mayHaveWideTexts: folder == "tests")
            select $"{path}: {line.Trim()}"
        );

    [Theory]
    [InlineData("// ")]
    [InlineData("var a = ")]
    [InlineData("\"\"\"\n{ \"body\": 1 }\n\"\"\";\nvar a = ")]
    public void Line_ThatIsWide_IsFound(string begin)
    {
        var text = begin + new string('x', MaxColumns);
        Assert.Single(Wide(text, mayHaveWideTexts: false));
        Assert.Single(Wide(text, mayHaveWideTexts: true));
    }

    [Theory]
    [InlineData("var a = \"\"\"", "\"\"\";")]
    [InlineData("var a = \"\"\"\n", "\n\"\"\";")]
    public void Line_OfAWideBody_IsFoundInSrcAlone(string begin, string end)
    {
        var text = begin + new string('x', MaxColumns + 1) + end;
        Assert.Single(Wide(text, mayHaveWideTexts: false));
        Assert.Empty(Wide(text, mayHaveWideTexts: true));
    }

    [Fact]
    public void LogEvents_OfSrc_HaveIdsOfTheirOwn()
    {
        var sources = Repository.Files("src", "*.cs").Select(Repository.Read).ToArray();
        var ids = sources.SelectMany(source => LogEvent().Matches(source)).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(ids);
        // However it is written, none is passed by.
        Assert.Equal(sources.Sum(source => source.Split("[LoggerMessage").Length - 1), ids.Length);
        Assert.Distinct(ids);
    }

    [Fact]
    public void Repository_Files_AreFound() => Assert.True(Repository.Files("src", "*.cs").Count() > 100);

    private static IEnumerable<string> Wide(string text, bool mayHaveWideTexts)
    {
        var isInRawText = false;
        foreach (var line in text.Split('\n'))
        {
            var quotes = line.Split("\"\"\"").Length - 1;
            var isOfRawText = isInRawText || quotes > 0;
            isInRawText ^= quotes % 2 == 1;
            if (line.Length > MaxColumns && !(mayHaveWideTexts && isOfRawText))
                yield return line;
        }
    }

    private static IEnumerable<string> TextFilesOf(string folder) =>
        Repository
            .Files(folder)
            .Where(path => TextFiles.Contains(Path.GetExtension(path)) && !path.StartsWith("samples/traces/", StringComparison.Ordinal));

    private static IEnumerable<string> Found(string path, string[] words)
    {
        var text = Repository.Read(path);
        return words.Where(word => text.Contains(word, StringComparison.Ordinal)).Select(word => $"{path}: {word}");
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"\[(Fact|Theory)\([^\]]*Skip\w*\s*=|Assert\.Skip\(")]
    private static partial Regex SkippedTest();
}

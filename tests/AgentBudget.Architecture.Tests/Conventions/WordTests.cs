using System.Text.RegularExpressions;

namespace AgentBudget.Architecture.Tests.Conventions;

/// <summary>
/// One word, one meaning. Words that belong to somebody else, or to one room alone, stand nowhere but there: neither in names nor in texts.
/// Verbs of everyday English, to hold and to leave, are looked for in names only.
/// </summary>
public sealed partial class WordTests
{
    private const string Sqlite = "src/silo/AgentBudget.Orleans.Sqlite/";
    private const string PostgreSql = "src/silo/AgentBudget.Orleans.PostgreSql/";
    private const string Import = "src/host/AgentBudget.Pricing.Import/";

    // What it calls its ids.
    private const string Lago = "src/silo/AgentBudget.Billing/Sinks/Lago/";

    // Commands of agents, by their own names.
    private const string Fingerprints = "src/core/AgentBudget.Ledger/Loops/Fingerprints/";

    // Word, what it is called here, and where it may stand all the same.
    private static readonly (string Word, string Instead, string[] Rooms)[] Banned =
    [
        ("transaction", "it is the store's word: say entry, operation or batch", [Sqlite, PostgreSql, Lago]),
        ("commit", "it is the store's word: say write or settle", [Sqlite, PostgreSql, Import, Fingerprints]),
        ("committed", "it is the store's word: say written or durable", [Sqlite, PostgreSql]),
        ("lease", "it is Orleans' word: say reservation", []),
        ("envelope", "say budget", []),
        ("escrow", "say allotment", []),
        ("quota", "say allotment", []),
        ("overdraft", "say overage", []),
        ("balance", "say available, settled or spent", []),
        // HTTP's header is called so.
        (
            "authorization",
            "say reservation",
            [
                PostgreSql,
                "src/agent/AgentBudget.Http/RequestContent.cs",
                "src/silo/AgentBudget.Billing/Http/BillingSender.cs",
                "samples/FakeProvider/",
                "samples/RawSdks/",
            ]
        ),
        ("denial", "say refusal", []),
        ("rejection", "say refusal", []),
        ("debit", "say charge", []),
        (
            "journal",
            "it is SQLite's: the record of a session is its timeline",
            [Sqlite, "src/silo/AgentBudget.Orleans/Storage/PackedEntry.cs"]
        ),
    ];

    private static readonly (string Word, string Instead, string[] Rooms)[] BannedInNames =
    [
        (
            "hold",
            "a hold is the numbered pause that a parent tells its children",
            [
                "src/core/AgentBudget.Ledger/Between/",
                "src/core/AgentBudget.Ledger/Sessions/",
                "src/core/AgentBudget.Ledger/Tenants/",
                "src/core/AgentBudget.Ledger/Rules/OpenRules.cs",
                "src/silo/AgentBudget.Orleans/Between/",
                "src/silo/AgentBudget.Orleans/Storage/Json/",
            ]
        ),
        ("held", "money is granted, a session paused, a lock taken", []),
        (
            "leave",
            "a silo leaves its cluster, an activation its silo; everything else goes, ends or is removed",
            ["src/host/AgentBudget.Server/"]
        ),
    ];

    private static readonly string[] BannedInDocs =
    [
        "lease",
        "envelope",
        "escrow",
        "quota",
        "overdraft",
        "balance",
        "authorization",
        "denial",
        "rejection",
        "debit",
    ];

    [Fact]
    public void Words_OfSomebodyElse_StandNowhereInSrcAndSamples() =>
        Assert.Empty(
            from path in Repository.Files("src", "*.cs").Concat(Repository.Files("samples", "*.cs"))
            let words = WordsOf(Repository.Read(path)).ToHashSet()
            from banned in Banned
            where words.Contains(banned.Word) && !IsIn(path, banned.Rooms)
            select $"{path}: {banned.Word}; {banned.Instead}"
        );

    [Fact]
    public void Names_InSrc_HaveNoWordOfTwoMeanings() =>
        Assert.Empty(
            from path in Repository.Files("src", "*.cs")
            let words = WordsOf(WithoutTexts(Repository.Read(path))).ToHashSet()
            from banned in BannedInNames
            where words.Contains(banned.Word) && !IsIn(path, banned.Rooms)
            select $"{path}: {banned.Word}; {banned.Instead}"
        );

    // Storage is spoken of in docs, with its own words; money never is with another's.
    [Fact]
    public void Words_ForMoneyOfSomebodyElse_StandNowhereInDocs() =>
        Assert.Empty(
            from path in Repository.Files("", "*.md")
            let words = WordsOf(Repository.Read(path)).ToHashSet()
            from word in BannedInDocs
            where words.Contains(word)
            select $"{path}: {word}"
        );

    // A token is one of a language model, or of cancellation.
    [Fact]
    public void Credentials_InSrcAndDocs_AreNotCalledTokens() =>
        Assert.DoesNotContain(
            Repository.Files("src", "*.cs").Concat(Repository.Files("samples", "*.cs")).Concat(Repository.Files("", "*.md")),
            path => Credential().IsMatch(Repository.Read(path))
        );

    [Theory]
    [InlineData("var openLeases = 1;", "lease")]
    [InlineData("/// Commits the batch.", "commit")]
    [InlineData("journal_mode", "journal")]
    [InlineData("private readonly SessionJournal writes;", "journal")]
    public void Word_WhereverItStands_IsFound(string text, string word) => Assert.Contains(word, WordsOf(text));

    [Fact]
    public void Names_WithoutCommentsAndTexts_AreLeft() =>
        Assert.Equal(["var", "x"], WordsOf(WithoutTexts("var x = \"hold\"; // Leaves.\n")));

    private static bool IsIn(string path, string[] rooms) => rooms.Any(room => path.StartsWith(room, StringComparison.Ordinal));

    private static IEnumerable<string> WordsOf(string text)
    {
        foreach (Match match in Word().Matches(text))
        {
            var word = match.Value.ToLowerInvariant();
            yield return word;
            if (word[^1] == 's')
                yield return word[..^1];
        }
    }

    private static string WithoutTexts(string source) => Comment().Replace(Text().Replace(source, ""), "");

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Word();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"\b(auth|access|bearer|api|secret|security) tokens?\b|\b(Auth|Access|Bearer|Api|Security)Token\b",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Credential();
}

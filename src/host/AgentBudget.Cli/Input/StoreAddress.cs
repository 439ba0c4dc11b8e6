using System.CommandLine;

namespace AgentBudget.Cli.Input;

/// <summary>Which ledger a command works on.</summary>
/// <param name="SqlitePath">A folder or a file; null for a ledger in memory.</param>
internal sealed record StoreAddress(string? SqlitePath)
{
    private const string Memory = "memory";
    private const string SqlitePrefix = "sqlite:";

    // Where an embedded budget keeps its ledger unless it is told otherwise.
    private static readonly string DefaultFolder = new SqliteLedgerOptions().Path;

    /// <summary>The database file of a ledger that must exist.</summary>
    public string FilePath => new SqliteLedgerOptions { Path = SqlitePath! }.FilePath;

    /// <summary>As it is written on a command line.</summary>
    public override string ToString() => SqlitePath is null ? Memory : SqlitePrefix + SqlitePath;

    /// <summary>The option for commands that make a ledger where there is none.</summary>
    public static Option<string> OptionForReplay() =>
        new("--store")
        {
            HelpName = "memory|sqlite:PATH",
            Description = "Where the sessions are kept: memory (default), or a folder or .db file that is made when it is missing.",
        };

    /// <summary>The option for commands that work on a ledger that exists.</summary>
    public static Option<string> OptionForLedger() =>
        new("--store")
        {
            HelpName = "sqlite:PATH",
            Description = $"The ledger: its folder or its .db file. Default: {DefaultFolder} in the working directory, where there is one.",
            Recursive = true,
        };

    /// <summary>Reads an address.</summary>
    public static StoreAddress Parse(string text)
    {
        if (text == Memory)
            return new StoreAddress((string?)null);
        var path = text.StartsWith(SqlitePrefix, StringComparison.Ordinal) ? text[SqlitePrefix.Length..] : "";
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new UsageException(
                $"--store \"{text}\" is not a ledger's address; write memory, or sqlite:PATH with a folder or a .db file."
            );
        return new StoreAddress(path);
    }

    /// <summary>The address of a ledger that a command looks at or acts on.</summary>
    public static StoreAddress Required(ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option);
        if (text is null && File.Exists(new SqliteLedgerOptions().FilePath))
            text = SqlitePrefix + DefaultFolder;
        if (text is null)
            throw new UsageException(
                $"--store is missing, and there is no ledger in {DefaultFolder} here; name one with --store sqlite:PATH."
            );
        var address = Parse(text);
        return address.SqlitePath is not null
            ? address
            : throw new UsageException("--store memory is gone with the process that made it; name a ledger with --store sqlite:PATH.");
    }
}

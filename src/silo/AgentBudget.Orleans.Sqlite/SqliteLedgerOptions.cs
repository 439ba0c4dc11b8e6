namespace AgentBudget;

/// <summary>Where an embedded ledger lives.</summary>
public sealed class SqliteLedgerOptions
{
    /// <summary>The file's name within a folder.</summary>
    public const string FileName = "ledger.db";

    /// <summary>
    /// A folder, which is made when it is missing, or a file ending in <c>.db</c>, <c>.sqlite</c> or <c>.sqlite3</c>. Default:
    /// <c>.agentbudget</c> in the working directory. One process at a time writes to it.
    /// </summary>
    public string Path { get; set; } = ".agentbudget";

    /// <summary>
    /// Whether the ledger is only looked at. Then it must exist, nothing is written, and another process may be writing. Default: no.
    /// </summary>
    public bool IsReadOnly { get; set; }

    /// <summary>
    /// Whether the whole ledger is looked through at its start, which takes about a third of a second for each 100,000 entries, and
    /// refused when anything in it is not as it was written. Otherwise a row is verified when it is read, so that nothing wrong is ever
    /// told; but what is not found any more, because an index is damaged, looks as if it had never been. Set it to
    /// <see langword="false"/> to get at the sessions that are whole in a ledger that is refused and of which there is no backup.
    /// Default: yes.
    /// </summary>
    public bool VerifyAtStart { get; set; } = true;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new ArgumentException(
                "Path is blank; name a folder or a file, or leave it out for .agentbudget in the working directory."
            );
        if (Path.Contains('\0'))
            throw new ArgumentException("Path holds a NUL character, which no file's name may have; take it out.");
    }

    /// <summary>The full path of the database file.</summary>
    public string FilePath
    {
        get
        {
            var full = System.IO.Path.GetFullPath(Path);
            var isFile = System.IO.Path.GetExtension(full) is ".db" or ".sqlite" or ".sqlite3" && !Directory.Exists(full);
            return isFile ? full : System.IO.Path.Combine(full, FileName);
        }
    }
}

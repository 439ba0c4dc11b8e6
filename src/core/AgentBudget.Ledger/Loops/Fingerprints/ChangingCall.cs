using System.Text.Json;

namespace AgentBudget.Ledger;

/// <summary>
/// Tells calls that change something from those that look at it: a check that is made again after a change is no repetition. By the
/// tool's name, by the names of its arguments, and for shells by the command. What cannot be told counts as looking.
/// </summary>
internal static class ChangingCall
{
    private const int MaxCommandLength = 32 * 1024;

    private static readonly HashSet<string> ChangeWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "edit",
        "multiedit",
        "write",
        "replace",
        "patch",
        "insert",
        "append",
        "create",
        "update",
        "delete",
        "remove",
        "modify",
        "rename",
        "move",
        "save",
        "overwrite",
        "refactor",
        "fix",
        "rewrite",
        "commit",
        "undo",
        "revert",
        "install",
        "upsert",
        "mkdir",
        "touch",
        "apply",
        "put",
        "set",
    };

    // After one of these the rest says what is looked at, or what is noted down about the work and is not the work.
    private static readonly HashSet<string> LookWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "get",
        "list",
        "read",
        "show",
        "view",
        "check",
        "is",
        "has",
        "describe",
        "fetch",
        "grep",
        "glob",
        "task",
        "tasks",
        "note",
    };

    // What is noted down about the work and is not the work, wherever it stands: to update a plan changes nothing that a check looks at.
    private static readonly HashSet<string> NoteWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "plan",
        "think",
        "thought",
        "thoughts",
        "memory",
        "memories",
    };

    private static readonly HashSet<string> ShellWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "bash",
        "shell",
        "sh",
        "zsh",
        "terminal",
        "cmd",
        "command",
        "exec",
        "execute",
        "powershell",
        "pwsh",
        "console",
        "ipython",
        "python",
        "jupyter",
    };

    private static readonly HashSet<string> LookCommands = new(StringComparer.OrdinalIgnoreCase)
    {
        "view",
        "read",
        "list",
        "show",
        "open",
        "find",
        "search",
        "cat",
        "ls",
    };

    private static readonly HashSet<string> NewTextNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "new",
        "newstr",
        "newstring",
        "newtext",
        "newcontent",
        "newcode",
        "newvalue",
        "replacement",
        "filetext",
        "patch",
        "diff",
        "edits",
        "inserttext",
        "content",
        "contents",
        "codeedit",
        "oldstr",
        "oldstring",
    };

    private static readonly HashSet<string> PlaceNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "path",
        "filepath",
        "file",
        "filename",
        "targetfile",
        "notebookpath",
        "absolutepath",
        "relativepath",
        "uri",
    };

    /// <summary>Whether a call changes something, as far as its name and arguments tell.</summary>
    public static bool Is(string name, string arguments)
    {
        var said = SaidBy(name);
        if (arguments.Length == 0 || arguments.Length > Bounds.ArgumentsLength || !arguments.AsSpan().TrimStart().StartsWith('{'))
            return said == Said.Changes || (said == Said.Shell && arguments.Length <= MaxCommandLength && ChangingCommand.Is(arguments));
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return IsBy(said, document.RootElement);
        }
        catch (JsonException)
        {
            return said == Said.Changes;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in a text.
            return said == Said.Changes;
        }
    }

    private static bool IsBy(Said said, JsonElement arguments)
    {
        var (hasPlace, hasNewText) = (false, false);
        foreach (var property in arguments.EnumerateObject())
        {
            var plain = Plain(property.Name);
            hasPlace |= PlaceNames.Contains(plain);
            hasNewText |= NewTextNames.Contains(plain);
            if (plain is not ("command" or "cmd" or "script" or "code" or "action" or "operation"))
                continue;
            if (CommandOf(property.Value) is not { } command)
                continue;
            if (said is Said.Changes or Said.Editor && LookCommands.Contains(command))
                return false;
            if (said == Said.Editor)
                return true;
            if (said == Said.Shell && command.Length <= MaxCommandLength)
                return ChangingCommand.Is(command);
        }

        return said == Said.Changes || (said != Said.Looks && hasPlace && hasNewText);
    }

    // A list of words is a command, too; what a shell is given after -c is one by itself.
    private static string? CommandOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        var words = value
            .EnumerateArray()
            .Where(word => word.ValueKind == JsonValueKind.String)
            .Select(word => word.GetString()!)
            .ToArray();
        if (words is [var shell, .., "-c" or "-lc" or "-ic", var script] && shell.EndsWith("sh", StringComparison.Ordinal))
            return script;
        return string.Join(' ', words.Select(word => $"'{word.Replace('\'', ' ')}'"));
    }

    private static Said SaidBy(string name)
    {
        Span<Range> words = stackalloc Range[12];
        var count = SplitIntoWords(name, words);
        var (said, isEditor) = (Said.Nothing, false);
        for (var i = 0; i < count; i++)
        {
            var word = name[words[i]];
            if (said != Said.Changes && LookWords.Contains(word))
                return Said.Looks;
            if (NoteWords.Contains(word) || word.StartsWith("todo", StringComparison.OrdinalIgnoreCase))
                return Said.Looks;
            isEditor |=
                word.Equals("editor", StringComparison.OrdinalIgnoreCase) || word.Equals("tool", StringComparison.OrdinalIgnoreCase);
            if (said == Said.Nothing && ShellWords.Contains(word))
                said = Said.Shell;
            if (ChangeWords.Contains(word))
                said = Said.Changes;
        }

        // "str_replace_editor" looks, too: its command tells.
        return said == Said.Changes && isEditor ? Said.Editor : said;
    }

    // "mcp__files__write_file", "MultiEdit", "apply-patch": where case changes, and where something else than a letter stands.
    private static int SplitIntoWords(string name, Span<Range> words)
    {
        var (count, start) = (0, -1);
        for (var i = 0; i <= name.Length && count < words.Length; i++)
        {
            var isLetter = i < name.Length && char.IsLetter(name[i]);
            var isNew = isLetter && start >= 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]);
            if (start >= 0 && (!isLetter || isNew))
            {
                words[count++] = start..i;
                start = -1;
            }

            if (isLetter && start < 0)
                start = i;
        }

        return count;
    }

    private static string Plain(string name) =>
        name.Contains('_') || name.Contains('-')
            ? name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)
            : name;

    private enum Said
    {
        Nothing,
        Looks,
        Changes,

        /// <summary>Changes or looks, which its command tells.</summary>
        Editor,
        Shell,
    }
}

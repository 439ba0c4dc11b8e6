using System.Buffers;

namespace AgentBudget.Ledger;

/// <summary>Tells shell commands, and scripts given to a shell, that write something from those that look at it.</summary>
internal static class ChangingCommand
{
    private static readonly HashSet<string> Programs = new(StringComparer.Ordinal)
    {
        "tee",
        "mv",
        "cp",
        "rm",
        "rmdir",
        "mkdir",
        "touch",
        "patch",
        "ln",
        "chmod",
        "chown",
        "truncate",
        "dd",
        "ed",
        "ex",
        "apply_patch",
        "applypatch",
        "install",
        "rsync",
        "unzip",
        "tar",
    };

    private static readonly HashSet<string> GitChanges = new(StringComparer.Ordinal)
    {
        "apply",
        "checkout",
        "commit",
        "merge",
        "revert",
        "reset",
        "restore",
        "stash",
        "add",
        "rm",
        "mv",
        "cherry-pick",
        "rebase",
        "pull",
        "push",
        "switch",
        "clean",
    };

    private static readonly HashSet<string> Packagers = new(StringComparer.Ordinal)
    {
        "npm",
        "pip",
        "pip3",
        "yarn",
        "pnpm",
        "cargo",
        "apt",
        "apt-get",
        "brew",
        "gem",
        "poetry",
        "uv",
        "conda",
        "dotnet",
        "go",
        "bun",
        "composer",
    };

    private static readonly HashSet<string> PackagerChanges = new(StringComparer.Ordinal)
    {
        "install",
        "add",
        "remove",
        "uninstall",
        "update",
        "upgrade",
        "i",
        "ci",
        "get",
    };

    // What runs somewhere else, and is changed by one of these words behind the program's name.
    private static readonly Dictionary<string, HashSet<string>> Deployers = new(StringComparer.Ordinal)
    {
        ["kubectl"] = ["apply", "set", "delete", "scale", "patch", "edit", "create", "replace", "rollout", "annotate", "label"],
        ["helm"] = ["install", "upgrade", "uninstall", "rollback"],
        ["docker"] = ["build", "rm", "rmi", "start", "stop", "restart", "up", "down", "pull", "push", "tag"],
        ["terraform"] = ["apply", "destroy", "import"],
        ["systemctl"] = ["start", "stop", "restart", "reload", "enable", "disable"],
    };

    private static readonly SearchValues<string> WritesInScripts = SearchValues.Create(
        [
            ".write(",
            "write_text(",
            "writeFile",
            ".writelines(",
            "os.remove(",
            "os.rename(",
            "shutil.",
            "*** Begin Patch",
            "Set-Content",
            "Out-File",
            "Add-Content",
        ],
        StringComparison.Ordinal
    );

    /// <summary>Whether a command writes, as far as its text tells.</summary>
    public static bool Is(string command)
    {
        if (command.AsSpan().IndexOfAny(WritesInScripts) >= 0)
            return true;
        var words = new WordReader(command);
        Span<char> program = stackalloc char[32];
        Span<char> word = stackalloc char[32];
        var programLength = 0;
        while (words.Read(word, out var length, out var mark))
        {
            if (mark == Mark.Write)
                return true;
            if (mark == Mark.Next || programLength == 0)
            {
                if (length == 0 || IsPrefix(word[..length]))
                    continue;
                word[..length].CopyTo(program);
                programLength = length;
                if (Programs.Contains(program[..length].ToString()))
                    return true;
                continue;
            }

            if (IsChange(program[..programLength], word[..length]))
                return true;
        }

        return false;
    }

    private static bool IsChange(ReadOnlySpan<char> program, ReadOnlySpan<char> word) =>
        // Linters and formatters that mend what they find.
        word is "--fix" or "--write"
        || program switch
        {
            "sed" => word.StartsWith("-i") || word is "--in-place",
            "perl" or "ruby" => word.StartsWith("-") && word.Contains('i') && !word.StartsWith("--"),
            "git" => GitChanges.Contains(word.ToString()),
            "find" => word is "-delete",
            "gofmt" => word is "-w",
            _ when Deployers.TryGetValue(program.ToString(), out var changes) => changes.Contains(word.ToString()),
            _ => Packagers.Contains(program.ToString()) && PackagerChanges.Contains(word.ToString()),
        };

    private static bool IsPrefix(ReadOnlySpan<char> word) =>
        word is "sudo" or "env" or "time" or "nohup" or "command" or "then" or "do" or "else" || word.Contains('=');

    private enum Mark
    {
        Word,

        /// <summary>The first word of another command.</summary>
        Next,

        /// <summary>What is written goes into a file.</summary>
        Write,
    }

    /// <summary>The words of a command, quotes taken off; of long ones the beginning.</summary>
    private ref struct WordReader(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> text = text;
        private int at;

        public bool Read(scoped Span<char> word, out int length, out Mark mark)
        {
            (length, mark) = (0, Mark.Word);
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is ';' or '&' or '|' or '(' or ')' or '{' or '}'))
            {
                if (text[at] is ';' or '&' or '|' or '(' or '\n')
                    mark = Mark.Next;
                at++;
            }

            if (at >= text.Length)
                return false;
            if (text[at] == '>')
            {
                mark = IsFileNext() ? Mark.Write : Mark.Word;
                return true;
            }

            while (at < text.Length && !IsEnd(text[at]))
            {
                if (text[at] is '\'' or '"')
                    Take(text[at], word, ref length);
                else if (length < word.Length)
                    word[length++] = text[at++];
                else
                    at++;
            }

            return true;
        }

        private static bool IsEnd(char character) => char.IsWhiteSpace(character) || character is ';' or '&' or '|' or '(' or ')' or '>';

        private void Take(char quote, scoped Span<char> word, ref int length)
        {
            for (at++; at < text.Length && text[at] != quote; at++)
            {
                if (length < word.Length)
                    word[length++] = text[at];
            }

            at++;
        }

        // "2>&1" and "> /dev/null" write nothing that stays.
        private bool IsFileNext()
        {
            var isArrow = at > 0 && text[at - 1] is '-' or '=' or '2';
            while (at < text.Length && text[at] is '>' or ' ')
                at++;
            return !isArrow && at < text.Length && text[at] is not ('&' or '=' or '(') && !text[at..].StartsWith("/dev/");
        }
    }
}

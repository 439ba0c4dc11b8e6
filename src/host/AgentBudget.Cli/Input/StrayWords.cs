using System.CommandLine;
using System.CommandLine.Parsing;

namespace AgentBudget.Cli.Input;

/// <summary>Finds the word of a command line that no command asked for, so that the error names it and not what is missing for want of
/// it.</summary>
internal static class StrayWords
{
    /// <summary>What is wrong with the first such word, in a sentence; null when there is none.</summary>
    public static string? Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count > 0)
            return Describe(parsed.UnmatchedTokens[0], command);
        // What stands behind -- is taken as it is.
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return null;
        var mistyped = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .FirstOrDefault(token => LooksLikeAnOption(token.Value));
        return mistyped is null ? null : Describe(mistyped.Value, command);
    }

    /// <summary>What is wrong with an option of a command that stands before the name of one within it, where nobody would read it; null
    /// when there is none.</summary>
    public static string? FindBeforeSubcommand(ParseResult parsed)
    {
        for (var outer = parsed.CommandResult.Parent as CommandResult; outer is not null; outer = outer.Parent as CommandResult)
        {
            var early = outer.Children.OfType<OptionResult>().FirstOrDefault(option => !option.Implicit && !option.Option.Recursive);
            if (early is null)
                continue;
            var name = CommandLine.NameOf(parsed.CommandResult.Command);
            return parsed.CommandResult.Command.Options.Any(option => option.Name == early.Option.Name)
                ? $"{early.Option.Name} stands before {parsed.CommandResult.Command.Name}; write it behind: {name} {early.Option.Name}."
                : $"{early.Option.Name} is no option of {name}. See: {name} --help";
        }

        return null;
    }

    private static string Describe(string word, Command command)
    {
        var name = CommandLine.NameOf(command);
        if (LooksLikeAnOption(word))
            return $"{word} is no option of "
                + $"{name}{(command.Arguments.Count == 0 ? "" : "; what begins with a dash and is none goes behind --")}.";
        if (command.Subcommands.Count == 0)
            return $"\"{word}\" is one word too many for {name}.";
        return $"\"{word}\" is no command of {name}; there are {string.Join(", ", command.Subcommands.Select(known => known.Name))}.";
    }

    // A negative amount is an amount, and is refused as one.
    private static bool LooksLikeAnOption(string word) =>
        word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] is not ('$' or '.');
}

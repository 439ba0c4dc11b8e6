using System.CommandLine;

namespace AgentBudget.Cli.Commands;

/// <summary>The key under which something is done once, however often it is sent.</summary>
internal static class KeyOptions
{
    public static Option<string> Key() =>
        new("--key")
        {
            HelpName = "KEY",
            Description = "Names this one top-up: sent again with the same key and the same values, it is done once. Default: a new one.",
        };

    /// <summary>The one that was given, or a new one.</summary>
    public static string Read(ParseResult parsed, Option<string> option, TimeProvider time)
    {
        if (parsed.GetValue(option) is not { } key)
            return Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        try
        {
            new PauseCommand { Key = key }.Validate();
            return key;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException($"{option.Name}: {refused.Message}");
        }
    }
}

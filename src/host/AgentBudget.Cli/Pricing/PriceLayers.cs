using System.CommandLine;

namespace AgentBudget.Cli.Pricing;

/// <summary>The prices that a command uses: the embedded table, and over it those of a file or folder of the user's.</summary>
internal static class PriceLayers
{
    public static Option<string> Option() =>
        new("--prices") { HelpName = "PATH", Description = "A price file, or a folder of them, that goes before the embedded table." };

    /// <summary>Reads the price files that a person names.</summary>
    /// <param name="name">The option or argument.</param>
    /// <param name="path">A file or a folder.</param>
    /// <exception cref="CommandFailedException">There is nothing of that name.</exception>
    public static IReadOnlyList<PriceFile> ReadAll(string name, string path)
    {
        if (path.Length == 0)
            throw new UsageException($"{name} is empty; name a price file or a folder of them.");
        if (!Path.Exists(path))
            throw new CommandFailedException($"{name} \"{path}\": there is no such file or folder; name a price file or a folder of them.");
        return PriceFile.ReadAll(path);
    }

    /// <summary>Loads the layers.</summary>
    /// <exception cref="CommandFailedException">The user's files are not valid.</exception>
    public static PriceBook Load(string? path)
    {
        if (path is null)
            return PriceBook.Embedded;
        var files = ReadAll("--prices", path);
        if (files.Count == 0)
            throw new CommandFailedException(
                $"--prices \"{path}\": there is no price file in that folder; agentbudget pricing update --to \"{path}\" writes some."
            );
        if (PriceBook.TryParse(files, out var user, out var problems))
            return PriceBook.Embedded.Layer(user);
        throw new CommandFailedException($"The prices of {path} are not valid: {string.Join(" ", problems)}");
    }
}

using System.Globalization;
using AgentBudget.Cli.Terminal;
using AgentBudget.Pricing.Import.Updating;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What an update of prices changes, for people: each change in a line, and what became of the files.</summary>
internal static class PriceUpdateView
{
    /// <param name="console">Where to.</param>
    /// <param name="update">The update.</param>
    /// <param name="folder">The folder of prices.</param>
    /// <param name="written">How many files were written; null when it was not to be, or something was refused.</param>
    public static void Write(IAnsiConsole console, PriceUpdate update, string folder, int? written)
    {
        foreach (var provider in update.Providers.Where(provider => provider.Changes.Count > 0))
        {
            console.WriteText(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{provider.Provider}: {provider.Models} models, {provider.Changes.Count} changes"
                )
            );
            foreach (var line in provider.Changes)
                console.WriteText(line, indent: 2);
        }

        foreach (var line in update.NotTaken)
            console.WriteText(line, style: Looks.Quiet);
        if (!update.HasChanges)
            console.WriteText("No price and no name changes.");
        if (written is null)
            console.WriteText($"Nothing was written to {folder}.");
        else if (written == 0)
            console.WriteText($"{folder} is up to date already; nothing was written. Version {update.Version}.");
        else
        {
            var files = written == 1 ? "1 file was" : string.Create(CultureInfo.InvariantCulture, $"{written} files were");
            console.WriteText($"{files} written to {folder}. Version {update.Version}.");
            console.WriteText(
                "Programs take them up where Prices:Path names the folder; agentbudget price and models with --prices.",
                style: Looks.Quiet
            );
        }
    }
}

using System.CommandLine;
using System.Globalization;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;
using AgentBudget.Pricing.Import;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget pricing import</c>: derives the price files from published collections, shows what would change, and writes it
/// when told to.</summary>
internal static class PricingImportCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "import",
            "Derives the price files from published collections and shows what would change; --accept writes it."
        );
        var from = new Option<string>("--from")
        {
            HelpName = "FOLDER",
            Description = "The folder with the collections; see pricing/README.md.",
            Required = true,
        };
        var to = new Option<string>("--to") { HelpName = "FOLDER", Description = "The folder with the price files. Default: pricing." };
        var accept = new Option<bool>("--accept") { Description = "Write the files." };
        var allow = new Option<string[]>("--allow")
        {
            HelpName = "MODEL",
            Description = "A model that may vanish, or move more than fivefold. Can be given again.",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object a provider, each on one line." };
        foreach (var option in new Option[] { from, to, accept, allow, json })
            command.Add(option);
        command.SetAction(parsed =>
            Run(
                terminal,
                parsed.GetRequiredValue(from),
                parsed.GetValue(to) ?? PricingCommand.DefaultFolder,
                parsed.GetValue(allow) ?? [],
                parsed.GetValue(accept),
                parsed.GetValue(json)
            )
        );
        return command;
    }

    private static int Run(CliTerminal terminal, string source, string target, string[] allowed, bool isAccepted, bool isJson)
    {
        if (!Directory.Exists(source))
            throw new CommandFailedException($"--from \"{source}\": there is no such folder; name the one with the collections.");
        if (!Directory.Exists(target))
            throw new CommandFailedException($"--to \"{target}\": there is no such folder; name the one with the price files.");
        var changes = PriceImport.Run(source, target, allowed);
        foreach (var change in changes)
        {
            if (isJson)
                terminal.Out.WriteLine(PricingJson.Of(change));
            else
                Show(change, terminal);
        }

        var refused = changes.Where(change => change.Refused.Count > 0).ToArray();
        if (isAccepted)
        {
            foreach (var change in changes.Except(refused))
                File.WriteAllText(change.Path, change.Text);
        }

        foreach (var change in refused.SelectMany(change => change.Refused))
            terminal.Error($"refused: {change.Reason}; --allow {change.Name} lets it through");
        return refused.Length == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Show(ProviderChange change, CliTerminal terminal)
    {
        terminal.Screen.WriteText(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{change.Provider}: {change.Models} models, {change.Changes.Count} changes, {change.Refused.Count} refused"
            )
        );
        foreach (var line in change.Changes)
            terminal.Screen.WriteText(line, indent: 2);
        foreach (var line in change.KeptByHand)
            terminal.Screen.WriteText("= kept by hand: " + line, indent: 2);
    }
}

using System.CommandLine;
using AgentBudget.Cli.Views;
using AgentBudget.Pricing.Import.Updating;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget pricing update</c>: brings a folder of prices up to date with the published collections.</summary>
internal static class PricingUpdateCommand
{
    /// <summary>Where the prices go unless it is said otherwise: beside the default ledger.</summary>
    public const string DefaultFolder = ".agentbudget/prices";

    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "update",
            "Fetches the published collections, shows what changes, and writes a folder of prices that running programs take up. Exit "
                + "codes: 0 done,"
                + " 1 a collection or a change was refused and nothing is written; with --check, 1 also when something would change."
        );
        var to = new Option<string>("--to") { HelpName = "FOLDER", Description = $"The folder of prices. Default: {DefaultFolder}." };
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 when a price or a name would change." };
        var allow = new Option<string[]>("--allow")
        {
            HelpName = "MODEL",
            Description = "A model that may move more than fivefold. Can be given again.",
        };
        var source = new Option<string[]>("--source")
        {
            HelpName = "NAME=URL",
            Description =
                $"Another address of a collection: {string.Join(", ", new PriceCollections().Addresses.Keys)}. Can be given again.",
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object on one line." };
        foreach (var option in new Option[] { to, check, allow, source, json })
            command.Add(option);
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    terminal,
                    parsed.GetValue(to) ?? DefaultFolder,
                    Collections(parsed.GetValue(source) ?? []),
                    parsed.GetValue(allow) ?? [],
                    parsed.GetValue(check),
                    parsed.GetValue(json),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CliTerminal terminal,
        string folder,
        PriceCollections collections,
        string[] allowed,
        bool isCheck,
        bool isJson,
        CancellationToken cancellationToken
    )
    {
        if (string.IsNullOrWhiteSpace(folder) || File.Exists(folder))
            throw new UsageException($"--to \"{folder}\" is no folder; name the folder of prices.");
        var update = await PriceUpdate.FetchAsync(folder, collections, allowed, terminal.Time, cancellationToken);
        var isRefused = update.Refused.Any();
        int? written = isCheck || isRefused ? null : update.Write();
        if (isJson)
            terminal.Out.WriteLine(PricingJson.Of(update, folder, written));
        else
            PriceUpdateView.Write(terminal.Screen, update, folder, written);
        foreach (var change in update.Refused)
            terminal.Error($"refused: {change.Reason}; --allow {change.Name} lets it through");
        return isRefused || (isCheck && update.HasChanges) ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static PriceCollections Collections(string[] sources)
    {
        var collections = new PriceCollections();
        foreach (var text in sources)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new UsageException($"--source \"{text}\" is no NAME=URL, such as litellm=https://example.com/prices.json.");
            try
            {
                collections.Set(text[..equals], text[(equals + 1)..]);
            }
            catch (ArgumentException exception)
            {
                throw new UsageException($"--source: {exception.Message}");
            }
        }

        return collections;
    }
}

using System.CommandLine;
using System.Globalization;
using AgentBudget.Cli.Pricing;
using AgentBudget.Cli.Terminal;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget pricing check</c>: what is wrong with price files, and what is only odd.</summary>
internal static class PricingCheckCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "check",
            "Checks price files: their form, ambiguous names, overlapping dates, missing sources; warns of odd relations."
        );
        var path = new Argument<string?>("PATH")
        {
            Description = "A price file or a folder of them. Default: pricing, as the repository has it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Write one JSON object on one line." };
        command.Add(path);
        command.Add(json);
        command.SetAction(parsed => Run(terminal, Read(parsed.GetValue(path)), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CliTerminal terminal, IReadOnlyList<PriceFile> files, bool isJson)
    {
        if (!PriceBook.TryParse(files, out var book, out var problems))
        {
            if (isJson)
                terminal.Out.WriteLine(PricingJson.Bad(files.Count, problems));
            foreach (var problem in problems)
                terminal.Error(problem);
            return ExitCodes.Failed;
        }

        if (isJson)
        {
            terminal.Out.WriteLine(PricingJson.Good(files.Count, book, book.FindOddities()));
            return ExitCodes.Ok;
        }

        foreach (var oddity in book.FindOddities())
            terminal.Warn(oddity);
        var models = book.Rows.Select(row => (row.Provider, row.Model)).Distinct().Count();
        var providers = book.Rows.Select(row => row.Provider).Distinct().Count();
        terminal.Screen.WriteText(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Count} files, {providers} providers, {models} models, {book.Rows.Count} rows: fine. Version {book.Version}."
            )
        );
        return ExitCodes.Ok;
    }

    private static IReadOnlyList<PriceFile> Read(string? path)
    {
        if (path is not null)
            return PriceLayers.ReadAll("PATH", path) is { Count: > 0 } files
                ? files
                : throw new CommandFailedException($"PATH \"{path}\": there is no .json file in that folder; name one with price files.");
        return Directory.Exists(PricingCommand.DefaultFolder)
            ? PriceFile.ReadAll(PricingCommand.DefaultFolder)
            : throw new CommandFailedException(
                $"There is no folder \"{PricingCommand.DefaultFolder}\" here, which is the default in the project's repository; name a "
                    + "price file or a folder of them: agentbudget pricing check PATH."
            );
    }
}

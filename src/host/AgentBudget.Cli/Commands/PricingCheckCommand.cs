using System.CommandLine;
using System.Globalization;
using AgentBudget.Cli.Pricing;
using AgentBudget.Cli.Terminal;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget pricing check</c>: what is wrong with price files, and what is only odd.</summary>
internal static class PricingCheckCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command("check", "Checks price files: their form, ambiguous names, overlapping dates, missing sources; warns of odd relations.");
        var path = new Argument<string?>("PATH") { Description = "A price file or a folder of them. Default: pricing, as the repository has it.", Arity = ArgumentArity.ZeroOrOne };
        command.Add(path);
        command.SetAction(parsed =>
        {
            var files = Read(parsed.GetValue(path));
            if (!PriceBook.TryParse(files, out var book, out var problems))
            {
                foreach (var problem in problems) terminal.Error(problem);
                return ExitCodes.Failed;
            }

            foreach (var oddity in book.FindOddities()) terminal.Warn(oddity);
            var models = book.Rows.Select(row => (row.Provider, row.Model)).Distinct().Count();
            var providers = book.Rows.Select(row => row.Provider).Distinct().Count();
            terminal.Screen.WritePlainLine(string.Create(
                CultureInfo.InvariantCulture, $"{files.Count} files, {providers} providers, {models} models, {book.Rows.Count} rows: fine. Version {book.Version}."));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static IReadOnlyList<PriceFile> Read(string? path)
    {
        if (path is not null) return PriceLayers.ReadAll("PATH", path);
        return Directory.Exists(PricingCommand.DefaultFolder)
            ? PriceFile.ReadAll(PricingCommand.DefaultFolder)
            : throw new CommandFailedException(
                $"There is no folder \"{PricingCommand.DefaultFolder}\" here, which is the default in the project's repository; name a price file or a folder of them: agentbudget pricing check PATH.");
    }
}

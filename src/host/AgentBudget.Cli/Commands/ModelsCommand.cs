using System.CommandLine;
using AgentBudget.Cli.Pricing;
using AgentBudget.Cli.Views;

namespace AgentBudget.Cli.Commands;

/// <summary><c>agentbudget models [FILTER]</c>: the rows of the price table, with where and when they were read.</summary>
internal static class ModelsCommand
{
    public static Command Create(CliTerminal terminal)
    {
        var command = new Command(
            "models",
            "Lists rows of the price table: prices in US dollars per million tokens, their source and its date."
        );
        var filter = new Argument<string?>("FILTER")
        {
            Description = "Part of a provider, model or alias, in any case. Default: all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Write JSON, one row a line, with all that the row states." };
        var verbose = new Option<bool>("--verbose")
        {
            Description = "Show all that each row states, sources among it, on lines of its own.",
        };
        var prices = PriceLayers.Option();
        command.Add(filter);
        command.Add(json);
        command.Add(verbose);
        command.Add(prices);
        command.SetAction(parsed =>
        {
            var rows = Find(PriceLayers.Load(parsed.GetValue(prices)), parsed.GetValue(filter)).ToArray();
            if (parsed.GetValue(json))
                Array.ForEach(rows, row => terminal.Out.WriteLine(PriceRowJson.Write(row)));
            else if (rows.Length > 0)
                PriceTableView.Write(terminal.Screen, rows, parsed.GetValue(verbose));
            if (rows.Length > 0)
                return ExitCodes.Ok;
            terminal.Warn($"No row has \"{parsed.GetValue(filter)}\" in its provider, model or aliases.");
            return ExitCodes.Failed;
        });
        return command;
    }

    private static IEnumerable<PriceRow> Find(PriceBook book, string? filter) =>
        book
            .Rows.Where(row =>
                filter is null || row.Names.Append(row.Id).Any(name => name.Contains(filter.Trim(), StringComparison.OrdinalIgnoreCase))
            )
            .OrderBy(row => row.Provider, StringComparer.Ordinal)
            .ThenBy(row => row.Model, StringComparer.Ordinal)
            .ThenBy(row => row.From);
}

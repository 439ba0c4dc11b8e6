using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What one call costs, for people.</summary>
internal static class PriceView
{
    public static void Write(IAnsiConsole console, PricedCall priced)
    {
        if (!priced.IsPriced)
        {
            console.WriteText($"No price: {priced.Detail}", style: Looks.Bad);
            if (priced.Candidates.Count > 0)
                console.WriteText($"Near to it: {string.Join(", ", priced.Candidates)}", indent: 2);
            return;
        }

        console.WriteText($"{priced.Cost}  {priced.Row!.Provider}/{priced.Row.Model}", style: Looks.Header);
        console.WriteText($"row {priced.RowId}", indent: 2, Looks.Quiet);
        console.WriteText($"table {priced.TableVersion}", indent: 2, Looks.Quiet);
        foreach (var warning in Enum.GetValues<PriceWarnings>())
        {
            if (warning != PriceWarnings.None && priced.Warnings.HasFlag(warning))
                console.WriteText(
                    $"note: {System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(warning.ToString()).Replace('_', ' ')}",
                    indent: 2,
                    Looks.Doubtful
                );
        }
    }
}

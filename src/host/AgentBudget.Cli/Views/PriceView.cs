using System.Globalization;
using System.Text.Json;
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
            WriteProblem(console, priced);
            return;
        }

        console.WriteText($"{priced.Cost}  {priced.Row!.Provider}/{priced.Row.Model}", style: Looks.Header);
        WriteBasis(console, priced);
    }

    /// <summary>Why there is no price, and what would have one.</summary>
    public static void WriteProblem(IAnsiConsole console, PricedCall priced)
    {
        console.WriteText($"No price: {priced.Detail}", style: Looks.Bad);
        if (priced.Problem == PriceProblem.UnknownModel && priced.Candidates.Count > 0)
            console.WriteText($"Near to it: {string.Join(", ", priced.Candidates)}", indent: 2);
    }

    /// <summary>The row and the table that a price is from, and what is to be known of it.</summary>
    public static void WriteBasis(IAnsiConsole console, PricedCall priced)
    {
        console.WriteText($"row {priced.RowId}", indent: 2, Looks.Quiet);
        console.WriteText($"table {priced.TableVersion}", indent: 2, Looks.Quiet);
        foreach (var warning in Enum.GetValues<PriceWarnings>())
        {
            if (warning != PriceWarnings.None && priced.Warnings.HasFlag(warning))
                console.WriteText($"note: {WordsOf(warning)}", indent: 2, Looks.Doubtful);
        }
    }

    /// <summary>Says so where a region that was asked for changes nothing: it may be misspelt.</summary>
    public static void WriteIfNoRegion(IAnsiConsole console, PricedCall priced, string? region)
    {
        var hasFactor =
            priced.Row is { RegionMultipliers: var factors }
            && (factors.ContainsKey(region ?? "") || factors.ContainsKey(PriceRow.AnyRegion));
        if (priced.IsPriced && region is not null && !hasFactor)
            console.WriteText($"note: the row has no price of its own for the region {region}", indent: 2, Looks.Doubtful);
    }

    /// <summary>Says so where the prices are older than they should be.</summary>
    public static void WriteIfStale(IAnsiConsole console, PriceBook book, DateTimeOffset now)
    {
        if (book.IsStale(now))
            console.WriteText(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"note: the prices are stale, their newest source is of {book.NewestDayAt(now):yyyy-MM-dd}; "
                        + $"see agentbudget pricing update"
                ),
                indent: 2,
                Looks.Doubtful
            );
    }

    private static string WordsOf(PriceWarnings warning) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(warning.ToString()).Replace('_', ' ');
}

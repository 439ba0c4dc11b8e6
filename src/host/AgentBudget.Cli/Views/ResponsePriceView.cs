using System.Globalization;
using AgentBudget.Cli.Terminal;
using Spectre.Console;

namespace AgentBudget.Cli.Views;

/// <summary>What a recorded response costs by what it says, for people.</summary>
internal static class ResponsePriceView
{
    public static void Write(IAnsiConsole console, ResponseUsage response, PricedResponse priced)
    {
        var row = priced.Priced.Row;
        var name = $"{row?.Provider ?? response.Provider ?? "provider not said"}/{row?.Model ?? response.Model ?? "model not said"}";
        if (priced.Cost is { } cost)
            console.WriteText($"{cost}  {name}", style: Looks.Header);
        else
            PriceView.WriteProblem(console, Problem(priced));
        if (response.Usage is { } usage)
            console.WriteText(Counts(usage) + Terms(response.Terms), indent: 2);
        if (priced.Cost is not null)
            console.WriteText(Basis(priced), indent: 2);
        for (var i = 0; i < response.OtherParts.Count; i++)
            console.WriteText(OtherPart(response.OtherParts[i], priced.OtherParts[i]), indent: 2);
        if (response.Completeness != UsageCompleteness.Final && priced.Priced.Problem != PriceProblem.UsageNotSaid)
            console.WriteText(Completeness(response.Completeness), indent: 2, Looks.Doubtful);
        if (priced.Priced.IsPriced)
            PriceView.WriteBasis(console, priced.Priced);
    }

    private static PricedCall Problem(PricedResponse priced) =>
        priced.Priced.IsPriced ? priced.OtherParts.First(part => !part.IsPriced) : priced.Priced;

    private static string Basis(PricedResponse priced)
    {
        if (!priced.IsProviderCost)
            return "by the price table";
        var table = priced.TableCost is { } cost ? $"the table says {cost}" : $"the table has none: {Problem(priced).Detail}";
        return $"by the provider's own figure; {table}";
    }

    private static string OtherPart(BilledPart part, PricedCall priced) =>
        $"with {part.Model}: {Counts(part.Usage)}, {(priced.IsPriced ? priced.Cost.ToString() : "without a price")}";

    private static string Completeness(UsageCompleteness completeness) =>
        completeness == UsageCompleteness.None
            ? "The response does not say what was used."
            : "The response does not say all that was used; the call can have cost more.";

    private static string Counts(TokenUsage usage) =>
        string.Join(
            ", ",
            UsageDimensions
                .All.Where(row => row.Dimension is UsageDimension.Input or UsageDimension.Output || usage[row.Dimension] != 0)
                .Select(row => string.Create(CultureInfo.InvariantCulture, $"{usage[row.Dimension]:N0} {row.Name.Replace('_', ' ')}"))
        );

    private static string Terms(CallTerms terms)
    {
        var served = new[] { ("tier", terms.ServiceTier), ("region", terms.Region), ("speed", terms.Speed) };
        return string.Concat(served.Where(term => term.Item2 is not null).Select(term => $"; {term.Item1} {term.Item2}"));
    }
}

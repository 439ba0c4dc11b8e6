using AgentBudget.Pricing.Files;

namespace AgentBudget.Pricing.Live;

/// <summary>One reading of all layers: prices of models and of tools, made together and put in force together.</summary>
/// <param name="Book">The prices of models.</param>
/// <param name="Tools">The prices of tools.</param>
internal sealed record PriceLayers(PriceBook Book, ToolCosts Tools)
{
    /// <summary>Reads all layers that the options name.</summary>
    /// <exception cref="PriceTableException">A file, or a price among the options, is not valid.</exception>
    /// <exception cref="IOException">The files cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The files may not be read.</exception>
    /// <exception cref="ArgumentException">A name stands for no known model, or the price of a tool is not one.</exception>
    public static PriceLayers Read(LivePricesOptions options)
    {
        var book = PriceBook.Embedded;
        var tools = ToolCosts.None;
        if (options.Path is { } path)
        {
            var files = PriceFile.ReadAll(path).ToLookup(file => file.Name == ToolFileReader.FileName);
            if (files[false].Any())
                book = book.Layer(PriceBook.Parse([.. files[false]]));
            foreach (var file in files[true])
                tools = ToolCosts.Parse(file);
        }

        if (options.Overrides.Count > 0)
            book = book.Layer(PriceBook.Parse(options.Overrides));
        if (options.Models.Count > 0)
            book = book.Layer(PriceBook.Parse(ModelPrice.ToFiles(options.Models)));
        book = book.WithNames(options.Names);
        return new PriceLayers(book, tools.Layer(FixedPrices(options.ToolPrices)).Layer(options.Tools));
    }

    private static ToolCosts FixedPrices(IEnumerable<KeyValuePair<string, decimal>> usdByTool) =>
        new(usdByTool.Select(entry => KeyValuePair.Create(entry.Key, ToolCost.Fixed(AmountOf(entry.Key, entry.Value)))));

    private static Money AmountOf(string tool, decimal usd) =>
        usd >= 0 && usd <= Money.MaxAmount.Dollars && decimal.Round(usd, 9) == usd
            ? Money.FromDollars(usd)
            : throw new ArgumentException($"ToolPrices:{tool} is {usd}; a price is from 0 to {Money.MaxAmount}, with at most 9 decimals.");
}

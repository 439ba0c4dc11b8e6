namespace AgentBudget.Pricing.Unknown;

/// <summary>The answer to a call that no row covers, with what is wrong with the call itself where it is more than that.</summary>
internal static class UnknownCall
{
    public static PricedCall Of(PriceBook book, string? provider, string? model) =>
        PricedCall.Unknown(book.Version, book.SimilarTo(model), Reason(book, provider, model));

    private static string Reason(PriceBook book, string? provider, string? model)
    {
        if (string.IsNullOrWhiteSpace(model))
            return "The call names no model. ";
        return string.IsNullOrWhiteSpace(provider) || book.TryFindProvider(provider, out _)
            ? ""
            : "The price table has no provider of that name. ";
    }
}

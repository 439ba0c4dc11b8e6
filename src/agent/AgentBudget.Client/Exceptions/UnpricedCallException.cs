using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// The price book cannot price the call: the model is unknown, or its usage is impossible. Thrown for an estimate, the call was not made;
/// thrown for what a call really cost, all that was set aside counts as spent.
/// </summary>
public sealed class UnpricedCallException : AgentBudgetException, ICallNotMade
{
    internal UnpricedCallException(string? provider, string model, PricedCall priced)
        : base(Describe(provider, model, priced)) => Problem = priced.Problem;

    /// <summary>Why.</summary>
    public PriceProblem Problem { get; }

    private static string Describe(string? provider, string model, PricedCall priced)
    {
        var name = provider is null ? $"\"{model}\"" : $"\"{model}\" of {provider}";
        if (priced.Problem != PriceProblem.UnknownModel)
            return $"The call of {name} cannot be priced: {priced.Detail ?? priced.Problem.ToString()}";
        var candidates = priced.Candidates.Count == 0 ? "" : $" Did you mean {string.Join(", ", priced.Candidates)}?";
        return $"The model {name} is not in the price book.{candidates} Add a row for it, or give the cost yourself.";
    }
}

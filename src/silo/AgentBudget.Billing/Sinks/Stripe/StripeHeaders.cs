namespace AgentBudget.Billing.Sinks.Stripe;

/// <summary>What every request to Stripe says.</summary>
internal static class StripeHeaders
{
    /// <summary>The version whose shapes are sent and read.</summary>
    private const string Version = "2025-04-30.basil";

    /// <summary>All of it, but for the key.</summary>
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string> { ["Stripe-Version"] = Version };
}

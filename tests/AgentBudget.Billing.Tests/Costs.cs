using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Tests;

/// <summary>Costs that were made up.</summary>
internal static class Costs
{
    public static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    public static BilledCost Of(int number, string amount = "0.01", string customer = "cus_1", DateTimeOffset? time = null) =>
        new()
        {
            Id = $"s1#8df2.{number}.1",
            Ledger = "s1",
            Sequence = number,
            Part = 1,
            Time = time ?? Now.AddSeconds(number),
            Type = "charge.settled",
            Amount = Money.FromDollars(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)),
            Customer = customer,
            Tenant = "acme/research",
            Agent = "writer",
            CostType = "llm",
            Name = "gpt-5",
            Provider = "openai",
            CostSource = "provider",
            Mode = "enforce",
            Related = number - 1,
            InputTokens = 1_200,
            OutputTokens = 80,
        };

    public static BilledCost[] Many(int count) => [.. Enumerable.Range(1, count).Select(number => Of(number))];
}

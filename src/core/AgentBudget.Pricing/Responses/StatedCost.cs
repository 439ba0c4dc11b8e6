using AgentBudget.Pricing.Responses.Wire;

namespace AgentBudget.Pricing.Responses;

/// <summary>What a provider itself says that a call cost.</summary>
internal static class StatedCost
{
    // xAI: 1e-10 dollars each.
    private const decimal DollarsPerTick = 0.0000000001m;

    // Providers write binary fractions: 1.1165000000000002e-05 is 0.000011165, and the digits behind are not to be rounded up.
    private const int SignificantDigits = 15;

    public static Money? Of(FieldValues told)
    {
        if (told.Has(WireField.CostTicks))
            return ToMoney(told.Amount(WireField.CostTicks), DollarsPerTick);
        if (!told.Has(WireField.Cost))
            return null;
        var cost = told.Amount(WireField.Cost);
        var upstream = told.Has(WireField.UpstreamCost) ? told.Amount(WireField.UpstreamCost) : 0m;
        // With a key of one's own the router takes its fee, often nothing, and the model's seller bills the rest.
        // What that is, the table says where the router does not.
        if (told[WireField.IsOwnKey] > 0 && !told.Has(WireField.UpstreamCost))
            return null;
        var isOwnKey = told[WireField.IsOwnKey] > 0 || cost == 0m;
        if (!isOwnKey || upstream < 0m)
            return ToMoney(cost, 1m);
        return ToMoney(cost, 1m) is { } fee && ToMoney(upstream, 1m) is { } rest ? fee + rest : null;
    }

    private static Money? ToMoney(decimal amount, decimal dollarsEach)
    {
        var dollars = amount * dollarsEach;
        if (dollars < 0m || dollars > Money.MaxAmount.Dollars / 2)
            return null;
        return Money.FromDollarsRoundedUp(WithoutNoise(dollars));
    }

    private static decimal WithoutNoise(decimal dollars)
    {
        if (dollars == 0m)
            return dollars;
        var decimals = SignificantDigits;
        for (var rest = dollars; rest < 0.1m && decimals < 28; rest *= 10m)
            decimals++;
        for (var rest = dollars; rest >= 1m && decimals > 0; rest /= 10m)
            decimals--;
        return decimal.Round(dollars, decimals);
    }
}

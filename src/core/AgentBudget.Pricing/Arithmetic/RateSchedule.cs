namespace AgentBudget.Pricing.Arithmetic;

/// <summary>The rates of one service tier by the length of the request's input.</summary>
internal sealed class RateSchedule
{
    private readonly EffectiveRates rates;
    private readonly (long FirstInputTokens, EffectiveRates Rates)[] steps;

    private RateSchedule(string? serviceTier, EffectiveRates baseRates, (long FirstInputTokens, EffectiveRates Rates)[] steps)
    {
        ServiceTier = serviceTier;
        rates = baseRates;
        this.steps = steps;
    }

    /// <summary>The service tier's name; null for the standard one.</summary>
    public string? ServiceTier { get; }

    public static RateSchedule Standard(Rates rates, IReadOnlyList<ContextTier> tiers) =>
        new(null, EffectiveRates.From(rates), [.. tiers.Select(tier => (tier.FirstInputTokens, EffectiveRates.From(tier.Rates, rates)))]);

    /// <summary>
    /// In a long request what the service tier says of long requests goes first, then what the row says of them, and then what the
    /// service tier says of any: a vendor without long prompts in a service tier serves and bills them in the standard one.
    /// </summary>
    public static RateSchedule Special(Rates rates, IReadOnlyList<ContextTier> tiers, ServiceTier special)
    {
        var starts = tiers.Concat(special.ContextTiers).Select(tier => tier.FirstInputTokens).Distinct().Order();
        return new(special.Name, EffectiveRates.From(special.Rates, rates), [.. starts.Select(start => (start, StepAt(start)))]);

        EffectiveRates StepAt(long firstInputTokens)
        {
            var own = special.ContextTiers.LastOrDefault(tier => tier.FirstInputTokens <= firstInputTokens);
            var standard = tiers.LastOrDefault(tier => tier.FirstInputTokens <= firstInputTokens);
            Rates[] statements = [.. new[] { own?.Rates, standard?.Rates }.OfType<Rates>(), special.Rates, rates];
            return EffectiveRates.From(statements);
        }
    }

    /// <summary>The rates for a request of this many input tokens, cached ones included.</summary>
    public EffectiveRates For(long inputTokens)
    {
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            if (inputTokens >= steps[i].FirstInputTokens)
                return steps[i].Rates;
        }

        return rates;
    }
}

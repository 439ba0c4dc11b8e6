namespace AgentBudget.Robustness.Workloads;

/// <summary>What sessions are opened with: a function of seed and number, so that all clients open a session alike.</summary>
public static class SessionPlan
{
    /// <summary>The options of a session.</summary>
    public static BudgetSessionOptions OptionsOf(int seed, int index)
    {
        var random = new Random(HashCode(seed, index));
        return new BudgetSessionOptions
        {
            Budget = Money.FromNanoDollars(random.NextInt64(1, 6) * Money.NanoDollarsPerDollar),
            SoftLimits = random.Next(3) == 0 ? [0.5m, 0.8m] : BudgetSessionOptions.DefaultSoftLimits,
            HardLimit = random.Next(6) == 0 ? 0.9m : 1m,
            FinalizationReserve = random.Next(5) == 0 ? 0.1m : 0m,
            LatchWhenExhausted = random.Next(6) != 0,
            Mode = random.Next(20) == 0 ? SessionMode.Observe : SessionMode.Enforce,
            Loops = random.Next(4) switch
            {
                0 => LoopPolicy.Off,
                1 => new LoopPolicy
                {
                    Rule = new LoopRule { Calls = 3, Window = TimeSpan.FromSeconds(10) },
                },
                _ => LoopPolicy.Default,
            },
            Tags = new Dictionary<string, string> { ["plan"] = FormattableString.Invariant($"{seed}") },
        };
    }

    // Not that of the runtime, which differs from process to process.
    private static int HashCode(int seed, int index) => unchecked((seed * 16777619) ^ (index * 2654435761u).GetHashCode());
}

using F = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.BudgetSessionOptions>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>What a session was opened with.</summary>
internal static class OptionsForm
{
    public static readonly StoredForm<BudgetSessionOptions> Options = new(
        () => new BudgetSessionOptions { Budget = Money.Zero },
        F.Number(
            "budget_nano_usd",
            options => options.Budget.NanoDollars,
            (options, value) => options with { Budget = Money.FromNanoDollars(value) }
        ),
        F.Text("tenant", options => options.Tenant?.ToString(), (options, value) => options with { Tenant = TenantPath.Parse(value) }),
        F.List(
            "soft_limits",
            StoredValues.Fraction,
            options => options.SoftLimits,
            (options, value) => options with { SoftLimits = value }
        ),
        F.Fraction("hard_limit", options => options.HardLimit, (options, value) => options with { HardLimit = value }),
        F.Fraction(
            "finalization_reserve",
            options => options.FinalizationReserve,
            (options, value) => options with { FinalizationReserve = value }
        ),
        F.Part(
            "loops",
            LoopForms.Policy,
            options => options.Loops == LoopPolicy.Default ? null : options.Loops,
            (options, value) => options with { Loops = value }
        ),
        F.Number(
            "unknown_models",
            options => (long)options.UnknownModels,
            (options, value) => options with { UnknownModels = (UnknownModelPolicy)value }
        ),
        F.Number("mode", options => (long)options.Mode, (options, value) => options with { Mode = (SessionMode)value }),
        F.Flag(
            "latch_when_exhausted",
            options => options.LatchWhenExhausted,
            (options, value) => options with { LatchWhenExhausted = value }
        ),
        F.Number(
            "time_to_live_ticks",
            options => options.TimeToLive?.Ticks ?? 0,
            (options, value) => options with { TimeToLive = new TimeSpan(value) }
        ),
        F.Number(
            "idle_timeout_ticks",
            options => options.IdleTimeout.Ticks,
            (options, value) => options with { IdleTimeout = new TimeSpan(value) }
        ),
        F.Number("carved_children", options => options.CarvedChildren, (options, value) => options with { CarvedChildren = (int)value }),
        F.Text("agent", options => options.Agent, (options, value) => options with { Agent = value }),
        F.Map(
            "tags",
            StoredValues.Text,
            options => options.Tags.Count == 0 ? null : options.Tags,
            (options, value) => options with { Tags = value }
        )
    );
}

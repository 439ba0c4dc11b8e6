using System.Globalization;
using FDefaults = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.SessionDefaults>;
using FQuarter = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.QuarterSum>;
using FSettings = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.TenantSettings>;
using FState = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.TenantState>;
using FWindow = AgentBudget.Orleans.Storage.Json.FieldsOf<AgentBudget.TenantWindow>;

namespace AgentBudget.Orleans.Storage.Json;

/// <summary>Settings and windows of tenants.</summary>
internal static class TenantForms
{
    public static readonly StoredForm<QuarterSum> Quarter = new(
        () => default,
        FQuarter.Number("quarter", sum => sum.Quarter, (sum, value) => sum with { Quarter = value }),
        FQuarter.Number(
            "amount_nano_usd",
            sum => sum.Amount.NanoDollars,
            (sum, value) => sum with { Amount = Money.FromNanoDollars(value) }
        )
    );

    // What may be unsaid and may be zero is stored as text, or as one more than it is.
    private static readonly StoredForm<SessionDefaults> Defaults = new(
        () => new SessionDefaults(),
        FDefaults.Number(
            "budget_nano_usd",
            defaults => defaults.Budget?.NanoDollars ?? 0,
            (defaults, value) => defaults with { Budget = Money.FromNanoDollars(value) }
        ),
        FDefaults.List(
            "soft_limits",
            StoredValues.Fraction,
            defaults => defaults.SoftLimits,
            (defaults, value) => defaults with { SoftLimits = value }
        ),
        FDefaults.Text(
            "hard_limit",
            defaults => Text(defaults.HardLimit),
            (defaults, value) => defaults with { HardLimit = Number(value) }
        ),
        FDefaults.Text(
            "finalization_reserve",
            defaults => Text(defaults.FinalizationReserve),
            (defaults, value) => defaults with { FinalizationReserve = Number(value) }
        ),
        FDefaults.Part("loops", LoopForms.Policy, defaults => defaults.Loops, (defaults, value) => defaults with { Loops = value }),
        FDefaults.Number(
            "unknown_models",
            defaults => defaults.UnknownModels is { } policy ? (long)policy + 1 : 0,
            (defaults, value) => defaults with { UnknownModels = (UnknownModelPolicy)(value - 1) }
        ),
        FDefaults.Number(
            "mode",
            defaults => defaults.Mode is { } mode ? (long)mode + 1 : 0,
            (defaults, value) => defaults with { Mode = (SessionMode)(value - 1) }
        ),
        FDefaults.Optional(
            "latch_when_exhausted",
            defaults => defaults.LatchWhenExhausted,
            (defaults, value) => defaults with { LatchWhenExhausted = value }
        ),
        FDefaults.Number(
            "time_to_live_ticks",
            defaults => defaults.TimeToLive?.Ticks ?? 0,
            (defaults, value) => defaults with { TimeToLive = new TimeSpan(value) }
        ),
        FDefaults.Number(
            "idle_timeout_ticks",
            defaults => defaults.IdleTimeout?.Ticks ?? 0,
            (defaults, value) => defaults with { IdleTimeout = new TimeSpan(value) }
        )
    );

    private static readonly StoredForm<TenantSettings> Settings = new(
        () => new TenantSettings(),
        FSettings.Number(
            "total_limit_nano_usd",
            settings => settings.TotalLimit?.NanoDollars ?? 0,
            (settings, value) => settings with { TotalLimit = Money.FromNanoDollars(value) }
        ),
        FSettings.Number(
            "daily_limit_nano_usd",
            settings => settings.DailyLimit?.NanoDollars ?? 0,
            (settings, value) => settings with { DailyLimit = Money.FromNanoDollars(value) }
        ),
        FSettings.Number(
            "weekly_limit_nano_usd",
            settings => settings.WeeklyLimit?.NanoDollars ?? 0,
            (settings, value) => settings with { WeeklyLimit = Money.FromNanoDollars(value) }
        ),
        FSettings.Number(
            "monthly_limit_nano_usd",
            settings => settings.MonthlyLimit?.NanoDollars ?? 0,
            (settings, value) => settings with { MonthlyLimit = Money.FromNanoDollars(value) }
        ),
        FSettings.Text("time_zone", settings => settings.TimeZone, (settings, value) => settings with { TimeZone = value }),
        FSettings.Number(
            "first_weekday",
            settings => (long)settings.FirstWeekday,
            (settings, value) => settings with { FirstWeekday = (DayOfWeek)value }
        ),
        FSettings.List(
            "soft_limits",
            StoredValues.Fraction,
            settings => settings.SoftLimits,
            (settings, value) => settings with { SoftLimits = value }
        ),
        FSettings.Number(
            "open_sessions",
            settings => settings.OpenSessions,
            (settings, value) => settings with { OpenSessions = (int)value }
        ),
        FSettings.Part(
            "defaults",
            Defaults,
            settings => settings.Defaults == SessionDefaults.None ? null : settings.Defaults,
            (settings, value) => settings with { Defaults = value }
        ),
        FSettings.Flag("opens_sessions", settings => settings.OpensSessions, (settings, value) => settings with { OpensSessions = value }),
        FSettings.Number("mode", settings => (long)settings.Mode, (settings, value) => settings with { Mode = (SessionMode)value }),
        FSettings.Number("policy", settings => (long)settings.Policy, (settings, value) => settings with { Policy = (TenantPolicy)value }),
        FSettings.List(
            "tag_names",
            StoredValues.Text,
            settings => settings.TagNames.Count == 0 ? null : settings.TagNames,
            (settings, value) => settings with { TagNames = value }
        )
    );

    private static readonly StoredForm<TenantWindow> Window = new(
        () =>
            new TenantWindow
            {
                Kind = default,
                Start = default,
                End = default,
            },
        FWindow.Number("kind", window => (long)window.Kind, (window, value) => window with { Kind = (WindowKind)value }),
        FWindow.Number("start", window => window.Start.UtcTicks, (window, value) => window with { Start = Time(value) }),
        FWindow.Number("end", window => window.End.UtcTicks, (window, value) => window with { End = Time(value) }),
        FWindow.Number(
            "spent_nano_usd",
            window => window.Spent.NanoDollars,
            (window, value) => window with { Spent = Money.FromNanoDollars(value) }
        ),
        FWindow.Number(
            "previous_start",
            window => window.PreviousStart.UtcTicks,
            (window, value) => window with { PreviousStart = Time(value) }
        ),
        FWindow.Number(
            "previous_spent_nano_usd",
            window => window.PreviousSpent.NanoDollars,
            (window, value) => window with { PreviousSpent = Money.FromNanoDollars(value) }
        ),
        FWindow.Number(
            "topped_up_nano_usd",
            window => window.ToppedUp.NanoDollars,
            (window, value) => window with { ToppedUp = Money.FromNanoDollars(value) }
        ),
        FWindow.Number(
            "limit_in_force_nano_usd",
            window => window.LimitInForce?.NanoDollars ?? 0,
            (window, value) => window with { LimitInForce = Money.FromNanoDollars(value) }
        ),
        FWindow.Number(
            "soft_limits_crossed",
            window => window.SoftLimitsCrossed,
            (window, value) => window with { SoftLimitsCrossed = (int)value }
        )
    );

    public static readonly StoredForm<TenantState> State = new(
        () => new TenantState(),
        FState.Part(
            "settings",
            Settings,
            state => state.Settings == TenantSettings.None ? null : state.Settings,
            (state, value) => state with { Settings = value }
        ),
        FState.Number("version", state => state.Version, (state, value) => state with { Version = value }),
        FState.List("windows", Window, state => state.Windows, (state, value) => state with { Windows = value }),
        FState.Flag("is_exhausted", state => state.IsExhausted, (state, value) => state with { IsExhausted = value }),
        FState.Number("last_change", state => state.LastChange, (state, value) => state with { LastChange = value }),
        FState.Number("stopped_by", state => (long)state.StoppedBy, (state, value) => state with { StoppedBy = (PauseSources)value }),
        FState.Number("stopped_through", state => state.StoppedThrough, (state, value) => state with { StoppedThrough = value }),
        FState.Number("stop_number", state => state.StopNumber, (state, value) => state with { StopNumber = value }),
        FState.Number("stopped_holders", state => state.StoppedHolders, (state, value) => state with { StoppedHolders = (int)value }),
        FState.Number(
            "soft_limits_crossed",
            state => state.SoftLimitsCrossed,
            (state, value) => state with { SoftLimitsCrossed = (int)value }
        ),
        FState.Number(
            "exhausted_for_nano_usd",
            state => state.ExhaustedFor.NanoDollars,
            (state, value) => state with { ExhaustedFor = Money.FromNanoDollars(value) }
        )
    );

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static string? Text(decimal? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

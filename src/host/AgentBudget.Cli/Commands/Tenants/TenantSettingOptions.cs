using System.CommandLine;
using AgentBudget.Cli.Input;

namespace AgentBudget.Cli.Commands.Tenants;

/// <summary>The options of <c>agentbudget tenant set</c>, one for each setting.</summary>
internal sealed class TenantSettingOptions
{
    private const string None = "none";

    private static readonly (string Word, DayOfWeek Value)[] Weekdays =
    [
        .. Enum.GetValues<DayOfWeek>().Select(day => (day.ToString().ToLowerInvariant(), day)),
    ];

    private readonly List<Setting> all =
    [
        Limit("--limit", "in all", (settings, limit) => settings with { TotalLimit = limit }),
        Limit("--daily", "in a calendar day", (settings, limit) => settings with { DailyLimit = limit }),
        Limit("--weekly", "in a week", (settings, limit) => settings with { WeeklyLimit = limit }),
        Limit("--monthly", "in a calendar month", (settings, limit) => settings with { MonthlyLimit = limit }),
        Of(
            "--time-zone",
            "NAME",
            "The time zone of days, weeks and months, such as Europe/Zurich. Takes effect when each ends.",
            (_, text) => text,
            (settings, zone) => settings with { TimeZone = zone }
        ),
        Of(
            "--first-weekday",
            "DAY",
            "The day on which weeks begin, such as monday.",
            (option, text) => Inputs.Word(option, text.ToLowerInvariant(), Weekdays),
            (settings, day) => settings with { FirstWeekday = day }
        ),
        Of(
            "--soft-limits",
            "LIST|none",
            "Fractions of each limit at which an event fires, such as 0.5,0.9.",
            Fractions,
            (settings, limits) => settings with { SoftLimits = limits }
        ),
        Of(
            "--open-sessions",
            "N",
            $"Sessions and tenants directly below it that may be open at once, from 1 to {Bounds.TenantSessions}.",
            (option, text) => Inputs.Count(option, text, 0, 1, Bounds.TenantSessions),
            (settings, count) => settings with { OpenSessions = count }
        ),
        Of(
            "--mode",
            "enforce|observe",
            "Whether limits refuse, or are only written down.",
            (option, text) => Inputs.Word(option, text, ("enforce", SessionMode.Enforce), ("observe", SessionMode.Observe)),
            (settings, mode) => settings with { Mode = mode }
        ),
        Of(
            "--policy",
            "sliced|full-reservation",
            "How money reaches sessions that are opened from now on.",
            (option, text) =>
                Inputs.Word(option, text, ("sliced", TenantPolicy.Sliced), ("full-reservation", TenantPolicy.FullReservation)),
            (settings, policy) => settings with { Policy = policy }
        ),
        Of(
            "--opens-sessions",
            "yes|no",
            "Whether a call on an id that was never opened opens it; needs --session-budget.",
            (option, text) => Inputs.Word(option, text, ("yes", true), ("no", false)),
            (settings, opens) => settings with { OpensSessions = opens }
        ),
        Of(
            "--tags",
            "LIST|none",
            $"Names of tags by which spend is reported, up to {Bounds.TenantTagNames}.",
            (_, text) => text == None ? [] : text.Split(','),
            (settings, names) => settings with { TagNames = names }
        ),
        Of(
            "--session-budget",
            "AMOUNT|none",
            "The budget of a session that is opened without one.",
            Amount,
            (settings, budget) => settings with { Defaults = settings.Defaults with { Budget = budget } }
        ),
        Of(
            "--session-idle-timeout",
            "TIME|none",
            "How long such a session may be idle, such as 30m.",
            (option, text) => Time(option, text, Bounds.IdleTimeout),
            (settings, time) => settings with { Defaults = settings.Defaults with { IdleTimeout = time } }
        ),
        Of(
            "--session-time-to-live",
            "TIME|none",
            "How long such a session lives at most, such as 2h.",
            (option, text) => Time(option, text, Bounds.SessionTimeToLive),
            (settings, time) => settings with { Defaults = settings.Defaults with { TimeToLive = time } }
        ),
    ];

    public void AddTo(Command command)
    {
        foreach (var setting in all)
            command.Add(setting.Option);
    }

    /// <summary>What is to be changed, read and checked as far as it can be before the settings that there are are known.</summary>
    public Func<TenantSettings, TenantSettings> Read(ParseResult parsed)
    {
        var changes = all.Where(setting => parsed.GetValue(setting.Option) is not null)
            .Select(setting => setting.Read(parsed.GetRequiredValue(setting.Option)))
            .ToArray();
        if (changes.Length == 0)
            throw new UsageException("Nothing is to be set; name a setting, such as --monthly 500.00. See: agentbudget tenant set --help");
        TenantSettings Change(TenantSettings settings) => changes.Aggregate(settings, (changed, change) => change(changed));
        // What goes together with a setting that stands already is checked when that is known.
        Checked(Change(TenantSettings.None with { Defaults = new SessionDefaults { Budget = Money.MaxAmount } }));
        return settings => Checked(Change(settings));
    }

    private static TenantSettings Checked(TenantSettings settings)
    {
        try
        {
            settings.Validate();
            return settings;
        }
        catch (ArgumentException refused)
        {
            throw new UsageException(refused.Message);
        }
    }

    private static Setting Limit(string option, string over, Func<TenantSettings, Money?, TenantSettings> set) =>
        Of(option, "AMOUNT|none", $"What may be spent {over}, in dollars such as 500.00.", Amount, set);

    private static Setting Of<T>(
        string name,
        string value,
        string description,
        Func<string, string, T> read,
        Func<TenantSettings, T, TenantSettings> set
    ) =>
        new(
            new Option<string>(name) { HelpName = value, Description = description },
            text =>
            {
                var given = read(name, text);
                return settings => set(settings, given);
            }
        );

    private static Money? Amount(string option, string text) => text == None ? null : Inputs.Dollars(option, text);

    private static TimeSpan? Time(string option, string text, (TimeSpan Least, TimeSpan Most) bounds) =>
        text == None ? null : Inputs.Duration(option, text, default, bounds);

    private static decimal[] Fractions(string option, string text) =>
        text == None ? [] : [.. text.Split(',').Select(part => Inputs.Fraction(option, part))];

    /// <summary>One of them.</summary>
    /// <param name="Option">The option.</param>
    /// <param name="Read">From its text to what it changes.</param>
    private sealed record Setting(Option<string> Option, Func<string, Func<TenantSettings, TenantSettings>> Read);
}

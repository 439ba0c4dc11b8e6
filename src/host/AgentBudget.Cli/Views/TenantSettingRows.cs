using System.Globalization;
using System.Text.Json;
using AgentBudget.Cli.Terminal;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>A tenant's settings one by one: what each is called, and what it is.</summary>
internal sealed record TenantSettingRow(string Name, string Json, Func<TenantSettings, string?> Text)
{
    private const string Without = "none";

    public static readonly TenantSettingRow[] All =
    [
        new("Total limit", "total_limit", settings => Dollars(settings.TotalLimit)),
        new("Daily limit", "daily_limit", settings => Dollars(settings.DailyLimit)),
        new("Weekly limit", "weekly_limit", settings => Dollars(settings.WeeklyLimit)),
        new("Monthly limit", "monthly_limit", settings => Dollars(settings.MonthlyLimit)),
        new("Time zone", "time_zone", settings => settings.TimeZone),
        new("First weekday", "first_weekday", settings => settings.FirstWeekday.ToString().ToLowerInvariant()),
        new("Soft limits", "soft_limits", settings => Or(Facts.List(settings.SoftLimits))),
        new("Open sessions", "open_sessions", settings => $"at most {Facts.Number(settings.OpenSessions)}"),
        new("Mode", "mode", settings => Words.Of(settings.Mode)),
        new("Policy", "policy", settings => Policy(settings.Policy)),
        new("Opens sessions", "opens_sessions", settings => settings.OpensSessions ? "yes" : "no"),
        new("Tags reported", "tag_names", settings => Or(string.Join(", ", settings.TagNames))),
        new("Session budget", "session_budget", settings => Dollars(settings.Defaults.Budget)),
        new("Session idle time", "session_idle_timeout", settings => Time(settings.Defaults.IdleTimeout)),
        new("Session life", "session_time_to_live", settings => Time(settings.Defaults.TimeToLive)),
    ];

    /// <summary>What it is in JSON.</summary>
    public static void Write(Utf8JsonWriter writer, TenantSettings settings)
    {
        writer.WriteMoney("total_limit", settings.TotalLimit);
        writer.WriteMoney("daily_limit", settings.DailyLimit);
        writer.WriteMoney("weekly_limit", settings.WeeklyLimit);
        writer.WriteMoney("monthly_limit", settings.MonthlyLimit);
        writer.WriteString("time_zone", settings.TimeZone);
        writer.WriteString("first_weekday", settings.FirstWeekday.ToString().ToLowerInvariant());
        writer.WriteStartArray("soft_limits");
        foreach (var limit in settings.SoftLimits)
            writer.WriteNumberValue(limit);
        writer.WriteEndArray();
        writer.WriteNumber("open_sessions", settings.OpenSessions);
        writer.WriteString("mode", Words.Of(settings.Mode));
        writer.WriteString("policy", Policy(settings.Policy));
        writer.WriteBoolean("opens_sessions", settings.OpensSessions);
        writer.WriteStartArray("tag_names");
        foreach (var name in settings.TagNames)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteMoney("session_budget", settings.Defaults.Budget);
        writer.WriteCount("session_idle_timeout_seconds", (long?)settings.Defaults.IdleTimeout?.TotalSeconds);
        writer.WriteCount("session_time_to_live_seconds", (long?)settings.Defaults.TimeToLive?.TotalSeconds);
    }

    private static string Policy(TenantPolicy policy) => JsonNamingPolicy.SnakeCaseLower.ConvertName(policy.ToString());

    private static string Dollars(Money? amount) => amount?.ToString() ?? Without;

    private static string Time(TimeSpan? time) =>
        time is { } some ? string.Create(CultureInfo.InvariantCulture, $"{some.TotalSeconds:0}s") : Without;

    private static string Or(string text) => text.Length == 0 ? Without : text;
}

using System.Globalization;
using System.Text.Json;
using AgentBudget.Cli.Terminal;
using AgentBudget.Ledger;

namespace AgentBudget.Cli.Views;

/// <summary>One of a tenant's settings: what it is called, what it is for people, and what in JSON.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Json">Its name in JSON.</param>
/// <param name="Text">What it is for people.</param>
/// <param name="Write">Writes it in JSON under a name.</param>
internal sealed record TenantSettingRow(
    string Name,
    string Json,
    Func<TenantSettings, string> Text,
    Action<Utf8JsonWriter, string, TenantSettings> Write
)
{
    private const string Without = "none";

    public static readonly TenantSettingRow[] All =
    [
        Dollars("Total limit", "total_limit", settings => settings.TotalLimit),
        Dollars("Daily limit", "daily_limit", settings => settings.DailyLimit),
        Dollars("Weekly limit", "weekly_limit", settings => settings.WeeklyLimit),
        Dollars("Monthly limit", "monthly_limit", settings => settings.MonthlyLimit),
        Word("Time zone", "time_zone", settings => settings.TimeZone),
        Word("First weekday", "first_weekday", settings => settings.FirstWeekday.ToString().ToLowerInvariant()),
        new(
            "Soft limits",
            "soft_limits",
            settings => Or(Facts.List(settings.SoftLimits)),
            (writer, name, settings) => WriteList(writer, name, settings.SoftLimits, writer.WriteNumberValue)
        ),
        new(
            "Open sessions",
            "open_sessions",
            settings => $"at most {Facts.Number(settings.OpenSessions)}",
            (writer, name, settings) => writer.WriteNumber(name, settings.OpenSessions)
        ),
        Word("Mode", "mode", settings => Words.Of(settings.Mode)),
        Word("Policy", "policy", settings => JsonNamingPolicy.SnakeCaseLower.ConvertName(settings.Policy.ToString())),
        new(
            "Opens sessions",
            "opens_sessions",
            settings => settings.OpensSessions ? "yes" : "no",
            (writer, name, settings) => writer.WriteBoolean(name, settings.OpensSessions)
        ),
        new(
            "Tags reported",
            "tag_names",
            settings => Or(string.Join(", ", settings.TagNames)),
            (writer, name, settings) => WriteList(writer, name, settings.TagNames, writer.WriteStringValue)
        ),
        Dollars("Session budget", "session_budget", settings => settings.Defaults.Budget),
        Seconds("Session idle time", "session_idle_timeout_seconds", settings => settings.Defaults.IdleTimeout),
        Seconds("Session life", "session_time_to_live_seconds", settings => settings.Defaults.TimeToLive),
    ];

    /// <summary>Those in which two settings differ.</summary>
    public static IEnumerable<TenantSettingRow> Changed(TenantSettings before, TenantSettings now) =>
        All.Where(row => row.Text(before) != row.Text(now));

    /// <summary>All of them in JSON.</summary>
    public static void WriteAll(Utf8JsonWriter writer, TenantSettings settings)
    {
        foreach (var row in All)
            row.Write(writer, row.Json, settings);
    }

    /// <summary>What was changed, in JSON: each setting with what it was before and what it is now.</summary>
    public static void WriteChanges(Utf8JsonWriter writer, TenantSettings before, TenantSettings now)
    {
        writer.WriteStartArray("changes");
        foreach (var row in Changed(before, now))
        {
            writer.WriteStartObject();
            writer.WriteString("setting", row.Json);
            row.Write(writer, "before", before);
            row.Write(writer, "now", now);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static TenantSettingRow Dollars(string name, string json, Func<TenantSettings, Money?> read) =>
        new(
            name,
            json,
            settings => read(settings)?.ToString() ?? Without,
            (writer, field, settings) => writer.WriteMoney(field, read(settings))
        );

    private static TenantSettingRow Word(string name, string json, Func<TenantSettings, string> read) =>
        new(name, json, read, (writer, field, settings) => writer.WriteString(field, read(settings)));

    private static TenantSettingRow Seconds(string name, string json, Func<TenantSettings, TimeSpan?> read) =>
        new(
            name,
            json,
            settings => read(settings) is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s") : Without,
            (writer, field, settings) => writer.WriteCount(field, (long?)read(settings)?.TotalSeconds)
        );

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        writer.WriteEndArray();
    }

    private static string Or(string text) => text.Length == 0 ? Without : text;
}

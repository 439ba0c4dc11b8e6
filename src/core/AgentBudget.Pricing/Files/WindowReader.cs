using System.Globalization;

namespace AgentBudget.Pricing.Files;

/// <summary>Reads <c>daily_window_utc</c> of a row.</summary>
internal static class WindowReader
{
    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    public static DailyWindow? Read(JsonObjectReader row)
    {
        if (row.OptionalObject("daily_window_utc") is not { } reader)
            return null;
        var start = ReadTime(reader, "start");
        var end = ReadTime(reader, "end");
        var days = ReadDays(reader);
        reader.RefuseTheRest();
        if (start is { } first && end is { } last && first != last)
            return new DailyWindow(first, last) { Days = days };
        reader.Report("needs a \"start\" and another \"end\", both as HH:mm.");
        return null;
    }

    private static Weekdays ReadDays(JsonObjectReader reader)
    {
        var days = Weekdays.None;
        foreach (var name in reader.TextList("days"))
        {
            var day = Array.IndexOf(DayNames, name);
            if (day < 0)
                reader.Report($"\"days\" may hold {string.Join(", ", DayNames)}; leave it out for every day.");
            else
                days |= (Weekdays)(1 << day);
        }

        return days;
    }

    private static TimeOnly? ReadTime(JsonObjectReader reader, string name) =>
        TimeOnly.TryParseExact(reader.OptionalText(name), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
}

using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>Days, weeks and months of many zones over twenty years, against a model that walks through them quarter by quarter.</summary>
public sealed class CalendarWindowTests
{
    private static readonly DateTimeOffset From = new(2008, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // All offsets that there are, clocks that leap over midnight and over a whole day, and half hours of summer time.
    public static TheoryData<string> Zones =>
        [
            "UTC",
            "Europe/Zurich",
            "Europe/London",
            "Europe/Moscow",
            "Europe/Istanbul",
            "Europe/Lisbon",
            "Atlantic/Azores",
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
            "America/Anchorage",
            "America/St_Johns",
            "America/Sao_Paulo",
            "America/Asuncion",
            "America/Santiago",
            "America/Havana",
            "America/Caracas",
            "America/Scoresbysund",
            "Asia/Tehran",
            "Asia/Kabul",
            "Asia/Kolkata",
            "Asia/Kathmandu",
            "Asia/Dhaka",
            "Asia/Yangon",
            "Asia/Shanghai",
            "Asia/Tokyo",
            "Asia/Pyongyang",
            "Asia/Beirut",
            "Asia/Amman",
            "Asia/Gaza",
            "Africa/Cairo",
            "Africa/Casablanca",
            "Australia/Adelaide",
            "Australia/Eucla",
            "Australia/Lord_Howe",
            "Pacific/Auckland",
            "Pacific/Chatham",
            "Pacific/Apia",
            "Pacific/Kiritimati",
        ];

    [Theory, MemberData(nameof(Zones))]
    public void Windows_OfAZone_AreThoseOfANaiveModel(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var days = DaysOf(zone);
        foreach (var first in new[] { DayOfWeek.Monday, DayOfWeek.Sunday })
        {
            foreach (var kind in new[] { WindowKind.Day, WindowKind.Week, WindowKind.Month })
                Check(kind, zone, first, days);
        }
    }

    [Fact]
    public void Window_OfAnyInstant_HoldsIt()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");
        for (var at = From; at < From.AddYears(2); at += TimeSpan.FromMinutes(7))
        {
            var (start, end) = CalendarWindows.Of(WindowKind.Day, at, zone, DayOfWeek.Monday);
            Assert.True(start <= at && at < end, $"{at:O} is not in {start:O} to {end:O}");
        }
    }

    // The first quarter hour of each date that the zone's clocks have shown; one that they set back to does not come again.
    private static SortedDictionary<DateOnly, DateTimeOffset> DaysOf(TimeZoneInfo zone)
    {
        var days = new SortedDictionary<DateOnly, DateTimeOffset>();
        for (var at = From - TimeSpan.FromDays(45); at < Until + TimeSpan.FromDays(45); at += CalendarWindows.Quarter)
            days.TryAdd(DateOnly.FromDateTime(at.UtcDateTime + zone.GetUtcOffset(at)), at);
        return days;
    }

    private static void Check(WindowKind kind, TimeZoneInfo zone, DayOfWeek first, SortedDictionary<DateOnly, DateTimeOffset> days)
    {
        DateTimeOffset[] starts =
        [
            .. days.Where(day =>
                    kind switch
                    {
                        WindowKind.Day => true,
                        WindowKind.Week => FirstOfItsWeek(day.Key, first, days) == day.Key,
                        _ => days.Keys.First(date => (date.Year, date.Month) == (day.Key.Year, day.Key.Month)) == day.Key,
                    }
                )
                .Select(day => day.Value),
        ];
        for (var i = 1; i + 1 < starts.Length; i++)
        {
            if (starts[i] < From || starts[i] >= Until)
                continue;
            foreach (
                var at in new[]
                {
                    starts[i],
                    starts[i].AddTicks(1),
                    starts[i] + ((starts[i + 1] - starts[i]) / 2),
                    starts[i + 1].AddTicks(-1),
                }
            )
                Assert.Equal((starts[i], starts[i + 1]), CalendarWindows.Of(kind, at, zone, first));
        }
    }

    // Where the first day of a week was leapt over, the next one is the first.
    private static DateOnly FirstOfItsWeek(DateOnly date, DayOfWeek first, SortedDictionary<DateOnly, DateTimeOffset> days)
    {
        var start = date.AddDays(-((date.DayOfWeek - first + 7) % 7));
        while (!days.ContainsKey(start))
            start = start.AddDays(1);
        return start;
    }
}

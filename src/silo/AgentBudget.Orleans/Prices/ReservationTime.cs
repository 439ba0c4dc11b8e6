namespace AgentBudget.Orleans.Prices;

/// <summary>
/// The time for which a reservation was priced, as far as prices can tell: the last moment at which its model had the row that it was
/// reserved with. A reservation keeps the row, and no time.
/// </summary>
internal static class ReservationTime
{
    /// <summary>Reservations are shorter than a week, after which a window of hours on some weekdays has come again.</summary>
    private const int Days = 8;

    /// <summary>The time.</summary>
    /// <param name="book">The prices that it was reserved with.</param>
    /// <param name="reserved">The call that it was reserved for.</param>
    /// <param name="now">The time now: the answer where the row still holds, or is not known.</param>
    public static DateTimeOffset Of(PriceBook book, Call reserved, DateTimeOffset now)
    {
        if (reserved.PriceRow is null || IsPricedBy(now) || book.Rows.FirstOrDefault(row => row.Id == reserved.PriceRow) is not { } priced)
            return now;
        return book.Rows.Where(row => row.Provider == priced.Provider && row.Model == priced.Model)
                .SelectMany(row => ChangesOf(row, now))
                .Select(change => change.AddTicks(-1))
                .Where(moment => moment < now)
                .OrderDescending()
                .Cast<DateTimeOffset?>()
                .FirstOrDefault(moment => IsPricedBy(moment!.Value))
            ?? now;

        bool IsPricedBy(DateTimeOffset at) =>
            book.TryResolve(reserved.Provider, reserved.Name, at, out var row) && row.Id == reserved.PriceRow;
    }

    // The moments at which a row begins or ends to hold.
    private static IEnumerable<DateTimeOffset> ChangesOf(PriceRow row, DateTimeOffset now)
    {
        if (row.From is { } from)
            yield return from;
        if (row.Until is { } until)
            yield return until;
        if (row.DailyWindow is not { } window)
            yield break;
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        for (var day = 0; day < Days; day++)
        {
            yield return today.AddDays(-day) + window.Start.ToTimeSpan();
            yield return today.AddDays(-day) + window.End.ToTimeSpan();
        }
    }
}

using System.Globalization;
using System.Text.Json;

namespace AgentBudget.Replay.Reading;

/// <summary>Reads the first line of a trace.</summary>
internal static class HeaderReader
{
    // Prices, retention and idle time are added to these; ten years of run on top stay within what a clock can hold.
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Agent and start of the run.</summary>
    public static (string? Agent, DateTimeOffset Start) Read(TraceLine line)
    {
        if (line.Find("format") is not { } format)
            throw line.Wrong($"the header is missing; the first line must be an object with \"format\":{Trace.Format}.");
        if (format.ValueKind != JsonValueKind.Number || !format.TryGetInt32(out var version) || version != Trace.Format)
            throw line.Wrong($"\"format\" is {Shown.Value(format.GetRawText())}; this version reads format {Trace.Format}.");
        return (line.Text("agent", Bounds.NameLength), ReadStart(line));
    }

    private static DateTimeOffset ReadStart(TraceLine line)
    {
        if (line.Find("start") is not { } start)
            return Trace.DefaultStart;
        // The first check is for ISO 8601, the second for a time without an offset: it is UTC, wherever this runs.
        if (
            start.ValueKind == JsonValueKind.String
            && start.TryGetDateTimeOffset(out _)
            && DateTimeOffset.TryParse(
                start.GetString(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var time
            )
            && time >= Earliest
            && time <= Latest
        )
            return time;
        throw line.Wrong(
            $"\"start\" is {Shown.Value(start.GetRawText())}; a UTC time such as \"2025-11-18T23:35:10Z\", or null, is expected."
        );
    }
}

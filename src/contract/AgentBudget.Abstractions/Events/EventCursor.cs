using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentBudget;

/// <summary>A place in the feed, and the batch at it: a random number by which it shows when the ledger was restored to an earlier
/// moment.</summary>
/// <param name="Position">The position: 1, 2, 3 … within the partition; 0 for the place before the first.</param>
/// <param name="BatchId">The batch at it; 0 where nobody knows it, because it is kept no longer or there never was one.</param>
[GenerateSerializer, Immutable, Alias("agentbudget.event-mark")]
public readonly record struct EventMark(long Position, long BatchId);

/// <summary>
/// How far a consumer has come in the feed of one partition: it has seen everything up to a position. It remembers a few places before, at
/// ever larger distances, so that after a restore of the ledger the last one that still holds can be found. Written as text it can be kept
/// anywhere.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-cursor")]
public sealed record EventCursor
{
    private const int MaxMarks = 64;

    [Id(1)]
    private readonly EventMark[] marks = [];

    private EventCursor(int partition, EventMark[] marks) => (Partition, this.marks) = (partition, marks);

    /// <summary>The partition: from 0 on.</summary>
    [Id(0)]
    public int Partition { get; init; }

    /// <summary>The last place, and some before it, newest first; none at the beginning of the feed.</summary>
    public IReadOnlyList<EventMark> Marks => marks;

    /// <summary>The position that was seen last; 0 at the beginning.</summary>
    public long Position => marks.Length == 0 ? 0 : marks[0].Position;

    /// <summary>The batch at it.</summary>
    public long BatchId => marks.Length == 0 ? 0 : marks[0].BatchId;

    /// <summary>The beginning of a partition's feed: the oldest events that are kept, whatever there was before. Who has a place, be it
    /// before the first event that there ever was (<c>0:0.0</c>), is told when events behind it are kept no longer; this is no
    /// place.</summary>
    /// <param name="partition">From 0 on.</param>
    public static EventCursor Start(int partition) => new(partition, []);

    /// <summary>The cursor behind a later place.</summary>
    /// <param name="mark">The place.</param>
    public EventCursor After(EventMark mark)
    {
        var kept = new List<EventMark>(marks.Length + 1) { mark };
        kept.AddRange(marks.Where(one => one.Position > 0));
        // Between two neighbours a place goes when they are no farther apart than the nearer one is from the end: a few dozen reach back
        // over
        // any feed, and lie closest where it is most likely to have been lost.
        for (var i = 1; i < kept.Count - 1; )
        {
            if (kept[i - 1].Position - kept[i + 1].Position <= mark.Position - kept[i - 1].Position)
                kept.RemoveAt(i);
            else
                i++;
        }

        while (kept.Count > MaxMarks)
            kept.RemoveAt(kept.Count - 1);
        return new EventCursor(Partition, [.. kept]);
    }

    /// <summary>The cursor at one of the places before, or at the beginning.</summary>
    /// <param name="index">Which of <see cref="Marks"/>; their count for the beginning.</param>
    public EventCursor At(int index) => new(Partition, marks[index..]);

    /// <summary>The cursor as text, such as <c>0:17.5f3a…</c>; <see cref="Parse"/> reads it back.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Partition}:")
        + string.Join(',', marks.Select(mark => string.Create(CultureInfo.InvariantCulture, $"{mark.Position}.{mark.BatchId:x}")));

    /// <summary>Reads a cursor from its text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no cursor.</exception>
    public static EventCursor Parse(string text) =>
        TryParse(text, out var cursor)
            ? cursor
            : throw new FormatException($"'{text}' is no cursor of the event feed; hand in one that came from there, such as 0:17.5f3a.");

    /// <summary>Reads a cursor as <see cref="Parse"/> does, without throwing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cursor">The cursor, or null.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EventCursor? cursor)
    {
        cursor = null;
        var parts = text?.Split(':') ?? [];
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
            return false;
        var marks = new List<EventMark>();
        foreach (var part in parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = part.Split('.');
            if (
                mark.Length != 2
                || marks.Count == MaxMarks
                || !long.TryParse(mark[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                || !long.TryParse(mark[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var batch)
                || (position == 0 && batch != 0)
                || (marks.Count > 0 && position >= marks[^1].Position)
            )
                return false;
            marks.Add(new EventMark(position, batch));
        }

        cursor = new EventCursor(partition, [.. marks]);
        return true;
    }
}

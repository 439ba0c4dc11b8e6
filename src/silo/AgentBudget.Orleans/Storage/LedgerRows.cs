using System.Data.Common;
using System.Text;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Storage;

/// <summary>
/// Makes heads and entries of rows, for stores on SQL. A statement selects the columns in the order that stands here; the stores'
/// tables may name and place them as they like.
/// </summary>
public static class LedgerRows
{
    /// <summary>How many columns a head takes.</summary>
    public const int HeadWidth = 14;

    /// <summary>
    /// A head, whose columns come first: session id, sequence, budget, spent, reserved, open reason, paused by, end reason, opened at,
    /// last entry at, last activity at, ended at, options, detail. Money is in nano-dollars, times are in UTC ticks.
    /// </summary>
    public static SessionHead ReadHead(DbDataReader reader)
    {
        var head = new SessionHead
        {
            SessionId = reader.GetString(0),
            Sequence = reader.GetInt64(1),
            Budget = MoneyAt(reader, 2),
            Spent = MoneyAt(reader, 3),
            Reserved = MoneyAt(reader, 4),
            Breaker = new BreakerStatus((OpenReason)reader.GetInt16(5), (PauseSources)reader.GetInt16(6)),
            End = (EndReason)reader.GetInt16(7),
            OpenedAt = TimeAt(reader, 8),
            LastEntryAt = TimeAt(reader, 9),
            LastActivityAt = TimeAt(reader, 10),
            EndedAt = reader.IsDBNull(11) ? null : TimeAt(reader, 11),
            Options = reader.IsDBNull(12) ? null : LedgerJson.ReadOptions(Utf8At(reader, 12)),
        };
        return LedgerJson.ReadDetail(head, Utf8At(reader, 13));
    }

    /// <summary>
    /// An entry: sequence, at, kind, key, body hash, amount, requested, related, budget, spent and reserved after it, detail. Money is in
    /// nano-dollars, times are in UTC ticks.
    /// </summary>
    /// <param name="reader">A reader that stands on a row.</param>
    /// <param name="first">The column that they begin at.</param>
    public static Entry ReadEntry(DbDataReader reader, int first = 0)
    {
        var entry = new Entry
        {
            Sequence = reader.GetInt64(first),
            At = TimeAt(reader, first + 1),
            Kind = (EntryKind)reader.GetInt16(first + 2),
            Key = reader.IsDBNull(first + 3) ? null : reader.GetString(first + 3),
            BodyHash = reader.GetInt64(first + 4),
            Amount = MoneyAt(reader, first + 5),
            Requested = MoneyAt(reader, first + 6),
            Related = reader.GetInt64(first + 7),
        };
        return LedgerJson.ReadDetail(
            entry,
            MoneyAt(reader, first + 8),
            MoneyAt(reader, first + 9),
            MoneyAt(reader, first + 10),
            Utf8At(reader, first + 11)
        );
    }

    /// <summary>The condition in SQL, with an <c>AND</c> before it, under which a head is listed by its columns <c>end_reason</c>,
    /// <c>paused_by</c> and <c>open_reason</c>, as <see cref="SessionHead.Status"/> says; empty for none.</summary>
    /// <param name="listing">What is to be listed.</param>
    public static string ConditionOf(SessionListing listing)
    {
        ArgumentNullException.ThrowIfNull(listing);
        return listing.Status is { } status ? $" AND {ConditionOf(status)}{(listing.HidesClosed ? " AND end_reason = 0" : "")}"
            : listing.HidesClosed ? " AND end_reason = 0"
            : "";
    }

    private static string ConditionOf(SessionStatus status) =>
        status switch
        {
            SessionStatus.Closed => "end_reason <> 0",
            SessionStatus.Paused => "end_reason = 0 AND paused_by <> 0",
            SessionStatus.Exhausted => "end_reason = 0 AND paused_by = 0 AND open_reason <> 0",
            SessionStatus.Open => "end_reason = 0 AND paused_by = 0 AND open_reason = 0",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No session is of this status."),
        };

    /// <summary>A time, stored as UTC ticks.</summary>
    public static DateTimeOffset TimeAt(DbDataReader reader, int column) => LedgerJson.Time(reader.GetInt64(column));

    /// <summary>An amount, stored as nano-dollars.</summary>
    public static Money MoneyAt(DbDataReader reader, int column) => Money.FromNanoDollars(reader.GetInt64(column));

    /// <summary>A text, as the bytes that JSON is read from.</summary>
    public static byte[] Utf8At(DbDataReader reader, int column) => Encoding.UTF8.GetBytes(reader.GetString(column));
}

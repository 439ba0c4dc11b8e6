using System.Text;
using AgentBudget.Ledger;
using AgentBudget.Orleans.Storage.Json;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Reading;

/// <summary>Makes heads, entries and reservations of rows. The columns are those of the lists here, in their order.</summary>
internal static class RowReader
{
    public const string EntryColumns = """
        e.sequence, e.at, e.kind, e.key, e.body_hash, e.amount_nano_usd, e.requested_nano_usd, e.related,
        e.budget_after_nano_usd, e.spent_after_nano_usd, e.reserved_after_nano_usd, e.detail
        """;

    public const string HeadColumns = """
        s.session_id, h.sequence, h.budget_nano_usd, h.spent_nano_usd, h.reserved_nano_usd, h.open_reason, h.paused_by, h.end_reason,
        s.opened_at, h.last_entry_at, h.last_activity_at, h.ended_at, s.options, h.detail
        """;

    /// <summary>How many columns a head takes.</summary>
    public const int HeadWidth = 14;

    public static SessionHead ReadHead(NpgsqlDataReader reader)
    {
        var head = new SessionHead
        {
            SessionId = reader.GetString(0),
            Sequence = reader.GetInt64(1),
            Budget = Money.FromNanoDollars(reader.GetInt64(2)),
            Spent = Money.FromNanoDollars(reader.GetInt64(3)),
            Reserved = Money.FromNanoDollars(reader.GetInt64(4)),
            Breaker = new BreakerStatus((OpenReason)reader.GetInt16(5), (PauseSources)reader.GetInt16(6)),
            End = (EndReason)reader.GetInt16(7),
            OpenedAt = Time(reader.GetInt64(8)),
            LastEntryAt = Time(reader.GetInt64(9)),
            LastActivityAt = Time(reader.GetInt64(10)),
            EndedAt = reader.IsDBNull(11) ? null : Time(reader.GetInt64(11)),
            Options = reader.IsDBNull(12) ? null : LedgerJson.ReadOptions(Utf8(reader, 12)),
        };
        return LedgerJson.ReadDetail(head, Utf8(reader, 13));
    }

    /// <summary>An entry, whose columns begin at one of the reader's.</summary>
    public static Entry ReadEntry(NpgsqlDataReader reader, int first = 0)
    {
        var entry = new Entry
        {
            Sequence = reader.GetInt64(first),
            At = Time(reader.GetInt64(first + 1)),
            Kind = (EntryKind)reader.GetInt16(first + 2),
            Key = reader.IsDBNull(first + 3) ? null : reader.GetString(first + 3),
            BodyHash = reader.GetInt64(first + 4),
            Amount = Money.FromNanoDollars(reader.GetInt64(first + 5)),
            Requested = Money.FromNanoDollars(reader.GetInt64(first + 6)),
            Related = reader.GetInt64(first + 7),
        };
        return LedgerJson.ReadDetail(
            entry,
            Money.FromNanoDollars(reader.GetInt64(first + 8)),
            Money.FromNanoDollars(reader.GetInt64(first + 9)),
            Money.FromNanoDollars(reader.GetInt64(first + 10)),
            Utf8(reader, first + 11));
    }

    /// <summary>An open reservation: the entry that made it, and the time to which it was extended.</summary>
    public static Reservation ToReservation(Entry entry, long expiresAt) =>
        new(entry.Sequence, entry.Amount, entry.Call!, entry.Child, Time(expiresAt));

    public static DateTimeOffset Time(long utcTicks) => new(utcTicks, TimeSpan.Zero);

    private static byte[] Utf8(NpgsqlDataReader reader, int column) => Encoding.UTF8.GetBytes(reader.GetString(column));
}

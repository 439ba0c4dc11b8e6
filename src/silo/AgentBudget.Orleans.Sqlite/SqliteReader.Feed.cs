using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>What is read of the feed.</summary>
internal sealed partial class SqliteReader
{
    public IReadOnlyList<FeedRow> ReadFeed(long fromPosition, long throughPosition, int count, EventKinds kinds)
    {
        using var command = Command(
            "SELECT * FROM feed WHERE position >= $from AND position <= $through ORDER BY position LIMIT $count",
            ("$from", fromPosition),
            ("$through", throughPosition),
            ("$count", count)
        );
        using var reader = command.ExecuteReader();
        var rows = new List<FeedRow>();
        var ids = new Dictionary<long, string?>();
        while (reader.Read())
        {
            LedgerTable.Feed.Verify(reader);
            var ranges = FeedRanges.Read((byte[])reader[3], kinds, no => IdOf(no, ids));
            rows.Add(new FeedRow(reader.GetInt64(0), reader.GetInt64(1), LedgerRows.TimeAt(reader, 2), ranges));
        }

        return rows;
    }

    public IReadOnlyList<IReadOnlyList<Entry>> ReadRanges(IReadOnlyList<FeedRange> ranges)
    {
        // All of them before the first is read: that fixes what the tables have, and what is moved into them later is in neither.
        var waiting = ranges.Select(range => tail.Find(range.LedgerId)).ToArray();
        return [.. ranges.Select((range, i) => Read(range.LedgerId, waiting[i], range.First, range.Count))];
    }

    public FeedEnds FeedEnds(long throughPosition)
    {
        using var command = Command(
            """
            SELECT a.position, a.at, b.position, b.batch_id
            FROM feed a, feed b
            WHERE a.position = (SELECT min(position) FROM feed)
                AND b.position = (SELECT max(position) FROM feed WHERE position <= $through)
            """,
            ("$through", throughPosition)
        );
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new FeedEnds(reader.GetInt64(0), LedgerRows.TimeAt(reader, 1), reader.GetInt64(2), reader.GetInt64(3))
            : default;
    }

    public IReadOnlyList<FeedConsumerRow> ReadConsumers()
    {
        using var command = Command("SELECT * FROM feed_consumer ORDER BY name");
        using var reader = command.ExecuteReader();
        var rows = new List<FeedConsumerRow>();
        while (reader.Read())
        {
            LedgerTable.FeedConsumers.Verify(reader);
            rows.Add(
                new FeedConsumerRow(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetInt64(2),
                    LedgerRows.TimeAt(reader, 3),
                    reader.GetInt64(4)
                )
            );
        }

        return rows;
    }

    public IReadOnlyList<DeliveryRow> ReadDeliveries(string list, string? after, int count)
    {
        using var command = Command(
            "SELECT * FROM delivery WHERE list = $list AND name > $after ORDER BY name LIMIT $count",
            ("$list", list),
            ("$after", after ?? ""),
            ("$count", count)
        );
        using var reader = command.ExecuteReader();
        var rows = new List<DeliveryRow>();
        while (reader.Read())
        {
            LedgerTable.Deliveries.Verify(reader);
            rows.Add(new DeliveryRow(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return rows;
    }

    private string? IdOf(long ledgerNo, Dictionary<long, string?> known)
    {
        if (known.TryGetValue(ledgerNo, out var id))
            return id;
        using var command = Command("SELECT ledger_id FROM ledger_head WHERE no = $no", ("$no", ledgerNo));
        return known[ledgerNo] = command.ExecuteScalar() as string;
    }
}

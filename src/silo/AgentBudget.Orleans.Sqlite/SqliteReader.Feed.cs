using AgentBudget.Orleans.Sqlite.Journal;
using AgentBudget.Orleans.Sqlite.Verification;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>What is read of the feed.</summary>
internal sealed partial class SqliteReader
{
    public IReadOnlyList<FeedRow> ReadFeed(long fromPosition, int count, EventKinds kinds)
    {
        // Before the first look into the tables: what is moved in the meantime is seen in both, and never in none.
        var waiting = tail.Feed.From(fromPosition, count);
        using var command = Command(
            "SELECT * FROM feed WHERE position >= $from ORDER BY position LIMIT $count",
            ("$from", fromPosition),
            ("$count", count)
        );
        using var reader = command.ExecuteReader();
        var rows = new List<FeedRow>();
        var ids = new Dictionary<long, string?>();
        while (reader.Read())
        {
            LedgerTable.Feed.Verify(reader);
            Add(new FeedPiece(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), (byte[])reader[3]));
        }

        foreach (var row in waiting)
        {
            if (rows.Count < count && (rows.Count == 0 || row.Position > rows[^1].Position))
                Add(row);
        }

        return rows;

        void Add(FeedPiece row) =>
            rows.Add(new FeedRow(row.Position, row.BatchId, row.At, FeedRanges.Read(row.Ranges.Span, kinds, no => IdOf(no, ids))));
    }

    public IReadOnlyList<IReadOnlyList<Entry>> ReadRanges(IReadOnlyList<FeedRange> ranges)
    {
        // All of them before the first is read: that fixes what the tables have, and what is moved into them later is in neither.
        var waiting = ranges.Select(range => tail.Find(range.LedgerId)).ToArray();
        return [.. ranges.Select((range, i) => Read(range.LedgerId, waiting[i], range.First, range.Count))];
    }

    public FeedEnds FeedEnds()
    {
        var waiting = tail.Feed.Ends();
        using var command = Command(
            """
            SELECT * FROM feed
            WHERE position IN ((SELECT min(position) FROM feed), (SELECT max(position) FROM feed)) ORDER BY position
            """
        );
        using var reader = command.ExecuteReader();
        FeedEnds? inTable = null;
        while (reader.Read())
        {
            LedgerTable.Feed.Verify(reader);
            inTable ??= new FeedEnds(reader.GetInt64(0), LedgerRows.TimeAt(reader, 2), 0, 0);
            inTable = inTable.Value with { Last = reader.GetInt64(0), LastBatchId = reader.GetInt64(1) };
        }

        if (waiting is not (var first, var last))
            return inTable ?? default;
        var ends = inTable ?? new FeedEnds(first.Position, first.At, 0, 0);
        return last.Position > ends.Last ? ends with { Last = last.Position, LastBatchId = last.BatchId } : ends;
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

using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Feed;

/// <summary>Consumers by name, and how far each has come: rows of the partitions' own databases, so that place and feed are restored
/// together.</summary>
internal sealed class FeedConsumers(ILedgerStore store, EventReader reader, LedgerClock clock)
{
    /// <summary>The most consumers of one ledger, beside its own queues and endpoints, which have bounds of theirs.</summary>
    public const int MostConsumers = 256;

    /// <summary>What names of the stream provider's queues begin with.</summary>
    public const string OfStreams = "streams/";

    /// <summary>What names of webhook endpoints begin with.</summary>
    public const string OfWebhooks = "webhooks/";

    private static readonly string[] Taken = [OfStreams, OfWebhooks];

    private ILedgerFeedStore Feed => store.Feed;

    public async Task<IReadOnlyList<EventCursor>> RegisterAsync(string name, bool fromStart, CancellationToken cancellationToken)
    {
        Check(name);
        var cursors = new List<EventCursor>();
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            var known = await Feed.ReadConsumersAsync(partition, cancellationToken);
            if (known.FirstOrDefault(row => row.Name == name) is { } there)
            {
                cursors.Add(EventCursor.Parse(there.Place));
                continue;
            }

            if (known.Count(row => !IsOurs(row.Name)) >= MostConsumers)
                throw new ArgumentException($"{MostConsumers} consumers are registered; unregister one that is no more.");
            var cursor = fromStart
                ? await reader.OldestAsync(partition, cancellationToken)
                : await reader.EndAsync(partition, cancellationToken);
            await Feed.SaveConsumerAsync(partition, RowOf(name, cursor), cancellationToken);
            cursors.Add(cursor);
        }

        return cursors;
    }

    public async Task SaveAsync(string name, EventCursor cursor, bool mayGoBack, CancellationToken cancellationToken)
    {
        Check(name);
        var known = await Feed.ReadConsumersAsync(cursor.Partition, cancellationToken);
        if (known.FirstOrDefault(row => row.Name == name) is not { } there)
            throw new ArgumentException($"No consumer '{name}' is registered; register it first.");
        // Whoever is registered has a place, so that it is told when it is outrun; the beginning is none.
        if (mayGoBack && cursor.Marks.Count == 0)
            cursor = await reader.OldestAsync(cursor.Partition, cancellationToken);
        if (mayGoBack || cursor.Position > there.Position)
            await Feed.SaveConsumerAsync(cursor.Partition, RowOf(name, cursor), cancellationToken);
    }

    public async Task UnregisterAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var partition = 0; partition < store.Partitions; partition++)
            await Feed.DeleteConsumerAsync(partition, name, cancellationToken);
    }

    public async Task<IReadOnlyList<EventConsumer>> ListAsync(CancellationToken cancellationToken)
    {
        var places = new SortedDictionary<string, List<(FeedConsumerRow Row, long Behind)>>(StringComparer.Ordinal);
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            var ends = await Feed.FeedEndsAsync(partition, cancellationToken);
            foreach (var row in await Feed.ReadConsumersAsync(partition, cancellationToken))
            {
                if (!places.TryGetValue(row.Name, out var list))
                    places[row.Name] = list = [];
                list.Add((row, Math.Max(0, ends.Last - row.Position)));
            }
        }

        return
        [
            .. places.Select(pair => new EventConsumer
            {
                Name = pair.Key,
                Cursors = [.. pair.Value.Select(place => EventCursor.Parse(place.Row.Place))],
                AcknowledgedAt = pair.Value.Max(place => place.Row.SavedAt),
                Behind = pair.Value.Sum(place => place.Behind),
            }),
        ];
    }

    private FeedConsumerRow RowOf(string name, EventCursor cursor) => new(name, cursor.ToString(), cursor.Position, clock.Time.GetUtcNow());

    private static bool IsOurs(string name) => Array.Exists(Taken, taken => name.StartsWith(taken, StringComparison.Ordinal));

    private static void Check(string name)
    {
        if (name is not null && IsOurs(name))
            throw new ArgumentException(
                $"Names that begin with {string.Join(" or ", Taken)} are those of the ledger's own consumers; take another."
            );
        if (string.IsNullOrWhiteSpace(name) || name.Length > Bounds.NameLength || name.Any(char.IsControl))
            throw new ArgumentException(
                $"A consumer's name must have 1 to {Bounds.NameLength} characters, none of them a control character."
            );
    }
}

using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Delivering;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>An endpoint's place in the feed, as it is set from outside while nothing is delivered.</summary>
internal static class EndpointFeed
{
    private const int RowsAtOnce = 1_000;

    /// <summary>Registers an endpoint: it gets what comes from now on, and nothing that one of its id has left behind.</summary>
    public static async Task RegisterAsync(WebhookServices services, string endpoint)
    {
        await DeleteListsAsync(services, endpoint);
        for (var partition = 0; partition < services.Store.Partitions; partition++)
            await PutAsync(services, endpoint, await services.Reader.EndAsync(partition, CancellationToken.None));
    }

    /// <summary>Puts an endpoint back before the first row of a time, in every partition; what waits is tried at once.</summary>
    public static async Task MoveBackAsync(WebhookServices services, string endpoint, DateTimeOffset since)
    {
        for (var partition = 0; partition < services.Store.Partitions; partition++)
        {
            var before = await services.Feed.LastBeforeAllAsync(partition, since, CancellationToken.None);
            await MoveBackAsync(services, endpoint, partition, before + 1);
        }
    }

    /// <summary>Puts an endpoint back before a position, and never on: what lies in between was not posted. What waits is tried at
    /// once.</summary>
    public static async Task MoveBackAsync(WebhookServices services, string endpoint, int partition, long position)
    {
        var ends = await services.Store.Feed.FeedEndsAsync(partition, CancellationToken.None);
        if (position > ends.Last + 1)
            throw new ArgumentException($"The feed of partition {partition} ends at position {ends.Last}; {position} is not there yet.");
        var asked = await CursorBeforeAsync(services, partition, position);
        if (await PlaceAsync(services, endpoint, partition) is { } stored && asked.Position < stored.Position)
            await PutAsync(services, endpoint, asked);
        await BringForwardAsync(services, endpoint, partition);
    }

    /// <summary>Lets an endpoint go, with all that waits for it. Its own row goes last: while that is there, it can be removed
    /// again.</summary>
    public static async Task UnregisterAsync(WebhookServices services, string endpoint)
    {
        await DeleteListsAsync(services, endpoint);
        for (var partition = 0; partition < services.Store.Partitions; partition++)
            await services.Store.Feed.DeleteConsumerAsync(partition, EndpointRows.ConsumerOf(endpoint), CancellationToken.None);
        await services.Store.Deliveries.WriteAsync(0, [], [EndpointRows.KeyOf(endpoint)], CancellationToken.None);
    }

    /// <summary>The rows of what waits in a partition.</summary>
    public static async Task<IReadOnlyList<DeliveryRow>> WaitingAsync(
        WebhookServices services,
        int partition,
        string endpoint,
        CancellationToken cancellationToken
    )
    {
        var all = new List<DeliveryRow>();
        IReadOnlyList<DeliveryRow> rows;
        do
        {
            var after = all.Count == 0 ? null : all[^1].Name;
            rows = await services.Store.Deliveries.ReadAsync(
                partition,
                EndpointRows.WaitingList(endpoint),
                after,
                RowsAtOnce,
                cancellationToken
            );
            all.AddRange(rows);
        } while (rows.Count == RowsAtOnce);
        return all;
    }

    /// <summary>Takes what an endpoint is to be told of others: from now on it waits like what it did not take.</summary>
    public static async Task<IReadOnlyList<PlannedPost>> TakeNoticesAsync(WebhookServices services, string endpoint)
    {
        var list = EndpointRows.NoticeList(endpoint);
        var rows = await services.Store.Deliveries.ReadAsync(0, list, null, EndpointRows.MostEndpoints, CancellationToken.None);
        if (rows.Count == 0)
            return [];
        PlannedPost[] posts = [.. rows.Select(row => EndpointRows.WaitingOf(0, row))];
        await services.Store.Deliveries.WriteAsync(
            0,
            [.. posts.Select(post => EndpointRows.RowOf(endpoint, post))],
            [.. rows.Select(row => new DeliveryKey(list, row.Name))],
            CancellationToken.None
        );
        return posts;
    }

    /// <summary>How many posts wait for another attempt.</summary>
    public static async Task<int> CountWaitingAsync(WebhookServices services, string endpoint)
    {
        var count = 0;
        for (var partition = 0; partition < services.Store.Partitions; partition++)
            count += (await WaitingAsync(services, partition, endpoint, CancellationToken.None)).Count;
        return count;
    }

    /// <summary>How many rows of the feed an endpoint has before it.</summary>
    public static async Task<long> CountBehindAsync(WebhookServices services, string endpoint)
    {
        var behind = 0L;
        for (var partition = 0; partition < services.Store.Partitions; partition++)
        {
            var ends = await services.Store.Feed.FeedEndsAsync(partition, CancellationToken.None);
            var place = await PlaceAsync(services, endpoint, partition);
            behind += Math.Max(0, ends.Last - (place?.Position ?? 0));
        }

        return behind;
    }

    private static async Task DeleteListsAsync(WebhookServices services, string endpoint)
    {
        for (var partition = 0; partition < services.Store.Partitions; partition++)
            await services.Store.Deliveries.DeleteAsync(partition, EndpointRows.WaitingList(endpoint), CancellationToken.None);
        await services.Store.Deliveries.DeleteAsync(0, EndpointRows.AttemptList(endpoint), CancellationToken.None);
        await services.Store.Deliveries.DeleteAsync(0, EndpointRows.NoticeList(endpoint), CancellationToken.None);
    }

    private static async Task<EventCursor> CursorBeforeAsync(WebhookServices services, int partition, long position)
    {
        var rows =
            position <= 1
                ? []
                : await services.Store.Feed.ReadFeedAsync(partition, position - 1, 1, EventKinds.None, CancellationToken.None);
        // Where what stands before it is kept no longer, the oldest that is kept is the next.
        return rows is [var row] && row.Position == position - 1
            ? EventCursor.Start(partition).After(new EventMark(row.Position, row.BatchId))
            : await services.Reader.OldestAsync(partition, CancellationToken.None);
    }

    private static async Task PutAsync(WebhookServices services, string endpoint, EventCursor cursor)
    {
        var epoch = (await PlaceAsync(services, endpoint, cursor.Partition))?.Epoch ?? 0;
        var name = EndpointRows.ConsumerOf(endpoint);
        var row = new FeedConsumerRow(name, cursor.ToString(), cursor.Position, services.Clock.Time.GetUtcNow(), epoch);
        await services.Store.Feed.SaveConsumerAsync(cursor.Partition, row, CancellationToken.None);
    }

    private static async Task<FeedConsumerRow?> PlaceAsync(WebhookServices services, string endpoint, int partition)
    {
        var consumers = await services.Store.Feed.ReadConsumersAsync(partition, CancellationToken.None);
        return consumers.FirstOrDefault(row => row.Name == EndpointRows.ConsumerOf(endpoint));
    }

    private static async Task BringForwardAsync(WebhookServices services, string endpoint, int partition)
    {
        var now = services.Clock.Time.GetUtcNow();
        foreach (var rows in (await WaitingAsync(services, partition, endpoint, CancellationToken.None)).Chunk(RowsAtOnce))
        {
            var waiting = rows.Select(row => EndpointRows.WaitingOf(partition, row)).ToList();
            waiting.ForEach(post => post.DueAt = now);
            var due = waiting.Select(post => EndpointRows.RowOf(endpoint, post)).ToArray();
            await services.Store.Deliveries.WriteAsync(partition, due, [], CancellationToken.None);
        }
    }
}

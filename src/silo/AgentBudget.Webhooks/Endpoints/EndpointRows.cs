using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentBudget.Orleans.Feed;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Delivering;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>Where endpoints, and what belongs to them, stand in the store: endpoints and their logs in the first partition, a post that
/// waits in that of its event, beside the cursor which has passed it.</summary>
internal static class EndpointRows
{
    /// <summary>The most endpoints of one ledger: each reads the feed by itself, and what it reads and does not want costs as
    /// well.</summary>
    public const int MostEndpoints = 1_000;

    private const int RowsAtOnce = 256;

    /// <summary>Attempts that are kept of an endpoint: a ring, in which a new one takes the place of the oldest.</summary>
    public const int KeptAttempts = 1_000;

    private const string Endpoints = "webhooks";

    /// <summary>The list of what waits for an endpoint.</summary>
    public static string WaitingList(string endpoint) => $"webhooks/{endpoint}/waiting";

    /// <summary>The list of what an endpoint is to be told of others; it waits with the rest from when the endpoint is woken.</summary>
    public static string NoticeList(string endpoint) => $"webhooks/{endpoint}/notices";

    /// <summary>The list of attempts.</summary>
    public static string AttemptList(string endpoint) => $"webhooks/{endpoint}/attempts";

    /// <summary>The endpoint's name as a consumer of the feed.</summary>
    public static string ConsumerOf(string endpoint) => FeedConsumers.OfWebhooks + endpoint;

    public static async Task<IReadOnlyList<StoredEndpoint>> ReadAllAsync(ILedgerStore store, CancellationToken cancellationToken)
    {
        var all = new List<DeliveryRow>();
        IReadOnlyList<DeliveryRow> rows;
        // Those who add the last ones at once can make it a few more: none of them is passed over.
        do
        {
            rows = await store.Deliveries.ReadAsync(0, Endpoints, all.Count == 0 ? null : all[^1].Name, RowsAtOnce, cancellationToken);
            all.AddRange(rows);
        } while (rows.Count == RowsAtOnce);
        return [.. all.Select(EndpointOf)];
    }

    /// <summary>One endpoint; null for none.</summary>
    public static async Task<StoredEndpoint?> FindAsync(ILedgerStore store, string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > WebhookSettings.MaxId || !Ascii.IsValid(id) || id.Any(char.IsControl))
            return null;
        // Behind every id that comes before it: none of an id's characters is behind the tilde.
        var before = $"{id[..^1]}{(char)(id[^1] - 1)}~";
        var rows = await store.Deliveries.ReadAsync(0, Endpoints, before, 1, cancellationToken);
        return rows is [var row] && row.Name == id ? EndpointOf(row) : null;
    }

    private static StoredEndpoint EndpointOf(DeliveryRow row) =>
        JsonSerializer.Deserialize(row.Detail, StoredForms.Default.StoredEndpoint)!;

    public static DeliveryRow RowOf(StoredEndpoint endpoint) =>
        new(Endpoints, endpoint.Id, JsonSerializer.Serialize(endpoint, StoredForms.Default.StoredEndpoint));

    public static DeliveryKey KeyOf(string endpoint) => new(Endpoints, endpoint);

    public static DeliveryRow RowOf(string endpoint, PlannedPost waiting)
    {
        var stored = new StoredPost
        {
            Id = waiting.Post.Id,
            Type = waiting.Post.Type,
            Ledger = waiting.Post.Ledger,
            Body = waiting.Post.Body,
            Failed = waiting.Failed,
            DueAt = waiting.DueAt,
        };
        return new DeliveryRow(WaitingList(endpoint), stored.Id, JsonSerializer.Serialize(stored, StoredForms.Default.StoredPost));
    }

    public static PlannedPost WaitingOf(int partition, DeliveryRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Detail, StoredForms.Default.StoredPost)!;
        var post = new Post(stored.Id, stored.Type, stored.Ledger, stored.Body);
        return PlannedPost.Waiting(post, partition, stored.Failed, stored.DueAt);
    }

    public static DeliveryRow RowOf(string endpoint, StoredAttempt attempt) =>
        new(
            AttemptList(endpoint),
            (attempt.No % KeptAttempts).ToString("d4", CultureInfo.InvariantCulture),
            JsonSerializer.Serialize(attempt, StoredForms.Default.StoredAttempt)
        );

    public static async Task<IReadOnlyList<StoredAttempt>> ReadAttemptsAsync(
        ILedgerStore store,
        string endpoint,
        CancellationToken cancellationToken
    )
    {
        var rows = await store.Deliveries.ReadAsync(0, AttemptList(endpoint), null, KeptAttempts, cancellationToken);
        return
        [
            .. rows.Select(row => JsonSerializer.Deserialize(row.Detail, StoredForms.Default.StoredAttempt)!)
                .OrderByDescending(attempt => attempt.No),
        ];
    }
}

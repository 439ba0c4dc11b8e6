using System.Text.Json;
using AgentBudget.Orleans.Storage;
using AgentBudget.Webhooks.Sending;

namespace AgentBudget.Webhooks.Endpoints;

/// <summary>
/// Tells of an endpoint that it was disabled: to the other endpoints of its tenant and of those above, whatever types they asked for. It is
/// written down with the endpoint itself, so that neither is without the other, and posted like anything that waits.
/// </summary>
internal static class DisabledNotice
{
    /// <summary>Who is told. Whoever gets the events of the endpoint's tenant may know of it, and nobody else.</summary>
    /// <param name="disabled">The endpoint.</param>
    /// <param name="all">All that there are.</param>
    public static IEnumerable<StoredEndpoint> Recipients(StoredEndpoint disabled, IEnumerable<StoredEndpoint> all) =>
        all.Where(other => other.Id != disabled.Id && other.State != WebhookState.Disabled && Covers(other.Filter.Tenant, disabled));

    /// <summary>What is written down for them.</summary>
    /// <param name="disabled">The endpoint.</param>
    /// <param name="all">All that there are.</param>
    /// <param name="at">The time.</param>
    public static IEnumerable<DeliveryRow> RowsOf(StoredEndpoint disabled, IEnumerable<StoredEndpoint> all, DateTimeOffset at)
    {
        var post = EventPosts.OfDisabled(disabled, at);
        var stored = new StoredPost
        {
            Id = post.Id,
            Type = post.Type,
            Ledger = post.Ledger,
            Body = post.Body,
            DueAt = at,
        };
        var detail = JsonSerializer.Serialize(stored, StoredForms.Default.StoredPost);
        // One of each endpoint: what it was disabled for before it was resumed tells nobody anything.
        return Recipients(disabled, all).Select(other => new DeliveryRow(EndpointRows.NoticeList(other.Id), disabled.Id, detail));
    }

    private static bool Covers(TenantPath? tenant, StoredEndpoint disabled) =>
        tenant is null || disabled.Filter.Tenant?.IsWithin(tenant) == true;
}

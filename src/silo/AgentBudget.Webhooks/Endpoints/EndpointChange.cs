namespace AgentBudget.Webhooks.Endpoints;

/// <summary>What becomes of an endpoint that is set.</summary>
internal static class EndpointChange
{
    /// <summary>Refuses another tenant: what waits and what the cursor has before it is the former tenant's, and would go to whoever the
    /// endpoint belongs to now.</summary>
    /// <exception cref="ArgumentException">It is another.</exception>
    public static void EnsureSameTenant(StoredEndpoint known, WebhookSettings settings)
    {
        if (known.Tenant != settings.Tenant?.ToString())
            throw new ArgumentException(
                $"The webhook endpoint '{known.Id}' is of {NameOf(known.Tenant)}, and cannot become one of "
                    + $"{NameOf(settings.Tenant?.ToString())}; remove it and add it anew, or add another."
            );
    }

    /// <summary>The endpoint as it is set: new, or another address, other types, another secret; never another tenant. Whether it is
    /// paused stays as it was.</summary>
    /// <param name="known">As it was; null for a new one, whose secret is given.</param>
    /// <param name="settings">What it is to be.</param>
    /// <param name="services">Keeps secrets.</param>
    /// <param name="now">The time.</param>
    public static StoredEndpoint Set(StoredEndpoint? known, WebhookSettings settings, WebhookServices services, DateTimeOffset now)
    {
        var endpoint =
            known
            ?? new StoredEndpoint
            {
                Id = settings.Id!,
                Url = "",
                Secret = services.Keeper.Protect(settings.Secret!),
            };
        endpoint = endpoint with
        {
            // What another address has not taken says nothing of this one.
            FailingSince = endpoint.Url == settings.Url ? endpoint.FailingSince : null,
            Url = settings.Url,
            Tenant = settings.Tenant?.ToString(),
            Types = settings.Types,
            Description = settings.Description,
            SetAt = now,
            QuietUntil = null,
        };
        return settings.Secret is { } secret && known is not null ? WithSecret(endpoint, secret, services, now) : endpoint;
    }

    /// <summary>The endpoint with another secret; the one that it had signs as well for a while.</summary>
    public static StoredEndpoint WithSecret(StoredEndpoint endpoint, string secret, WebhookServices services, DateTimeOffset now) =>
        services.Keeper.TryUnprotect(endpoint.Secret) switch
        {
            var same when same == secret => endpoint,
            // The keys that it was kept with are gone: a new one mends that.
            null => endpoint with { Secret = services.Keeper.Protect(secret), FormerSecret = null, FormerUntil = null },
            // Receivers may know the first of them alone still: the one in between goes, which nobody need have had.
            _ when now < endpoint.FormerUntil && endpoint.FormerSecret is { } former && services.Keeper.TryUnprotect(former) is not null =>
                endpoint with
                {
                    Secret = services.Keeper.Protect(secret),
                },
            _ => endpoint with
            {
                Secret = services.Keeper.Protect(secret),
                FormerSecret = endpoint.Secret,
                FormerUntil = now + services.Options.SecretOverlap,
            },
        };

    private static string NameOf(string? tenant) => tenant is null ? "the whole ledger" : $"the tenant '{tenant}'";
}

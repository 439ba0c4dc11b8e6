using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Signing;

/// <summary>The secrets that sign for an endpoint: its own, and for a while the one before.</summary>
internal sealed class LiveSecrets(byte[] current, byte[]? former, DateTimeOffset formerUntil)
{
    private readonly byte[][] alone = [current];
    private readonly byte[][] both = former is null ? [current] : [current, former];

    /// <summary>Those of an endpoint. The one before, where it cannot be read, signs no more: nothing waits for it.</summary>
    /// <exception cref="AgentBudgetException">Its own cannot be read: the key is not there.</exception>
    public static LiveSecrets Of(StoredEndpoint endpoint, SecretKeeper keeper) =>
        new(
            SigningSecret.Parse(keeper.Unprotect(endpoint.Secret)),
            endpoint.FormerSecret is { } before && keeper.TryUnprotect(before) is { } former ? SigningSecret.Parse(former) : null,
            endpoint.FormerUntil ?? DateTimeOffset.MinValue
        );

    /// <summary>Those that sign at a time, the newest first.</summary>
    public IReadOnlyList<byte[]> At(DateTimeOffset now) => now < formerUntil ? both : alone;
}

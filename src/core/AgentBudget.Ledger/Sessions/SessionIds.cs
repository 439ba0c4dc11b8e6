using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>
/// What the id of a session may be: 1 to 128 ASCII letters, digits and <c>. _ : / -</c>. A session of a tenant has the tenant's path, an
/// <c>@</c> and a name of its own, such as <c>acme/research@ticket-7</c>: so the id alone finds the tenant, and ids of two tenants cannot
/// meet.
/// </summary>
public static class SessionIds
{
    /// <summary>Stands between the tenant's path and the session's own name.</summary>
    public const char TenantMark = '@';

    /// <summary>The tenant that the id names; null for none.</summary>
    /// <param name="sessionId">A valid id.</param>
    public static TenantPath? TenantOf(string sessionId)
    {
        ArgumentNullException.ThrowIfNull(sessionId);
        var at = sessionId.IndexOf(TenantMark, StringComparison.Ordinal);
        return at > 0 && TenantPath.TryParse(sessionId[..at], out var path, out _) ? path : null;
    }

    /// <summary>The id of a tenant's session.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The session's own name.</param>
    /// <exception cref="ArgumentException">The name is none, or is too long beside the path.</exception>
    public static string OfTenant(TenantPath tenant, string? name)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        Checks.Id(name, "The session's name");
        var id = $"{tenant}{TenantMark}{name}";
        Validate(id);
        return id;
    }

    /// <summary>Checks an id before anything is asked under it.</summary>
    /// <param name="sessionId">The id.</param>
    /// <exception cref="ArgumentException">It is not a session id; the message says what it may be.</exception>
    public static void Validate(string? sessionId) => Validate(sessionId, "The session id");

    internal static void Validate(string? sessionId, string what)
    {
        Checks.Id(sessionId, what);
        var at = sessionId!.IndexOf(TenantMark, StringComparison.Ordinal);
        if (at < 0)
            return;
        if (!TenantPath.TryParse(sessionId[..at], out _, out var problem))
            throw new ArgumentException($"{what} names a tenant before its {TenantMark}, and the tenant's path {problem}");
        if (at == sessionId.Length - 1 || sessionId.IndexOf(TenantMark, at + 1) >= 0)
            throw new ArgumentException($"{what} must have a name of its own after the {TenantMark}, such as acme/research@ticket-7.");
    }

    /// <summary>Checks the id of a session inside a session, which is <c>{parent}/{name}</c>.</summary>
    /// <param name="parentId">The parent's id.</param>
    /// <param name="name">The child's name.</param>
    /// <returns>The child's id.</returns>
    /// <exception cref="ArgumentException">The name is none, or is too long beside the parent's id.</exception>
    public static string OfChild(string parentId, string? name)
    {
        Checks.ChildName(name);
        var id = $"{parentId}/{name}";
        Validate(id, "The child's session id, which is its parent's, a / and its name,");
        return id;
    }
}

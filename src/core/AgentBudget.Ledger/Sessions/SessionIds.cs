using AgentBudget.Ledger;

namespace AgentBudget;

/// <summary>What the id of a session may be: 1 to 128 ASCII letters, digits and <c>. _ : / -</c>.</summary>
public static class SessionIds
{
    /// <summary>Checks an id before anything is asked under it.</summary>
    /// <param name="sessionId">The id.</param>
    /// <exception cref="ArgumentException">It is not a session id; the message says what it may be.</exception>
    public static void Validate(string? sessionId) => Checks.Id(sessionId, "The session id");

    /// <summary>Checks the id of a session inside a session, which is <c>{parent}/{name}</c>.</summary>
    /// <param name="parentId">The parent's id.</param>
    /// <param name="name">The child's name.</param>
    /// <returns>The child's id.</returns>
    /// <exception cref="ArgumentException">The name is none, or is too long beside the parent's id.</exception>
    public static string OfChild(string parentId, string? name)
    {
        Checks.Id(name, "The child's name");
        var id = $"{parentId}/{name}";
        Checks.Id(id, "The child's session id, which is its parent's, a / and its name,");
        return id;
    }
}

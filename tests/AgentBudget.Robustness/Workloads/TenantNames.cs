namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// The tenants of a run, each a tree of three levels, and their sessions. What is called by a tenant's name (sessions, agents, tags,
/// models) is its canary: none of it may come to light at another tenant's.
/// </summary>
public static class TenantNames
{
    /// <summary>Its sessions spend nothing that was not set aside: what is spent and set aside is always within its limits.</summary>
    public const string Strict = "canary-strict";

    /// <summary>Its sessions do all that sessions can, costs after the fact among it.</summary>
    public const string Free = "canary-free";

    /// <summary>The one that is paused.</summary>
    public const string Paused = "canary-paused";

    /// <summary>The one whose grains are away for a while.</summary>
    public const string Away = "canary-away";

    /// <summary>Those that clients work on.</summary>
    public static IReadOnlyList<string> Worked { get; } = [Strict, Free];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Roots { get; } = [Strict, Free, Paused, Away];

    /// <summary>The tenants of a tree, each above those below it.</summary>
    public static IReadOnlyList<string> PathsOf(string root) => [root, .. TeamsOf(root), .. LeavesOf(root)];

    /// <summary>Those of the second level.</summary>
    public static IReadOnlyList<string> TeamsOf(string root) => [$"{root}/north", $"{root}/south"];

    /// <summary>Those of the third level, which have the sessions.</summary>
    public static IReadOnlyList<string> LeavesOf(string root) => [.. TeamsOf(root).SelectMany(team => new[] { $"{team}/x", $"{team}/y" })];

    /// <summary>The id of a session of a tree.</summary>
    public static string SessionId(string root, int index) =>
        FormattableString.Invariant($"{LeavesOf(root)[index % 4]}@{root}-{index:000}");

    /// <summary>The sessions of a tree.</summary>
    public static IEnumerable<string> SessionsOf(string root, int count) =>
        Enumerable.Range(0, count).Select(index => SessionId(root, index));

    /// <summary>What a session of a tree is opened with.</summary>
    public static BudgetSessionOptions OptionsOf(string root) =>
        new()
        {
            Budget = Money.FromNanoDollars(8 * Money.NanoDollarsPerDollar),
            Loops = LoopPolicy.Off,
            Agent = $"{root}-agent",
            Tags = new Dictionary<string, string> { [TagOf(root)] = $"{root}-value" },
        };

    /// <summary>The tag that a tree's sessions have, and that its tenants list.</summary>
    public static string TagOf(string root) => $"{root}-tag";
}

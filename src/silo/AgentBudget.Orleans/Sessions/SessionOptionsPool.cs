using System.Collections.Concurrent;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Gives sessions with the same options the same object: thousands of sessions of one agent differ in nothing but their id. Bounded;
/// once it is full, options are kept one by one.
/// </summary>
internal sealed class SessionOptionsPool
{
    private const int Capacity = 1_024;

    private readonly ConcurrentDictionary<long, BudgetSessionOptions> shared = new();

    /// <summary>The shared options that equal these, or these.</summary>
    public BudgetSessionOptions Share(BudgetSessionOptions options)
    {
        var hash = new OpenCommand { Options = options }.HashBody();
        if (shared.TryGetValue(hash, out var known))
            return AreSame(known, options) ? known : options;
        if (shared.Count < Capacity)
            shared.TryAdd(hash, options);
        return options;
    }

    private static bool AreSame(BudgetSessionOptions left, BudgetSessionOptions right) =>
        ReferenceEquals(left, right)
        || (
            left with { SoftLimits = right.SoftLimits, Tags = right.Tags, Loops = right.Loops } == right
            && left.SoftLimits.SequenceEqual(right.SoftLimits)
            && AreSame(left.Tags, right.Tags)
            && left.Loops == right.Loops
        );

    private static bool AreSame<T>(IReadOnlyDictionary<string, T> left, IReadOnlyDictionary<string, T> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var value) && EqualityComparer<T>.Default.Equals(pair.Value, value));
}

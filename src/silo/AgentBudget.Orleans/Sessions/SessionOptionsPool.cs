using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage.Json;

namespace AgentBudget.Orleans.Sessions;

/// <summary>
/// Gives sessions with the same options the same object: thousands of sessions of one agent differ in nothing but their id. Bounded;
/// once it is full, options are kept one by one.
/// </summary>
internal sealed class SessionOptionsPool
{
    private const int Capacity = 1_024;

    private readonly ConcurrentDictionary<long, (BudgetSessionOptions Options, byte[] Stored)> shared = new();

    /// <summary>The shared options that equal these, or these.</summary>
    public BudgetSessionOptions Share(BudgetSessionOptions options)
    {
        var hash = new OpenCommand { Options = options }.HashBody();
        // By their stored form, which has all of them: lists and maps are copied by whoever is given them, and equal by reference alone.
        var stored = LedgerJson.WriteOptions(options)!;
        if (shared.TryGetValue(hash, out var known))
            return known.Stored.AsSpan().SequenceEqual(stored) ? known.Options : options;
        if (shared.Count < Capacity)
            shared.TryAdd(hash, (options, stored));
        return options;
    }
}

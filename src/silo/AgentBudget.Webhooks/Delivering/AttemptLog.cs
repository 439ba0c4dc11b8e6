using AgentBudget.Webhooks.Endpoints;

namespace AgentBudget.Webhooks.Delivering;

/// <summary>The last attempts of one endpoint, those first that are not written down yet. What comes while the store is away pushes out
/// what was there before.</summary>
internal sealed class AttemptLog
{
    private readonly Lock gate = new();
    private readonly Queue<StoredAttempt> unsaved = [];
    private long last;

    /// <summary>Goes on counting behind what was written down.</summary>
    public void Begin(IReadOnlyList<StoredAttempt> saved)
    {
        lock (gate)
            last = Math.Max(last, saved.Count == 0 ? 0 : saved[0].No);
    }

    public void Add(StoredAttempt attempt)
    {
        lock (gate)
        {
            unsaved.Enqueue(attempt with { No = ++last });
            if (unsaved.Count > EndpointRows.KeptAttempts)
                unsaved.Dequeue();
        }
    }

    /// <summary>Those that are not written down, oldest first.</summary>
    public IReadOnlyList<StoredAttempt> Unsaved()
    {
        lock (gate)
            return [.. unsaved];
    }

    /// <summary>Those up to one were written down.</summary>
    public void Saved(IReadOnlyList<StoredAttempt> attempts)
    {
        lock (gate)
        {
            while (attempts.Count > 0 && unsaved.TryPeek(out var first) && first.No <= attempts[^1].No)
                unsaved.Dequeue();
        }
    }
}

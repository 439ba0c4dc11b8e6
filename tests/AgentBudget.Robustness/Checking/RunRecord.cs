using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Checking;

/// <summary>All that is known of a run when it is over: what clients were told, and what stands in the ledger.</summary>
public sealed record RunRecord
{
    /// <summary>What clients sent and were told.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>What stands in the ledger, by session.</summary>
    public required IReadOnlyDictionary<string, FinalSession> Sessions { get; init; }

    /// <summary>What tenants said, at rest, that was spent below them today.</summary>
    public IReadOnlyList<TenantSpend> Spends { get; init; } = [];

    /// <summary>How the kill switch of a tenant was answered, each time that it was used.</summary>
    public IReadOnlyList<HoldSeen> Holds { get; init; } = [];

    /// <summary>What our own code wrote to the logs of silos and clients, and the tags of what it measured.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>What a consumer of the feed received beside the faults, each event once, in the order in which it came; null when there was
    /// none.</summary>
    public IReadOnlyList<EventSeen>? Events { get; init; }

    /// <summary>Events that it received again.</summary>
    public long RepeatedEvents { get; init; }

    /// <summary>When the ledger was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Whether nothing may be under way between sessions any more: everybody was heard, and nothing was done since.</summary>
    public bool IsAtRest { get; init; }

    /// <summary>How long after its time a reservation may still be open: the sweep's interval, and what faults hold up.</summary>
    public TimeSpan ExpiryGrace { get; init; } = TimeSpan.FromSeconds(90);
}

/// <summary>A pause of a tenant, as whoever paused it was answered.</summary>
/// <param name="Path">The tenant.</param>
/// <param name="Since">When it was asked for.</param>
/// <param name="Answered">When the first answer came.</param>
/// <param name="Told">How many it counts as told.</param>
/// <param name="AnsweredLast">When the last answer came, to the same question.</param>
/// <param name="NotReached">How many were not reached by then.</param>
/// <param name="Until">When it was to be resumed.</param>
public sealed record HoldSeen(
    string Path,
    DateTimeOffset Since,
    DateTimeOffset Answered,
    int Told,
    DateTimeOffset AnsweredLast,
    int NotReached,
    DateTimeOffset Until
);

/// <summary>A session as the ledger holds it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Stored">Head and open reservations.</param>
/// <param name="Timeline">All entries.</param>
public sealed record FinalSession(string Id, StoredLedger? Stored, IReadOnlyList<Entry> Timeline)
{
    private const int PageSize = 1_000;

    /// <summary>A session that was never opened.</summary>
    public static FinalSession Missing(string id) => new(id, null, []);

    /// <summary>The entry of a number, or null.</summary>
    public Entry? At(long sequence) => sequence >= 1 && sequence <= Timeline.Count ? Timeline[(int)sequence - 1] : null;

    /// <summary>Reads the session of each id.</summary>
    public static async Task<IReadOnlyDictionary<string, FinalSession>> ReadAllAsync(
        ILedgerStore store,
        IEnumerable<string> ids,
        CancellationToken cancellationToken
    )
    {
        var sessions = new Dictionary<string, FinalSession>(StringComparer.Ordinal);
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            var entries = new List<Entry>();
            while (await store.ReadAsync(id, entries.Count + 1, PageSize, cancellationToken) is { Count: > 0 } page)
                entries.AddRange(page);
            sessions[id] = new FinalSession(id, await store.LoadAsync(id, cancellationToken), entries);
        }

        return sessions;
    }
}

/// <summary>A law that does not hold.</summary>
/// <param name="Law">Which, such as <c>L3</c>.</param>
/// <param name="Session">Where.</param>
/// <param name="What">What is wrong.</param>
public sealed record Violation(string Law, string Session, string What)
{
    /// <summary>The entry that it is about, 0 for none.</summary>
    public long Sequence { get; init; }

    /// <summary>The operation that it is about.</summary>
    public Operation? Operation { get; init; }

    /// <summary>Law, session and what is wrong, as a sentence.</summary>
    public override string ToString() => $"{Law} is broken in {Session}: {What}";
}

using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Telemetry;
using AgentBudget.Orleans.Writing;
using Microsoft.Extensions.Options;

namespace AgentBudget;

/// <summary>
/// The ledger's instruments, on the meter <see cref="MeterName"/>. Amounts are whole nano-dollars. No instrument carries a session id:
/// sessions are many, and their ids may name customers. A tenant's name stands on those that count money, refusals and sessions where an
/// operator says so (<see cref="TenantsOptions.MetricLevels"/>), and nowhere else.
/// </summary>
public sealed class LedgerMetrics : IDisposable
{
    /// <summary>The meter's name, to be given to a metrics pipeline.</summary>
    public const string MeterName = "AgentBudget.Orleans";

    private readonly Meter meter;
    private readonly TenantTags tenants;
    private readonly Counter<long>? spent;
    private readonly Counter<long>? reserved;
    private readonly Counter<long>? overage;
    private readonly Counter<long>? refusals;
    private readonly Counter<long>? breakers;
    private readonly Counter<long>? loops;
    private readonly Counter<long>? opened;
    private readonly Counter<long>? ended;
    private readonly Counter<long>? fenced;
    private readonly Counter<long>? deadLetters;
    private readonly Counter<long>? lostPlaces;
    private readonly Counter<long>? posts;
    private readonly Counter<long>? postsGivenUp;
    private readonly Counter<long>? fullEndpoints;
    private readonly Counter<long>? billed;
    private readonly Counter<long>? unbilled;
    private readonly UpDownCounter<long>? waitingStreams;
    private readonly UpDownCounter<long>? sessions;
    private readonly UpDownCounter<long>? openSessions;
    private readonly UpDownCounter<long>? reservedMoney;
    private readonly Histogram<long>? batchEntries;
    private readonly Histogram<double>? batchSeconds;

    /// <summary>Makes the instruments.</summary>
    /// <param name="factory">Makes meters.</param>
    /// <param name="options">Says whether tenants stand on them; null for no.</param>
    public LedgerMetrics(IMeterFactory factory, IOptions<AgentBudgetOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        tenants = new TenantTags(options?.Value.Tenants.MetricLevels ?? 0);
        meter = factory.Create(MeterName);
        spent = Counter("agentbudget.spent", "{nano-USD}", "Cost recorded, settled and charged.");
        reserved = Counter("agentbudget.reserved", "{nano-USD}", "Money set aside for calls.");
        overage = Counter("agentbudget.overage", "{nano-USD}", "Cost recorded beyond a budget.");
        refusals = Counter("agentbudget.refusals", "{refusal}", "Operations refused, by reason.");
        breakers = Counter("agentbudget.breaker.opened", "{opening}", "Breakers opened, by reason.");
        loops = Counter("agentbudget.loops.tripped", "{loop}", "Calls taken for a loop, observing sessions included.");
        opened = Counter("agentbudget.sessions.opened", "{session}", "Sessions opened.");
        ended = Counter("agentbudget.sessions.ended", "{session}", "Sessions ended.");
        fenced = Counter("agentbudget.writer.fenced", "{session}", "Writes refused because the session was written from elsewhere.");
        deadLetters = Counter("agentbudget.streams.dead_letters", "{event}", "Events that a consumer did not take, and that are kept.");
        lostPlaces = Counter("agentbudget.streams.lost_places", "{place}", "Places in the feed that hold no more: too old, or restored.");
        posts = Counter("agentbudget.webhooks.attempts", "{attempt}", "Attempts to post an event to a webhook endpoint, by outcome.");
        fullEndpoints = Counter("agentbudget.webhooks.full", "{endpoint}", "Times that an endpoint was full, and got nothing new.");
        postsGivenUp = Counter("agentbudget.webhooks.given_up", "{event}", "Events that an endpoint took with none of all attempts.");
        billed = Counter("agentbudget.billing.sent", "{cost}", "Costs that billing systems took.");
        unbilled = Counter("agentbudget.billing.dead_letters", "{cost}", "Costs that could not be sent to a billing system, and are kept.");
        waitingStreams = UpDownCounter("agentbudget.streams.waiting", "{stream}", "Streams that do not keep up, and go on by themselves.");
        sessions = UpDownCounter("agentbudget.sessions.active", "{session}", "Sessions in this silo's memory.");
        openSessions = UpDownCounter("agentbudget.sessions.open", "{session}", "Open sessions in this silo's memory.");
        reservedMoney = UpDownCounter("agentbudget.reserved.open", "{nano-USD}", "Money set aside now, of sessions in memory.");
        batchEntries = Histogram<long>("agentbudget.writer.batch.entries", "{entry}", "Entries that became durable together.");
        batchSeconds = Histogram<double>("agentbudget.writer.batch.duration", "s", "Time that a batch took to become durable.");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    /// <summary>The tenant's name on the measurements of a ledger; null for none.</summary>
    internal string? TenantOf(string ledgerId) => tenants.NameOf(ledgerId);

    internal void Decided(SessionAnswer answer, IReadOnlyList<Entry> entries, Money overageBefore, string? tenant)
    {
        if (answer.Refusal is { } refusal)
            Quietly.Add(refusals, 1, TenantTags.Of(tenant), new KeyValuePair<string, object?>("reason", Words.Of(refusal.Reason)));
        Decided(entries, tenant);
        var beyond = answer.Standing.Overage - overageBefore;
        if (beyond > Money.Zero)
            Quietly.Add(overage, beyond.NanoDollars, TenantTags.Of(tenant));
    }

    internal void Decided(IReadOnlyList<Entry> entries, string? tenant)
    {
        for (var i = 0; i < entries.Count; i++)
            Wrote(entries[i], tenant);
    }

    internal void Activated() => Quietly.Add(sessions, 1);

    internal void Deactivated() => Quietly.Add(sessions, -1);

    internal void CountOpen(int openSessionsMore, long nanoDollarsMore, string? tenant)
    {
        if (openSessionsMore != 0)
            Quietly.Add(openSessions, openSessionsMore, TenantTags.Of(tenant));
        if (nanoDollarsMore != 0)
            Quietly.Add(reservedMoney, nanoDollarsMore, TenantTags.Of(tenant));
    }

    internal void BecameADeadLetter() => Quietly.Add(deadLetters, 1);

    internal void StreamsWait(int more) => Quietly.Add(waitingStreams, more);

    internal void LostPlace() => Quietly.Add(lostPlaces, 1);

    internal void Posted(bool isAccepted, bool isGivenUp)
    {
        Quietly.Add(posts, 1, new KeyValuePair<string, object?>("outcome", isAccepted ? "accepted" : "failed"));
        if (isGivenUp)
            Quietly.Add(postsGivenUp, 1);
    }

    internal void BecameFull() => Quietly.Add(fullEndpoints, 1);

    internal void Billed(int costs) => Quietly.Add(billed, costs);

    internal void Unbilled(int costs) => Quietly.Add(unbilled, costs);

    internal void WasFenced() => Quietly.Add(fenced, 1);

    internal void Wrote(int entries, TimeSpan duration)
    {
        Quietly.Record(batchEntries, entries);
        Quietly.Record(batchSeconds, duration.TotalSeconds);
    }

    internal void Observe(ILedgerWriterStatus writer)
    {
        Gauge("agentbudget.writer.queue", () => writer.WaitingSessions, "{session}", "Sessions with entries that wait for the writer.");
        Gauge(
            "agentbudget.writer.lag",
            () => writer.Lag.TotalSeconds,
            "s",
            "Time for which the oldest batch being written has been on its way."
        );
    }

    internal void ObserveRetention(Func<IEnumerable<Measurement<double>>> share) =>
        Quietly.Make(() =>
            meter.CreateObservableGauge(
                "agentbudget.feed.retention_used",
                share,
                "1",
                "How old the next event of the consumer farthest behind is, as a share of what is kept at most."
            )
        );

    internal void ObservePriceAge(Func<double> days) =>
        Gauge("agentbudget.prices.age", days, "d", "Days since the newest source of the prices in force.");

    private Counter<long>? Counter(string name, string unit, string description) =>
        Quietly.Make(() => meter.CreateCounter<long>(name, unit, description));

    private UpDownCounter<long>? UpDownCounter(string name, string unit, string description) =>
        Quietly.Make(() => meter.CreateUpDownCounter<long>(name, unit, description));

    private Histogram<T>? Histogram<T>(string name, string unit, string description)
        where T : struct => Quietly.Make(() => meter.CreateHistogram<T>(name, unit, description));

    private void Gauge<T>(string name, Func<T> observe, string unit, string description)
        where T : struct => Quietly.Make(() => meter.CreateObservableGauge(name, observe, unit, description));

    private void Wrote(Entry entry, string? tenant)
    {
        if (entry.OpenReason != OpenReason.None)
            Quietly.Add(breakers, 1, TenantTags.Of(tenant), new KeyValuePair<string, object?>("reason", Words.Of(entry.OpenReason)));
        if (entry.Loop is not null)
            Quietly.Add(loops, 1, TenantTags.Of(tenant));
        if (EntryKinds.Of(entry).IsCost)
            Quietly.Add(spent, entry.Amount.NanoDollars, TenantTags.Of(tenant));
        else if (entry.Kind == EntryKind.Reserved)
            Quietly.Add(reserved, entry.Amount.NanoDollars, TenantTags.Of(tenant));
        // A tenant's ledger is opened, too, and is no session.
        else if (entry is { Kind: EntryKind.Opened, Tenant: null })
            Quietly.Add(opened, 1, TenantTags.Of(tenant));
        else if (entry.Kind == EntryKind.Ended)
            Quietly.Add(ended, 1, TenantTags.Of(tenant));
    }
}

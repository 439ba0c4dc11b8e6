using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Ledger.Tests;

/// <summary>
/// Plays the shell around a ledger: it keeps the timeline, looks up in it what the ledger asks for, and moves a clock by hand. What it
/// knows of the ledger is what a grain knows.
/// </summary>
internal sealed class SessionShell(string sessionId = "s-1")
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Entry> timeline = [];

    public SessionLedger Ledger { get; private set; } = SessionLedger.New(sessionId);

    /// <summary>The ledger of the tenant that the session's id names; null for none.</summary>
    public SessionLedger? Tenant { get; } =
        SessionIds.TenantOf(sessionId) is { } tenant ? SessionLedger.New(TenantLedgers.IdOf(tenant)) : null;

    public IReadOnlyList<Entry> Timeline => timeline;

    public DateTimeOffset Now { get; set; } = Start;

    public SessionHead Head => Ledger.Head;

    public Standing Standing => Ledger.Head.Standing;

    public Entry Last => timeline[^1];

    public void Wait(TimeSpan time) => Now += time;

    public void WaitSeconds(double seconds) => Wait(TimeSpan.FromSeconds(seconds));

    /// <summary>Runs a command as a grain does: validate, look up, decide, write.</summary>
    public SessionAnswer Run(SessionCommand command)
    {
        command.Validate();
        var decision = Ledger.Execute(command, LookUpFor(command), Now);
        timeline.AddRange(decision.Entries);
        return decision.Answer;
    }

    /// <summary>What the sweep does: expires what is due.</summary>
    public IReadOnlyList<Entry> Sweep()
    {
        var entries = Ledger.ExpireDue(Now);
        timeline.AddRange(entries);
        return entries;
    }

    /// <summary>What another activation does: builds the ledger anew from what is stored.</summary>
    public void Reload()
    {
        var since = SessionLedger.LoopEntriesSince(Head);
        var recent = timeline.Where(entry => entry.At >= since).TakeLast(Bounds.LoopEntries).ToArray();
        Ledger = SessionLedger.Restore(Head, Ledger.OpenReservations.Values.ToArray(), Ledger.OpenHolders.Values.ToArray(), recent);
    }

    private LookUps LookUpFor(SessionCommand command)
    {
        var number = Ledger.EntryToLookUp(command);
        return new LookUps
        {
            Admission =
                command is OpenCommand open && Ledger.RequestFor(open, mustBeSet: false, Now) is { } request
                    ? Tenant!.Receive(request, Evidence.None, Now).Reply
                    : null,
            Prior = command.Key is null ? null : timeline.FirstOrDefault(entry => entry.Key == command.Key),
            Target = number >= 1 && number <= timeline.Count ? timeline[(int)number - 1] : null,
            Related = number == 0 ? [] : timeline.Where(entry => entry.IsRelatedLookup && entry.Related == number).ToArray(),
        };
    }
}

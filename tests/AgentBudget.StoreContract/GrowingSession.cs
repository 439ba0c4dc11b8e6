using AgentBudget.Ledger.Between;
using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>A session that grows by commands, as an activation would have it, and the appends in which its entries travel to a
/// store.</summary>
public sealed class GrowingSession
{
    /// <summary>When every session of the contract begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static long lastAppendId;

    private readonly string sessionId;
    private readonly SessionLedger ledger;
    private readonly List<Entry> entries;
    private DateTimeOffset? storedDueAt;
    private long storedEvent;

    /// <summary>A session that does not exist yet.</summary>
    /// <param name="sessionId">Its id, which need not be one that the ledger would take: stores have no rules about ids.</param>
    /// <param name="tenant">Its tenant.</param>
    public GrowingSession(string sessionId, string? tenant = null)
        : this(sessionId, tenant, SessionLedger.New(tenant is null ? "session" : $"{tenant}@session"), [], null) { }

    private GrowingSession(string sessionId, string? tenant, SessionLedger ledger, List<Entry> entries, DateTimeOffset? storedDueAt)
    {
        this.sessionId = sessionId;
        this.ledger = ledger;
        this.entries = entries;
        this.storedDueAt = storedDueAt;
        Tenant = tenant;
    }

    public string Id => sessionId;

    public string? Tenant { get; }

    /// <summary>Its clock.</summary>
    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>The due time that the next append carries.</summary>
    public DateTimeOffset DueAt { get; set; } = Start.AddDays(1);

    public SessionHead Head => ledger.Head with { SessionId = sessionId };

    public IReadOnlyList<Entry> Entries => entries;

    public IEnumerable<Reservation> OpenReservations => ledger.OpenReservations.Values;

    public IEnumerable<HolderRow> OpenHolders => ledger.OpenHolders.Values;

    /// <summary>Another activation of the same session, which knows what this one knows.</summary>
    public GrowingSession Twin() =>
        new(sessionId, Tenant, SessionLedger.Restore(ledger.Head, OpenReservations, OpenHolders, entries), [.. entries], storedDueAt)
        {
            Now = Now,
            DueAt = DueAt,
            storedEvent = storedEvent,
        };

    /// <summary>Lets time pass.</summary>
    public GrowingSession After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public LedgerAppend Open(string budget = "2000") =>
        Do(
            new OpenCommand
            {
                Options = new BudgetSessionOptions
                {
                    Budget = Money.Parse(budget),
                    Tenant = Tenant is null ? null : TenantPath.Parse(Tenant),
                    Loops = LoopPolicy.Off,
                    CarvedChildren = Bounds.CarvedChildren,
                    Tags = new Dictionary<string, string> { ["größe"] = "'\";-- 漢字 🙂" },
                },
            }
        );

    public LedgerAppend Charge(string? key = null, string cost = "0.01") => Do(ChargeOf(key, cost));

    public LedgerAppend Charge(IEnumerable<string> keys) => Do([.. keys.Select(key => ChargeOf(key, "0.01"))]);

    public LedgerAppend Reserve(string? key = null, string amount = "0.25") =>
        Do(
            new ReserveCommand
            {
                Amount = Money.Parse(amount),
                Call = Call.Model("gpt-5"),
                Key = key,
            }
        );

    /// <summary>Decides commands and hands over their entries in one append.</summary>
    public LedgerAppend Do(params SessionCommand[] commands)
    {
        var expected = Head.Sequence;
        var written = new List<Entry>();
        foreach (var command in commands)
        {
            var decision = ledger.Execute(command, LookUpsFor(command), Now);
            if (!decision.Answer.IsGranted)
                throw new InvalidOperationException($"{command} was refused: {decision.Answer.Refusal}");
            written.AddRange(decision.Entries);
            entries.AddRange(decision.Entries);
        }

        return AppendOf(expected, written);
    }

    /// <summary>Sets money aside for holders, in one append.</summary>
    public LedgerAppend Fund(IEnumerable<string> holderIds, string amount = "1")
    {
        var expected = Head.Sequence;
        var written = new List<Entry>();
        foreach (var holderId in holderIds)
        {
            var open = new OpenCarvedChildCommand
            {
                Child = holderId,
                Options = new BudgetSessionOptions { Budget = Money.Parse(amount) },
            };
            written.AddRange(ledger.Execute(open, LookUps.None, Now).Entries);
        }

        entries.AddRange(written);
        return AppendOf(expected, written);
    }

    /// <summary>Hears what holders say, in one append.</summary>
    public LedgerAppend Hear(params HolderSays[] words)
    {
        var expected = Head.Sequence;
        var written = new List<Entry>();
        foreach (var says in words)
        {
            var row = says.ClosedRow ?? ledger.OpenHolders[says.HolderId];
            var evidence = new Evidence
            {
                IsProven = true,
                AsOf = Head.Sequence,
                Row = says.ClosedRow,
            };
            written.AddRange(ledger.Receive(says.Of(ledger.Head, row, Now), evidence, Now).Entries);
        }

        entries.AddRange(written);
        return AppendOf(expected, written);
    }

    private LedgerAppend AppendOf(long expected, List<Entry> written)
    {
        var isDueChanged = storedDueAt != DueAt;
        storedDueAt = DueAt;
        var previous = storedEvent;
        storedEvent = Head.LastEventSequence;
        return new LedgerAppend(Interlocked.Increment(ref lastAppendId), expected, written, Head, DueAt, isDueChanged)
        {
            PreviousEvent = previous,
        };
    }

    private static ChargeCommand ChargeOf(string? key, string cost) =>
        new()
        {
            Cost = Money.Parse(cost),
            Call = Call.Tool("search"),
            Key = key,
        };

    private LookUps LookUpsFor(SessionCommand command)
    {
        // Admitted, and given all its budget, by a tenant that was never set and that nobody stores.
        if (
            command is OpenCommand open
            && ledger.RequestFor(open, mustBeSet: false, Now) is { } request
            && SessionLedger.New("~root").Receive(request, Evidence.None, Now).Reply is Invitation invitation
        )
            return LookUps.None with { Admission = invitation with { Granted = open.Options.Budget } };
        var target = ledger.EntryToLookUp(command);
        return target == 0
            ? LookUps.None
            : new LookUps
            {
                Target = entries[(int)target - 1],
                Related = [.. entries.Where(entry => entry.IsRelatedLookup && entry.Related == target)],
            };
    }
}

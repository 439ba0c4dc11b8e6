using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Tests.Checking;

/// <summary>A small history of one session: what the ledger really does and answers, to be falsified by a test afterwards.</summary>
internal sealed class Story
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SessionLedger ledger;
    private long number;

    public Story(
        string id = "session",
        string budget = "1.00",
        Func<BudgetSessionOptions, BudgetSessionOptions>? with = null,
        CarveOrigin? origin = null
    )
    {
        ledger = SessionLedger.New(id);
        var options = new BudgetSessionOptions { Budget = Money.Parse(budget) };
        Do(new OpenCommand { Options = with is null ? options : with(options), Origin = origin });
    }

    /// <summary>The entries, for tests to falsify.</summary>
    public List<Entry> Timeline { get; } = [];

    /// <summary>The operations, for tests to falsify.</summary>
    public List<Operation> Operations { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public string Id => ledger.Head.SessionId;

    /// <summary>Sends a command, which becomes durable and is answered.</summary>
    public Operation Do(SessionCommand command, int attempts = 1)
    {
        Now += TimeSpan.FromSeconds(1);
        var decision = ledger.Execute(command, LookUpsFor(command), Now);
        Timeline.AddRange(decision.Entries);
        return Add(
            new Invocation
            {
                Number = ++number,
                Client = "c0",
                Session = Id,
                SentAt = Now,
                Command = command,
            },
            decision.Answer,
            attempts
        );
    }

    /// <summary>Carves a child, whose own story is another one.</summary>
    public Entry Carve(string child, string amount)
    {
        Now += TimeSpan.FromSeconds(1);
        var request = new OpenCarvedChildRequest
        {
            Child = child,
            Options = new BudgetSessionOptions { Budget = Money.Parse(amount) },
            Key = $"carve-{child}",
        };
        Timeline.AddRange(ledger.Execute(Invocation.CarveOf(request), LookUps.None, Now).Entries);
        return Timeline[^1];
    }

    public Operation Charge(string cost, string key, int attempts = 1) =>
        Do(
            new ChargeCommand
            {
                Cost = Money.Parse(cost),
                Call = Call.Tool("tool"),
                Key = key,
            },
            attempts
        );

    public Operation Reserve(string amount, string key, Call? call = null) =>
        Do(
            new ReserveCommand
            {
                Amount = Money.Parse(amount),
                Call = call ?? Call.Tool("tool"),
                Key = key,
            }
        );

    /// <summary>The client gave up before it knew.</summary>
    public void MakeUnknown(Operation operation) =>
        Replace(operation, operation with { Outcome = operation.Outcome! with { Answer = null } });

    public void ReplaceAnswer(Operation operation, SessionAnswer answer) =>
        Replace(operation, operation with { Outcome = operation.Outcome! with { Answer = answer } });

    public void Replace(Operation operation, Operation by) => Operations[Operations.IndexOf(operation)] = by;

    /// <summary>What the checker finds, session by session.</summary>
    /// <param name="head">The stored head; null for the fold of the timeline, where it has one.</param>
    /// <param name="others">Other sessions of the same run.</param>
    public IReadOnlyList<Violation> Check(SessionHead? head = null, params Story[] others)
    {
        Story[] all = [this, .. others];
        return HistoryChecker.Check(
            new RunRecord
            {
                Operations = [.. all.SelectMany(story => story.Operations)],
                Sessions = all.ToDictionary(story => story.Id, story => story.Final(story == this ? head : null)),
                ReadAt = all.Max(story => story.Now) + TimeSpan.FromSeconds(1),
            }
        );
    }

    /// <summary>The fold of the timeline as far as it goes.</summary>
    public (SessionHead Head, IReadOnlyList<Reservation> Open) Fold()
    {
        var open = new Dictionary<long, Reservation>();
        var head = new SessionHead { SessionId = Id };
        foreach (var entry in Timeline.TakeWhile((entry, place) => entry.Sequence == place + 1))
        {
            Reservation.Follow(open, entry);
            head = head.After(entry);
        }

        return (head, [.. open.Values]);
    }

    private FinalSession Final(SessionHead? head)
    {
        if (head is not null)
            return new FinalSession(Id, new StoredLedger(head, [.. ledger.OpenReservations.Values], [], DateTimeOffset.MaxValue), Timeline);
        var (folded, open) = Fold();
        return new FinalSession(Id, new StoredLedger(folded, open, [], DateTimeOffset.MaxValue), Timeline);
    }

    private Operation Add(Invocation invocation, SessionAnswer answer, int attempts)
    {
        var outcome = new Outcome
        {
            Number = invocation.Number,
            Client = invocation.Client,
            At = invocation.SentAt + TimeSpan.FromMilliseconds(100),
            Attempts = attempts,
            Answer = answer,
        };
        var operation = new Operation(invocation, outcome);
        Operations.Add(operation);
        return operation;
    }

    private LookUps LookUpsFor(SessionCommand command)
    {
        if (Timeline.Find(entry => entry.Key is not null && entry.Key == command.Key) is { } prior)
            return new LookUps { Prior = prior };
        var target = ledger.EntryToLookUp(command);
        return target == 0
            ? LookUps.None
            : new LookUps
            {
                Target = Timeline.Find(entry => entry.Sequence == target),
                Related = [.. Timeline.Where(entry => entry.IsRelatedLookup && entry.Related == target)],
            };
    }
}

using AgentBudget.Ledger.Between;
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

    // A session that its parent opens.
    private Story(string id) => ledger = SessionLedger.New(id);

    public Story(string id = "session", string budget = "1.00", Func<BudgetSessionOptions, BudgetSessionOptions>? with = null)
    {
        ledger = SessionLedger.New(id);
        var options = new BudgetSessionOptions { Budget = Money.Parse(budget) };
        Do(new OpenCommand { Options = with is null ? options : with(options) });
    }

    /// <summary>The entries, for tests to falsify.</summary>
    public List<Entry> Timeline { get; } = [];

    /// <summary>The operations, for tests to falsify.</summary>
    public List<Operation> Operations { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public string Id => ledger.Head.SessionId;

    /// <summary>A tenant with a limit in total.</summary>
    public static Story Tenant(string path, string limit)
    {
        var story = new Story("~" + path);
        story.Do(
            new SetTenantCommand
            {
                Settings = new TenantSettings { TotalLimit = Money.Parse(limit) },
                Key = "set",
            }
        );
        return story;
    }

    /// <summary>A session of this tenant, opened with its leave.</summary>
    public Story Admit(string name, string budget)
    {
        var story = new Story($"{Id[1..]}@{name}") { Now = Now };
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off },
        };
        var received = ledger.Receive(story.ledger.RequestFor(open, mustBeSet: false, Now)!, Evidence.None, Now);
        Timeline.AddRange(received.Entries);
        story.Do(open, admission: received.Reply);
        return story;
    }

    /// <summary>Sends a command, which becomes durable and is answered.</summary>
    public Operation Do(SessionCommand command, int attempts = 1, LedgerMessage? admission = null)
    {
        Now += TimeSpan.FromSeconds(1);
        var decision = ledger.Execute(command, LookUpsFor(command) with { Admission = admission }, Now);
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

    /// <summary>A child of this session, which has registered and has its money.</summary>
    public Story Carve(string child, string amount)
    {
        var story = new Story(child);
        var opening = Do(
            new OpenCarvedChildCommand
            {
                Child = child,
                Options = new BudgetSessionOptions { Budget = Money.Parse(amount) },
                Key = $"carve-{child}",
            }
        );
        Said(ledger.WordForHolder(ledger.OpenHolders[child], Now), story);
        // Whoever opens it is answered when it has registered.
        ReplaceAnswer(opening, SessionAnswer.Of(Timeline.Find(entry => entry.Kind == EntryKind.HolderRegistered)!));
        return story;
    }

    /// <summary>The child tells its parent what it has done.</summary>
    public void Report(Story parent)
    {
        var (after, through) = ledger.ToReport;
        Said(ledger.WordForParent([.. Timeline.Skip((int)after).Take((int)(through - after))], Now), parent);
    }

    /// <summary>The child asks its parent for something, which decides it.</summary>
    /// <param name="command">What it asks for.</param>
    /// <param name="parent">The parent.</param>
    /// <param name="isHeard">Whether it hears of what came of that, and its caller is answered.</param>
    public Operation Ask(SessionCommand command, Story parent, bool isHeard = false)
    {
        var asked = Do(command);
        parent.Now = Now;
        if (isHeard)
        {
            Said(ledger.WordForParent([], Now), parent);
            return ReplaceAnswer(asked, SessionAnswer.Of(Timeline.Find(entry => entry.Key == command.Key)!));
        }

        MakeUnknown(asked);
        parent.Timeline.AddRange(parent.ledger.Receive(ledger.WordForParent([], Now), Evidence.None, Now).Entries);
        return asked;
    }

    private void Said(LedgerMessage? message, Story to)
    {
        for (var from = this; message is not null; (from, to) = (to, from))
        {
            var received = to.ledger.Receive(message, Evidence.None, Now);
            to.Timeline.AddRange(received.Entries);
            message = received.Reply;
        }
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

    public Operation ReplaceAnswer(Operation operation, SessionAnswer answer)
    {
        var by = operation with { Outcome = operation.Outcome! with { Answer = answer } };
        Replace(operation, by);
        return by;
    }

    public void Replace(Operation operation, Operation by) => Operations[Operations.IndexOf(operation)] = by;

    /// <summary>What the checker finds, session by session.</summary>
    /// <param name="head">The stored head; null for the fold of the timeline, where it has one.</param>
    /// <param name="others">Other sessions of the same run.</param>
    public IReadOnlyList<Violation> Check(SessionHead? head = null, params Story[] others) => Check(head, isAtRest: false, others);

    /// <summary>What it finds when nothing may be under way any more.</summary>
    public IReadOnlyList<Violation> CheckAtRest(params Story[] others) => Check(head: null, isAtRest: true, others);

    /// <summary>What it finds with more that was seen of the run.</summary>
    public IReadOnlyList<Violation> Check(Func<RunRecord, RunRecord> with, params Story[] others) =>
        HistoryChecker.Check(with(Record(head: null, isAtRest: false, others)));

    private IReadOnlyList<Violation> Check(SessionHead? head, bool isAtRest, Story[] others) =>
        HistoryChecker.Check(Record(head, isAtRest, others));

    private RunRecord Record(SessionHead? head, bool isAtRest, Story[] others)
    {
        Story[] all = [this, .. others];
        return new RunRecord
        {
            Operations = [.. all.SelectMany(story => story.Operations)],
            Sessions = all.ToDictionary(story => story.Id, story => story.Final(story == this ? head : null)),
            ReadAt = all.Max(story => story.Now) + TimeSpan.FromSeconds(1),
            IsAtRest = isAtRest,
        };
    }

    /// <summary>The fold of the timeline as far as it goes.</summary>
    public (SessionHead Head, IReadOnlyList<Reservation> Open, IReadOnlyList<HolderRow> Holders) Fold()
    {
        var open = new OpenRows();
        var head = new SessionHead { SessionId = Id };
        foreach (var entry in Timeline.TakeWhile((entry, place) => entry.Sequence == place + 1))
        {
            open.Follow(entry);
            head = head.After(entry);
        }

        return (head, [.. open.Reservations.Values], [.. open.Holders.Values]);
    }

    private FinalSession Final(SessionHead? head)
    {
        if (head is not null)
            return new FinalSession(
                Id,
                new StoredLedger(head, [.. ledger.OpenReservations.Values], [.. ledger.OpenHolders.Values], DateTimeOffset.MaxValue),
                Timeline
            );
        var (folded, open, holders) = Fold();
        return new FinalSession(Id, new StoredLedger(folded, open, holders, DateTimeOffset.MaxValue), Timeline);
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

namespace AgentBudget.Ledger.Tests;

/// <summary>Turns the numbers of a step into a command that makes sense, or nearly, where the session stands.</summary>
internal sealed class CommandMaker(Scenario scenario, NaiveSession model)
{
    private static readonly string[] Children = ["c1", "c2", "c3"];

    private static readonly Call[] Calls =
    [
        new()
        {
            Kind = CallKind.Tool,
            Name = "free",
            Fingerprint = 9,
        },
        Call.Model("gpt"),
        new()
        {
            Kind = CallKind.Tool,
            Name = "search",
            Fingerprint = 1,
        },
        new()
        {
            Kind = CallKind.Tool,
            Name = "search",
            Fingerprint = 1,
            Agent = "planner",
        },
        new()
        {
            Kind = CallKind.Tool,
            Name = "search",
            Fingerprint = 2,
        },
        new()
        {
            Kind = CallKind.Tool,
            Name = "poll",
            Fingerprint = 3,
        },
        Call.Tool("blind"),
        Call.Model("gpt") with
        {
            Fingerprint = 4,
        },
        new()
        {
            Kind = CallKind.Tool,
            Name = "search",
            Fingerprint = 5,
            Changes = true,
        },
    ];

    private readonly List<SessionCommand> sent = [];
    private readonly OpenCommand open = new() { Options = scenario.Terms.Options };

    public SessionCommand Make(Step step, int index)
    {
        var retried = sent.Count == 0 ? null : sent[step.Which % sent.Count];
        if (step.Key == 7 && retried is not null)
            return retried;
        var command = Draft(step, index);
        var key = step.Key switch
        {
            >= 4 and <= 6 => $"key-{index}",
            8 when step.Bits % 4 == 0 => retried?.Key,
            _ => null,
        };
        if (key is null)
            return command;
        command = command with { Key = key };
        sent.Add(command);
        return command;
    }

    private SessionCommand Draft(Step step, int index)
    {
        if (index == 0 && step.Bits % 64 != 0)
            return open;
        var needsReservation = step.Op is >= 24 and < 49 && step.Bits % 32 != 0;
        if (needsReservation && !model.Facts.Any(fact => fact.Kind == EntryKind.Reserved))
            return Reserve(step);
        return step.Op switch
        {
            < 24 => Reserve(step),
            < 40 => new SettleCommand
            {
                ReservationId = Reservation(step),
                Cost = Cost(step),
                Call = SettledCall(step),
            },
            < 45 => new ReleaseCommand { ReservationId = Reservation(step), Error = step.Bits % 3 == 0 ? 7UL : 0 },
            < 47 => new GrowCommand
            {
                ReservationId = Reservation(step),
                Amount = AboveZero(step),
                LeastAmount = step.Bits % 5 == 0 ? Money.Min(AboveZero(step), Money.FromNanoDollars(step.Least)) : null,
                IsFinal = step.Bits % 7 == 0,
            },
            < 49 => new ExtendCommand { ReservationId = Reservation(step), TimeToLive = TimeSpan.FromSeconds(1 + step.Least) },
            < 59 when step.Bits % 16 == 5 => ChargeCommand.ByUsage(Call.Model("gpt-5") with { Usage = new TokenUsage(1, 1) }),
            < 59 => new ChargeCommand
            {
                Cost = Usual(step),
                Call = WithResult(CallOf(step), step),
                Child = ChildOrNone(step),
            },
            < 64 => new TopUpCommand { Amount = AboveZero(step) },
            < 68 => new SetBudgetCommand { Budget = AboveZero(step) },
            < 74 => Correct(step),
            < 77 => new PauseCommand { Source = Source(step) },
            < 83 => new ResumeCommand { Source = Source(step) },
            < 90 => new OpenSharedChildCommand { Child = Child(step) },
            < 93 => new CloseSharedChildCommand { Child = Child(step) },
            < 97 => Reserve(step),
            97 when step.Bits % 2 == 0 => new CloseCommand { IsStop = step.Bits % 4 == 0 },
            97 => new ResumeCommand { Source = Source(step) },
            98 => new OpenCommand { Options = open.Options with { Agent = step.Bits % 2 == 0 ? null : "other" } },
            _ => open,
        };
    }

    private ReserveCommand Reserve(Step step) =>
        new()
        {
            Amount = Usual(step),
            LeastAmount = step.Bits % 5 == 0 ? Money.Min(Usual(step), Money.FromNanoDollars(step.Least)) : null,
            IsFinal = step.Bits % 7 == 0,
            TimeToLive = TimeSpan.FromSeconds(1 + step.Least),
            Call = CallOf(step),
            Child = ChildOrNone(step),
        };

    // About what was reserved, more often than not.
    private Money Cost(Step step)
    {
        var reserved = model.Facts.FirstOrDefault(fact => fact.Kind == EntryKind.Reserved && fact.Number == Reservation(step))?.Amount ?? 0;
        return (step.Bits % 8) switch
        {
            0 or 1 or 2 => Money.FromNanoDollars(reserved),
            3 => Money.FromNanoDollars(reserved + 1),
            4 => Money.FromNanoDollars(Math.Max(0, reserved - 1)),
            _ => Usual(step),
        };
    }

    private CorrectCommand Correct(Step step)
    {
        var difference = step.Bits % 2 == 0 ? 1 + (step.Amount % 10) : -1 - (step.Amount % 10);
        return new CorrectCommand
        {
            EntrySequence = step.Which % (model.Facts.Count + 2),
            Difference = Money.FromNanoDollars(difference),
            Reason = "invoice",
        };
    }

    private long Reservation(Step step)
    {
        if (step.Which % 10 == 9)
            return step.Which;
        var open = model.Now.Open;
        if (open.Count > 0 && step.Which % 4 != 0)
            return open[step.Which % open.Count].Number;
        var all = model.Facts.Where(fact => fact.Kind == EntryKind.Reserved).ToList();
        return all.Count == 0 ? 1 : all[step.Which % all.Count].Number;
    }

    // From zero to a little over the budget; half of the time about what is still there, so that limits are met exactly.
    private Money Usual(Step step)
    {
        var budget = Math.Max(model.Now.Budget, scenario.Terms.Budget);
        var room = model.Now.Options is null ? 0 : model.Now.Room(step.Bits % 7 == 0);
        return Money.FromNanoDollars(
            (step.Amount % 6) switch
            {
                0 => room,
                1 => room + 1,
                2 => step.Amount % (room + 1),
                3 => step.Amount % (budget + 3),
                _ => step.Amount % ((budget / 4) + 2),
            }
        );
    }

    private Money AboveZero(Step step) => Money.Max(Usual(step), Money.FromNanoDollars(1));

    private static Call CallOf(Step step) =>
        step.Bits % 64 == 5 ? Calls[step.Call % Calls.Length] with { AfterUser = true } : Calls[step.Call % Calls.Length];

    // What was reserved, with a result that comes again more often than not; now and then without one, or as another call.
    private Call? SettledCall(Step step)
    {
        if (step.Least == 0)
            return Calls[1];
        var reserved = model.Facts.FirstOrDefault(fact => fact.Kind == EntryKind.Reserved && fact.Number == Reservation(step))?.Call;
        return reserved is null || step.Bits % 8 == 7 ? null : WithResult(reserved, step);
    }

    private static Call WithResult(Call call, Step step) =>
        call with
        {
            Result = (step.Bits % 5) switch
            {
                0 => 0UL,
                1 => (3UL << 32) + (ulong)(step.Amount + 10),
                2 => 2UL,
                _ => 1UL,
            },
            Failed = step.Bits % 5 >= 3 && step.Which % 2 == 0,
        };

    private static PauseSources Source(Step step) => step.Bits % 3 == 0 ? PauseSources.Parent : PauseSources.Operator;

    private static string Child(Step step) => Children[step.Least % Children.Length];

    // A child that was opened, more often than not.
    private string? ChildOrNone(Step step)
    {
        if (step.Bits % 11 < 7)
            return null;
        var opened = model.Facts.LastOrDefault(fact => fact.Kind == EntryKind.ChildOpened)?.Child;
        return step.Bits % 11 == 7 ? Child(step) : opened;
    }
}

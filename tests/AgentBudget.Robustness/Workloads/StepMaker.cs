namespace AgentBudget.Robustness.Workloads;

/// <summary>What a worker does next: a command or a read.</summary>
internal sealed record Step(SessionCommand? Command = null, ReadKind Read = ReadKind.Standing, bool IsSentBefore = false);

/// <summary>How something is read.</summary>
internal enum ReadKind
{
    Standing,
    Report,
    Timeline,
}

/// <summary>Chooses steps, weighted, from what a client knows of a session.</summary>
internal sealed class StepMaker(int seed, string client, Random random)
{
    private static readonly string[] Tools = ["search", "fetch", "compile"];
    private long keys;

    /// <summary>The next step on a session.</summary>
    public Step Next(SessionNotes notes, Func<long> nextKey)
    {
        keys = nextKey();
        lock (notes.Gate)
        {
            if (!notes.IsOpened)
                return new Step(new OpenCommand { Options = SessionPlan.OptionsOf(seed, notes.Index) });
            return random.Next(1000) switch
            {
                < 230 => new Step(Reserve(notes)),
                < 420 => Settle(notes),
                < 470 => notes.Open.Count > 0
                    ? new Step(new ReleaseCommand { ReservationId = Take(notes.Open).Id, Key = Key() })
                    : new Step(Charge(notes)),
                < 500 => notes.Open.Count > 0
                    ? new Step(
                        new ExtendCommand
                        {
                            ReservationId = Any(notes.Open).Id,
                            TimeToLive = TimeSpan.FromMinutes(random.Next(1, 20)),
                            Key = Key(),
                        }
                    )
                    : new Step(Charge(notes)),
                < 520 => notes.Open.Count > 0
                    ? new Step(
                        new GrowCommand
                        {
                            ReservationId = Any(notes.Open).Id,
                            Amount = Cents(1, 20),
                            LeastAmount = random.Next(2) == 0 ? null : Cents(1, 1),
                            Key = Key(),
                        }
                    )
                    : new Step(Charge(notes)),
                < 700 => new Step(Charge(notes)),
                < 770 => new Step(new TopUpCommand { Amount = Cents(1, 80), Key = Key() }),
                < 785 => new Step(new SetBudgetCommand { Budget = Cents(50, 800), Key = Key() }),
                < 820 => Correct(notes),
                < 828 => new Step(new PauseCommand { Key = Key(), Reason = "to look" }),
                < 855 => new Step(new ResumeCommand { Key = Key() }),
                < 870 => new Step(
                    new OpenSharedChildCommand { Child = FormattableString.Invariant($"helper-{random.Next(6)}"), Key = Key() }
                ),
                < 876 => notes.Shared.Count > 0
                    ? new Step(new CloseSharedChildCommand { Child = Take(notes.Shared), Key = Key() })
                    : new Step(Charge(notes)),
                < 892 => Carve(notes),
                < 896 => new Step(new CloseCommand { Key = Key(), IsStop = random.Next(2) == 0 }),
                < 930 => SendAgain(notes),
                < 940 => OtherBody(notes),
                < 975 => new Step(),
                < 990 => new Step(Read: ReadKind.Report),
                _ => new Step(Read: ReadKind.Timeline),
            };
        }
    }

    // Now and then a key such as a protocol might use for itself: the callers' names are theirs alone.
    private string Key() =>
        random.Next(20) == 0
            ? FormattableString.Invariant($"return:{random.Next(2, 40)}:{client}.{keys}")
            : FormattableString.Invariant($"{client}.{keys}");

    private ReserveCommand Reserve(SessionNotes notes)
    {
        var amount =
            random.Next(20) == 0 ? Cents(100, 900)
            : random.Next(15) == 0 ? Money.Zero
            : Cents(1, 25);
        return new ReserveCommand
        {
            Amount = amount,
            LeastAmount = random.Next(6) == 0 ? Money.FromNanoDollars(amount.NanoDollars / 2) : null,
            Call = AnyCall(),
            IsFinal = random.Next(12) == 0,
            TimeToLive = TimeSpan.FromSeconds(random.Next(5) == 0 ? random.Next(1, 6) : random.Next(30, 600)),
            Child = random.Next(8) == 0 && notes.Shared.Count > 0 ? Any(notes.Shared) : null,
            Key = Key(),
        };
    }

    private Step Settle(SessionNotes notes)
    {
        var isLate = random.Next(12) == 0 && notes.Past.Count > 0;
        if (!isLate && notes.Open.Count == 0)
            return new Step(Charge(notes));
        var (id, amount) = isLate ? Any(notes.Past) : Take(notes.Open);
        var cost = random.Next(15) == 0 ? amount + Cents(1, 30) : Money.FromNanoDollars(random.NextInt64(0, amount.NanoDollars + 1));
        return new Step(
            new SettleCommand
            {
                ReservationId = id,
                Cost = cost,
                Call = random.Next(2) == 0 ? AnyCall() : null,
                Key = Key(),
            }
        );
    }

    private ChargeCommand Charge(SessionNotes notes) =>
        new()
        {
            Cost = random.Next(40) == 0 ? Cents(50, 200) : Money.FromNanoDollars(random.NextInt64(0, 60_000_000)),
            Call = AnyCall(),
            Child = random.Next(8) == 0 && notes.Shared.Count > 0 ? Any(notes.Shared) : null,
            Key = Key(),
        };

    private Step Correct(SessionNotes notes)
    {
        if (notes.Costs.Count == 0)
            return new Step(Charge(notes));
        var (sequence, amount) = Any(notes.Costs);
        var difference = random.Next(3) == 0 ? Cents(1, 5) : -Money.FromNanoDollars(random.NextInt64(1, amount.NanoDollars + 2));
        return new Step(
            new CorrectCommand
            {
                EntrySequence = sequence,
                Difference = difference,
                Reason = "as billed",
                Key = Key(),
            }
        );
    }

    private Step Carve(SessionNotes notes)
    {
        // A child of a child is one more level; deeper trees only take longer.
        if (notes.Carved >= 3 || notes.Id.Count(character => character == '/') >= 2)
            return new Step(Charge(notes));
        notes.Carved++;
        return new Step(
            new OpenCarvedChildCommand
            {
                Child = FormattableString.Invariant($"{notes.Id}/{client}-{notes.Carved}"),
                Options = new BudgetSessionOptions { Budget = Cents(5, 60) },
                Key = Key(),
            }
        );
    }

    private Step SendAgain(SessionNotes notes) =>
        notes.Answered.Count == 0 ? new Step() : new Step(Any(notes.Answered), IsSentBefore: true);

    private Step OtherBody(SessionNotes notes)
    {
        if (notes.Answered.Count == 0)
            return new Step();
        var answered = Any(notes.Answered);
        // The same child under the same key, but for its tags: another intent all the same.
        if (answered is OpenCarvedChildCommand open)
        {
            var options = open.Options with { Tags = new Dictionary<string, string> { ["run"] = "another" } };
            return new Step(open with { Options = options }, IsSentBefore: true);
        }

        var key = answered.Key;
        return new Step(
            new ChargeCommand
            {
                Cost = Cents(900, 950),
                Call = Call.Tool("forged"),
                Key = key,
            },
            IsSentBefore: true
        );
    }

    private Call AnyCall() =>
        random.Next(3) switch
        {
            0 => Call.Tool(Tools[random.Next(Tools.Length)], FormattableString.Invariant($"{{\"page\":{random.Next(4)}}}")),
            1 => Call.Tool(Tools[random.Next(Tools.Length)]),
            _ => Call.Model("gpt-5") with { Usage = new TokenUsage(random.Next(1, 5000), random.Next(1, 500)) },
        };

    private Money Cents(int least, int most) => Money.FromNanoDollars(random.Next(least, most + 1) * (Money.NanoDollarsPerDollar / 100));

    private T Any<T>(List<T> list) => list[random.Next(list.Count)];

    private T Take<T>(List<T> list)
    {
        var place = random.Next(list.Count);
        var value = list[place];
        list.RemoveAt(place);
        return value;
    }
}

namespace AgentBudget.Simulation.Worlds;

/// <summary>What callers do in a world.</summary>
internal sealed class Plan(World world) : IPlan
{
    private static readonly Call Search = Call.Tool("search");

    private readonly List<string> ids = [];
    private readonly List<(string Key, SessionCommand Command)> used = [];
    private int number;

    private Random Random => world.Random;

    public void Schedule(TimeSpan faulty, int operations)
    {
        var roots = 1 + Random.Next(2);
        for (var i = 0; i < roots; i++)
        {
            var id = $"r{i}";
            ids.Add(id);
            Start(id, new OpenCommand { Options = Options(Dollars(4, 12)) }, named: false);
        }

        for (var i = 0; i < operations; i++)
            world.After(TimeSpan.FromSeconds(1) + ((faulty - TimeSpan.FromSeconds(2)) * Random.NextDouble()), Act);
    }

    /// <summary>Closes what nothing above closes.</summary>
    public void CloseAll()
    {
        foreach (var (id, ledger) in world.Store.Ledgers.ToArray())
        {
            var isRoot = ledger.Head.Link is not { } link || world.Store.Find(link.ParentId)?.Head.Life != link.ParentLife;
            if (isRoot && ledger.Head.End == EndReason.None)
                Start(id, new CloseCommand { Key = $"end-{number++}" }, named: false);
        }
    }

    private void Act()
    {
        // Mostly of ledgers that are open; now and then of one that has ended, was purged or never was.
        var open = world.Store.Ledgers.Where(pair => pair.Value.Head.End == EndReason.None).Select(pair => pair.Key).ToArray();
        var id = open.Length > 0 && Random.Next(8) != 0 ? open[Random.Next(open.Length)] : ids[Random.Next(ids.Count)];
        // A pause lasts a while, not for ever: nothing would happen any more.
        if (world.Store.Find(id)?.Head.Breaker.PausedBy.HasFlag(PauseSources.Operator) == true && Random.Next(3) == 0)
            Start(id, new ResumeCommand());
        switch (Random.Next(100))
        {
            case < 24:
                OpenChild(id);
                break;
            case < 43:
                Spend(id);
                break;
            case < 53:
                Start(id, new ChargeCommand { Cost = Dollars(0, 0.25m), Call = Search });
                break;
            case < 62:
                Start(id, new TopUpCommand { Amount = Dollars(0.1m, 0.6m) });
                break;
            case < 70:
                Start(id, new SetBudgetCommand { Budget = id.Contains('/') ? Dollars(0.2m, 2.5m) : Dollars(4, 12) });
                break;
            case < 79:
                Correct(id);
                break;
            case < 85:
                Start(id, new PauseCommand());
                break;
            case < 92:
                Start(id, new ResumeCommand());
                break;
            case < 97:
                if (id.Contains('/') || Random.Next(6) == 0)
                    Start(id, new CloseCommand());
                break;
            default:
                Start(ids[0], new OpenCommand { Options = Options(Dollars(1, 3)) }, named: false);
                break;
        }
    }

    private void OpenChild(string parent)
    {
        // Few names, so that ids are used again: while they are open, after they have ended, and after they were purged.
        if (parent.Count(letter => letter == '/') >= 2)
            return;
        var child = Random.Next(8) == 0 ? ids[Random.Next(ids.Count)] : $"{parent}/{Random.Next(3)}";
        if (!ids.Contains(child))
            ids.Add(child);
        Start(parent, new OpenCarvedChildCommand { Child = child, Options = Options(Dollars(0.2m, 1.5m)) });
    }

    private void Spend(string id)
    {
        var reserve = new ReserveCommand
        {
            Amount = Dollars(0, 0.5m),
            Call = Search,
            TimeToLive = TimeSpan.FromSeconds(Random.Next(5, 60)),
        };
        Start(
            id,
            reserve,
            then: answer =>
            {
                if (!answer.IsGranted || Random.Next(10) == 0)
                    return;
                SessionCommand end =
                    Random.Next(4) == 0
                        ? new ReleaseCommand { ReservationId = answer.ReservationId }
                        : new SettleCommand
                        {
                            ReservationId = answer.ReservationId,
                            Cost = Random.Next(5) == 0 ? Dollars(0, 0.9m) : answer.Amount,
                        };
                world.After(TimeSpan.FromMilliseconds(Random.Next(20_000)), () => Start(id, end));
            }
        );
    }

    private void Correct(string id)
    {
        if (world.Store.Find(id) is not { } stored)
            return;
        var about = stored
            .Entries.Where(entry => entry.Kind is EntryKind.Settled or EntryKind.Charged or EntryKind.HolderReported)
            .ToArray();
        if (about.Length == 0)
            return;
        var target = about[Random.Next(about.Length)];
        var difference =
            Random.Next(2) == 0
                ? Dollars(0.01m, 0.5m)
                : -Money.Max(Money.FromNanoDollars(1), Money.Min(target.Amount, Dollars(0.01m, 0.5m)));
        Start(
            id,
            new CorrectCommand
            {
                EntrySequence = target.Sequence,
                Difference = difference,
                Reason = "invoice",
            }
        );
    }

    private void Start(string id, SessionCommand command, bool named = true, Action<SessionAnswer>? then = null)
    {
        if (named)
        {
            // Now and then a key that somebody else uses for something else, or one that looks like a protocol's own.
            var key = Random.Next(12) switch
            {
                0 when used.Count > 0 => used[Random.Next(used.Count)].Key,
                1 => $"return:{Random.Next(9)}",
                2 => $"late:{Random.Next(5)}:{Random.Next(9)}",
                _ => $"k{number++}",
            };
            command = command with { Key = key };
            used.Add((key, command));
        }

        var caller = new Caller(world, id, command, then);
        world.Callers.Add(caller);
        caller.Ask();
        if (Random.Next(10) == 0)
            caller.AskBesides();
    }

    private BudgetSessionOptions Options(Money budget) =>
        new()
        {
            Budget = budget,
            Loops = LoopPolicy.Off,
            Mode = Random.Next(12) == 0 ? SessionMode.Observe : SessionMode.Enforce,
            LatchWhenExhausted = Random.Next(6) == 0,
            Tags = Random.Next(4) == 0 ? new Dictionary<string, string> { ["n"] = $"{Random.Next(3)}" } : BudgetSessionOptions.NoTags,
            TimeToLive = budget < Dollars(2, 2) && Random.Next(12) == 0 ? TimeSpan.FromSeconds(Random.Next(10, 40)) : null,
        };

    private Money Dollars(decimal least, decimal most) =>
        Money.FromNanoDollars((long)((least + ((most - least) * Random.Next(1_001) / 1_000)) * 1_000_000_000m));
}

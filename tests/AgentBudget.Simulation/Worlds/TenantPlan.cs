using AgentBudget.Ledger;
using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation.Worlds;

/// <summary>What callers and operators do in a world of tenants: a tree of two or three, sessions under each, limits that move.</summary>
internal sealed class TenantPlan : IPlan
{
    private static readonly Call[] Calls =
    [
        Call.Tool("search"),
        Call.Tool("read") with
        {
            Agent = "helper",
        },
        Call.Model("gpt-5"),
        Call.Model("gpt-5-mini") with
        {
            Agent = "writer",
        },
    ];
    private static readonly string[] Zones =
    [
        "UTC",
        "UTC",
        "Etc/GMT+12",
        "Etc/GMT-12",
        "Asia/Kathmandu",
        "Europe/Zurich",
        "Europe/Zurich",
        "America/Santiago",
        "America/Santiago",
    ];

    private readonly World world;
    private readonly string[] paths;
    private readonly List<string> ids = [];
    private readonly List<string> children = [];
    private readonly bool overspends;
    private int number;

    public TenantPlan(World world)
    {
        this.world = world;
        paths = Random.Next(5) switch
        {
            0 => ["acme"],
            1 => ["acme", "acme/r"],
            2 => ["acme", "acme/r", "acme/r/a"],
            3 => ["acme", "acme/r", "acme/s"],
            _ => ["acme", "acme/r", "acme/r/a", "acme/r/b"],
        };
        overspends = Random.Next(3) == 0;
        world.Laws.HasNoOverage = !overspends;
        foreach (var path in paths)
        {
            for (var i = 1 + Random.Next(3); i > 0; i--)
                ids.Add($"{path}@{i}");
        }
    }

    private Random Random => world.Random;

    public void Schedule(TimeSpan faulty, int operations)
    {
        foreach (var path in paths.Where(_ => Random.Next(5) != 0))
            Start($"~{path}", Set(), named: false);
        foreach (var id in ids)
            world.After(faulty * (Random.NextDouble() / 3), () => Open(id));
        for (var i = 0; i < operations; i++)
            world.After(TimeSpan.FromSeconds(1) + ((faulty - TimeSpan.FromSeconds(2)) * Random.NextDouble()), Act);
    }

    /// <summary>What lies idle anywhere on the path is there for whoever asks, shared among all that ask at once, and beside one that asks
    /// for more than there is.</summary>
    public Probes Probe()
    {
        var mayAsk = ids.Distinct().Where(MayAsk).ToArray();
        // What is out beyond a limit, after an overage or a restore, is spent all the same.
        var isWithinLimits = !overspends && world.Events[WorldEvent.PartitionRestored] == 0;
        var greedy = isWithinLimits ? mayAsk.FirstOrDefault(CanNeverPay) : null;
        var others = mayAsk.Where(id => id != greedy).ToArray();
        var never = greedy is null ? [] : new[] { Wait(greedy, RoomOf(greedy)) };
        var probes = new List<Caller>();
        foreach (var id in others)
        {
            var amount = RoomOf(id);
            for (var node = SessionIds.TenantOf(id); node is not null; node = node.Parent)
            {
                if (world.Store.Find(TenantLedgers.IdOf(node)) is not { } ledger)
                    continue;
                var sharers = others.Count(other => SessionIds.TenantOf(other)!.IsWithin(node));
                amount = Money.Min(amount, Money.FromNanoDollars(CouldPay(ledger).NanoDollars / sharers));
            }

            if (amount > Money.Zero)
                probes.Add(Wait(id, amount));
        }

        return new Probes(probes, never);
    }

    // What children have without cover, since a restore, is covered first.
    private Money RoomOf(string id)
    {
        var session = world.Store.Find(id)!;
        var uncovered = session.OpenRows.Aggregate(Money.Zero, (sum, row) => sum + row.Uncovered);
        var room = Limits.Room(session.Head, isFinal: false);
        return room - Money.Min(room, uncovered);
    }

    private bool CanNeverPay(string id)
    {
        var amount = RoomOf(id);
        if (amount <= TenantLimits.InHand(world.Store.Find(id)!.Head))
            return false;
        for (var node = SessionIds.TenantOf(id); node is not null; node = node.Parent)
        {
            if (world.Store.Find(TenantLedgers.IdOf(node)) is not { } tenant)
                continue;
            // What was out when its limit was lowered may be in hand below.
            if (TenantLimits.OverLimit(tenant.Head) > Money.Zero)
                return false;
            if (TenantLimits.IsExhaustedFor(tenant.Head, amount))
                return true;
        }

        return false;
    }

    private Caller Wait(string id, Money amount) =>
        Start(
            id,
            new ReserveCommand
            {
                Amount = amount,
                Call = Calls[0],
                Key = $"wait-{number++}",
                TimeToLive = TimeSpan.FromMinutes(1),
            },
            named: false
        );

    // What cannot be called back: whole budgets that were taken, and what was carved out for children, here or further below. All of it,
    // though less may be out in the books above: what was spent beyond its money, or is not covered since a restore, is covered before a
    // call is.
    private Money KeptBelow(StoredLedger ledger)
    {
        var kept = Money.Zero;
        foreach (var row in ledger.OpenRows)
        {
            if (row.Policy != HolderPolicy.Sliced)
                kept += row.Out;
            else if (world.Store.Find(row.HolderId) is { } below)
                kept += KeptBelow(below);
        }

        return kept;
    }

    // What is settled and what cannot be called back is gone; a limit that was lowered falls as money comes back.
    private Money CouldPay(StoredLedger tenant)
    {
        var kept = KeptBelow(tenant);
        var head = tenant.Head;
        var settings = head.Tenant!.Settings;
        if (settings.Mode == SessionMode.Observe)
            return head.Budget;
        var total = Money.Min(head.Budget, settings.TotalLimit ?? head.Budget);
        var most = total - Money.Min(total, head.Spent + kept);
        foreach (var window in head.Tenant.Windows)
        {
            if (settings.LimitOf(window.Kind) + window.ToppedUp is { } limit)
                most = Money.Min(most, limit - Money.Min(limit, TenantLimits.Taken(window) + kept));
        }

        return most;
    }

    private bool MayAsk(string id)
    {
        if (
            world.Store.Find(id) is not { Head: { IsOver: false, IsOpened: true, Breaker.State: BreakerState.Closed } head }
            || head.Link?.Policy != HolderPolicy.Sliced
        )
            return false;
        for (TenantPath? node = SessionIds.TenantOf(id); node is { } tenant; node = tenant.Parent)
        {
            if (world.Store.Find(TenantLedgers.IdOf(tenant)) is { Head.Breaker.State: not BreakerState.Closed })
                return false;
        }

        return true;
    }

    public void CloseAll()
    {
        foreach (var (id, ledger) in world.Store.Ledgers.ToArray())
        {
            if (!TenantLedgers.IsId(id) && ledger.Head.End == EndReason.None)
                Start(id, new CloseCommand { Key = $"end-{number++}" }, named: false);
        }
    }

    private void Act()
    {
        var id = ids[Random.Next(ids.Count)];
        var node = $"~{paths[Random.Next(paths.Length)]}";
        switch (Random.Next(100))
        {
            case < 48:
                Spend(id);
                break;
            case < 53:
                OpenChild(id);
                break;
            case < 60:
                if (children.Count > 0)
                    ActOn(children[Random.Next(children.Count)]);
                break;
            case < 66:
                if (overspends)
                    Start(id, new ChargeCommand { Cost = Dollars(0, 0.25m), Call = Calls[Random.Next(Calls.Length)] });
                break;
            case < 74:
                Open(id);
                break;
            case < 79:
                Start(id, new CloseCommand());
                break;
            case < 86:
                Start(node, Set());
                break;
            case < 90:
                Start(node, new TopUpTenantCommand { Amount = Dollars(0.1m, 1), Window = (WindowKind)Random.Next(4) });
                break;
            case < 93:
                Start(Random.Next(2) == 0 ? node : id, new PauseCommand());
                break;
            case < 95:
                Start(node, new StopTenantCommand());
                world.After(TimeSpan.FromMilliseconds(Random.Next(8_000)), () => Start(node, new ResumeCommand()));
                break;
            default:
                Start(node, new ResumeCommand());
                Start(id, new ResumeCommand());
                break;
        }
    }

    private void Open(string id) =>
        Start(
            id,
            new OpenCommand
            {
                Options = new BudgetSessionOptions
                {
                    Budget = Money.Parse("1.50"),
                    Loops = LoopPolicy.Off,
                    LatchWhenExhausted = Random.Next(2) == 0,
                    Agent = id[^1] == '1' ? null : "writer",
                    Tags = id[^1] == '3' ? BudgetSessionOptions.NoTags : new Dictionary<string, string> { ["team"] = id[^1..] },
                },
            },
            named: false
        );

    private void OpenChild(string id)
    {
        var child = $"{id}/c{number++}";
        children.Add(child);
        var options = new BudgetSessionOptions { Budget = Dollars(0.02m, 0.4m), Loops = LoopPolicy.Off };
        Start(id, new OpenCarvedChildCommand { Child = child, Options = options });
    }

    private void ActOn(string child)
    {
        if (Random.Next(4) == 0)
            Start(child, new CloseCommand());
        else if (Random.Next(4) == 0)
            Start(child, new TopUpCommand { Amount = Dollars(0.01m, 0.3m) });
        else
            Spend(child);
    }

    private SetTenantCommand Set() =>
        new()
        {
            Settings = new TenantSettings
            {
                TotalLimit = Random.Next(3) == 0 ? null : Dollars(1, 6),
                DailyLimit = Random.Next(2) == 0 ? null : Dollars(0.5m, 3),
                WeeklyLimit = Random.Next(4) == 0 ? Dollars(0.5m, 4) : null,
                MonthlyLimit = Random.Next(4) == 0 ? Dollars(0.5m, 4) : null,
                TimeZone = Zones[Random.Next(Zones.Length)],
                SoftLimits = Random.Next(2) == 0 ? [0.9m] : [0.8m, 0.5m, 1m],
                FirstWeekday = (DayOfWeek)Random.Next(7),
                Policy = Random.Next(5) == 0 ? TenantPolicy.FullReservation : TenantPolicy.Sliced,
                Mode = Random.Next(8) == 0 ? SessionMode.Observe : SessionMode.Enforce,
            },
        };

    private void Spend(string id)
    {
        var reserve = new ReserveCommand
        {
            Amount = Dollars(0, 0.3m),
            Call = Calls[Random.Next(Calls.Length)],
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
                            // Late, its reservation is gone, and what it costs comes on top.
                            Cost = overspends && Random.Next(5) == 0 ? Dollars(0, 0.6m) : answer.Amount,
                        };
                var longest = overspends ? 20_000 : 4_000;
                world.After(TimeSpan.FromMilliseconds(Random.Next(longest)), () => Start(id, end));
            }
        );
    }

    private Caller Start(string id, SessionCommand command, bool named = true, Action<SessionAnswer>? then = null)
    {
        if (named)
            command = command with { Key = $"k{number++}" };
        var caller = new Caller(world, id, command, then);
        world.Callers.Add(caller);
        caller.Ask();
        if (Random.Next(10) == 0)
            caller.AskBesides();
        return caller;
    }

    private Money Dollars(decimal least, decimal most) =>
        Money.FromNanoDollars((long)((least + ((most - least) * Random.Next(1_001) / 1_000)) * 1_000_000_000m));
}

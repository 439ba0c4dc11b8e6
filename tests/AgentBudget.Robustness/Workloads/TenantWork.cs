using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Workloads;

/// <summary>What one client does to the sessions of one tenant, as that tenant's client, whose limits are too low for all of it. The first
/// client moves the limits as well.</summary>
internal sealed class TenantWork
{
    private const int Workers = 4;

    private static readonly TimeSpan MeanPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan BetweenLimits = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(6);

    private readonly WorkloadSettings settings;
    private readonly string root;
    private readonly IGrainFactory grains;
    private readonly Caller caller;
    private readonly TimeProvider time;
    private readonly SessionNotes[] sessions;
    private long keys;

    public TenantWork(
        WorkloadSettings settings,
        string root,
        IGrainFactory grains,
        HistoryWriter history,
        CallCounts counts,
        TimeProvider time
    )
    {
        (this.settings, this.root, this.grains, this.time) = (settings, root, grains, time);
        caller = new Caller(grains, history, $"{settings.Name}.{root}", settings.Patience, time, counts);
        sessions = [.. settings.MyOf(settings.TenantSessions).Select(index => new SessionNotes(TenantNames.SessionId(root, index), index))];
    }

    /// <summary>Works until it is told to stop; what is under way then is waited for.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        if (sessions.Length == 0)
            return;
        if (settings.Client == 0)
            await SetLimitsAsync(giveUp);
        var work = Enumerable.Range(0, Workers).Select(worker => WorkAsync(RandomOf(worker), stop, giveUp));
        await Task.WhenAll(settings.Client == 0 ? work.Append(MoveLimitsAsync(RandomOf(Workers), stop, giveUp)) : work);
    }

    private Random RandomOf(int worker) => new(unchecked((settings.Seed * 41) + (settings.Client * 1013) + (worker * 17) + root.Length));

    private async Task SetLimitsAsync(CancellationToken giveUp)
    {
        foreach (var path in TenantNames.PathsOf(root))
        {
            var limits = new TenantSettings { TagNames = [TenantNames.TagOf(root)] };
            if (path == root)
                limits = limits with { TotalLimit = Cents(600), DailyLimit = Cents(6_000) };
            else if (path.EndsWith("/north", StringComparison.Ordinal))
                limits = limits with { TotalLimit = Cents(900), MonthlyLimit = Cents(5_000) };
            else if (path.EndsWith("/y", StringComparison.Ordinal))
                limits = limits with { DailyLimit = Cents(400) };
            await SendAsync(path, new SetTenantCommand { Settings = limits, By = $"{root}-operator" }, giveUp);
        }
    }

    private async Task MoveLimitsAsync(Random random, CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            await PauseAsync(BetweenLimits * random.Next(200) / 100, stop);
            var path = TenantNames.PathsOf(root)[random.Next(3)];
            if (random.Next(4) > 0)
                await SendAsync(root, new TopUpTenantCommand { Amount = Cents(random.Next(50, 250)), Reason = "paid" }, giveUp);
            else if (root == TenantNames.Free && random.Next(2) == 0)
                await HoldForAMomentAsync(path, stop, giveUp);
            else
                await SendAsync(
                    path,
                    new SetTenantCommand
                    {
                        Settings = new TenantSettings
                        {
                            TotalLimit = Cents(random.Next(300, 2_500)),
                            DailyLimit = random.Next(3) == 0 ? Cents(random.Next(300, 2_500)) : null,
                            TagNames = [TenantNames.TagOf(root)],
                        },
                    },
                    giveUp
                );
        }
    }

    private async Task HoldForAMomentAsync(string path, CancellationToken stop, CancellationToken giveUp)
    {
        await SendAsync(path, new PauseCommand { Reason = $"{root}-reason", AnswerWithin = TimeSpan.FromSeconds(2) }, giveUp);
        await PauseAsync(TimeSpan.FromSeconds(1), stop);
        await SendAsync(path, new ResumeCommand { AnswerWithin = TimeSpan.FromSeconds(2) }, giveUp);
    }

    private async Task WorkAsync(Random random, CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(sessions[random.Next(sessions.Length)], random, giveUp);
            await PauseAsync(MeanPause * random.Next(200) / 100, stop);
        }
    }

    private Task StepAsync(SessionNotes notes, Random random, CancellationToken giveUp)
    {
        var chance = random.Next(100);
        if (chance < 4)
            return AskAsync(random.Next(5), giveUp);
        if (chance < 6)
            return OpenForeignAsync(random, giveUp);
        if (!notes.IsOpened)
            return SendAsync(notes, new OpenCommand { Options = TenantNames.OptionsOf(root) }, giveUp);
        if (chance < 14)
            return ReserveWaitingAsync(notes, random, giveUp);
        return SendAsync(notes, root == TenantNames.Strict ? Strict(notes, random) : Free(notes, random), giveUp);
    }

    // What is set aside lives longer than the run, and is settled once, at that at most.
    private SessionCommand Strict(SessionNotes notes, Random random)
    {
        lock (notes.Gate)
        {
            if (notes.Open.Count == 0 || random.Next(100) < 45)
                return Reserve(random, TimeSpan.FromHours(1));
            var (id, amount) = Take(notes.Open, random);
            return random.Next(6) == 0
                ? new ReleaseCommand { ReservationId = id, Key = Key() }
                : Settle(id, random.Next(3) == 0 ? Part(amount, random) : amount);
        }
    }

    private SessionCommand Free(SessionNotes notes, Random random)
    {
        lock (notes.Gate)
        {
            return random.Next(100) switch
            {
                < 35 => Reserve(random, TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(1, 6) : random.Next(30, 600))),
                < 60 when notes.Open.Count > 0 => SettleAny(notes, random),
                < 65 when notes.Past.Count > 0 => Settle(notes.Past[random.Next(notes.Past.Count)].Id, Cents(random.Next(1, 10))),
                < 70 when notes.Open.Count > 0 => new ReleaseCommand { ReservationId = Take(notes.Open, random).Id, Key = Key() },
                < 76 when notes.Costs.Count > 0 => new CorrectCommand
                {
                    EntrySequence = notes.Costs[random.Next(notes.Costs.Count)].Sequence,
                    Difference = Cents(random.Next(-2, 3)) is { NanoDollars: not 0 } difference ? difference : Cents(1),
                    Reason = $"{root}-bill",
                    Key = Key(),
                },
                < 78 => new PauseCommand { Key = Key() },
                < 84 => new ResumeCommand { Key = Key() },
                < 86 => new TopUpCommand { Amount = Cents(50), Key = Key() },
                _ => new ChargeCommand
                {
                    Cost = Cents(random.Next(0, 12)),
                    Call = AnyCall(random),
                    Key = Key(),
                },
            };
        }
    }

    private ReserveCommand Reserve(Random random, TimeSpan timeToLive) =>
        new()
        {
            Amount = random.Next(30) == 0 ? Money.Zero : Cents(random.Next(1, random.Next(12) == 0 ? 150 : 20)),
            Call = AnyCall(random),
            TimeToLive = timeToLive,
            Key = Key(),
        };

    private SettleCommand Settle(long reservation, Money cost) =>
        new()
        {
            ReservationId = reservation,
            Cost = cost,
            Key = Key(),
        };

    private SettleCommand SettleAny(SessionNotes notes, Random random)
    {
        var (id, amount) = Take(notes.Open, random);
        return Settle(id, random.Next(5) == 0 ? amount + Cents(random.Next(1, 20)) : Part(amount, random));
    }

    private async Task ReserveWaitingAsync(SessionNotes notes, Random random, CancellationToken giveUp)
    {
        var command = Reserve(random, TimeSpan.FromHours(1));
        var outcome = await caller.SendWaitingAsync(notes.Id, command, LongestWait, giveUp);
        if (outcome.Answer is { } answer)
            notes.Learn(command, answer);
    }

    private Task<Outcome> AskAsync(int what, CancellationToken giveUp) =>
        caller.AskAsync(
            root,
            async tenant =>
                what switch
                {
                    0 => await tenant.ReportAsync(),
                    1 => await tenant.SpendAsync(new TenantSpendQuery()),
                    2 => await tenant.TimelineAsync(1, 20),
                    _ => await grains
                        .GetGrain<ISessionDirectory>(0)
                        .ListAsync(
                            new SessionsQuery
                            {
                                Tenant = TenantPath.Parse(root),
                                Count = 20,
                                DearestFirst = what == 3,
                            }
                        ),
                },
            giveUp
        );

    // Whether there is such a session of another tenant is not for this one to know.
    private Task<Outcome> OpenForeignAsync(Random random, CancellationToken giveUp)
    {
        var other = TenantNames.Worked.First(name => name != root);
        return caller.SendAsync(
            TenantNames.SessionId(other, random.Next(settings.TenantSessions + 4)),
            new OpenCommand { Options = TenantNames.OptionsOf(root) with { Tenant = TenantPath.Parse(root) } },
            isSentBefore: false,
            giveUp
        );
    }

    private async Task SendAsync(SessionNotes notes, SessionCommand command, CancellationToken giveUp)
    {
        var outcome = await caller.SendAsync(notes.Id, command, isSentBefore: false, giveUp);
        if (outcome.Answer is { } answer)
            notes.Learn(command, answer);
    }

    private Task<Outcome> SendAsync(string path, SessionCommand command, CancellationToken giveUp) =>
        caller.SendAsync(LedgerIds.OfOtherKind(path), command with { Key = Key() }, isSentBefore: false, giveUp);

    private Call AnyCall(Random random) =>
        random.Next(3) switch
        {
            0 => Call.Tool($"{root}-tool"),
            1 => Call.Model($"{root}-model") with { Agent = $"{root}-helper" },
            _ => Call.Model($"{root}-model-{random.Next(4)}"),
        };

    private string Key() => FormattableString.Invariant($"{settings.Name}.{root}.{Interlocked.Increment(ref keys)}");

    private static Money Part(Money amount, Random random) => Money.FromNanoDollars(random.NextInt64(0, amount.NanoDollars + 1));

    private static Money Cents(int cents) => Money.FromNanoDollars(cents * (Money.NanoDollarsPerDollar / 100));

    private static (long Id, Money Amount) Take(List<(long Id, Money Amount)> list, Random random)
    {
        var place = random.Next(list.Count);
        var taken = list[place];
        list.RemoveAt(place);
        return taken;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop);
        }
        catch (OperationCanceledException) { }
    }
}

using AgentBudget.Orleans.Storage;
using AgentBudget.Robustness.Checking;
using AgentBudget.Robustness.Histories;
using AgentBudget.Robustness.Processes;
using AgentBudget.Robustness.Roles;
using AgentBudget.Robustness.Workloads;

namespace AgentBudget.Robustness.Faults;

/// <summary>Faults that are about tenants, each with a tenant and sessions of its own, which are called all the while.</summary>
/// <param name="caller">Who calls them.</param>
/// <param name="silos">The silos.</param>
/// <param name="sessions">How many sessions each tenant has.</param>
/// <param name="time">The clock.</param>
internal sealed class TenantFaults(Caller caller, SiloProcesses silos, int sessions, TimeProvider time)
{
    private const int OpenAtOnce = 40;
    private const int CalledAway = 8;

    private static readonly Money Cent = Money.FromNanoDollars(Money.NanoDollarsPerDollar / 100);
    private static readonly Money InHand = Money.FromNanoDollars(Money.NanoDollarsPerDollar);
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(500);

    // What a call to a ledger may take that has nobody to ask, on a machine that does other things.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AllAreTold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAnew = TimeSpan.FromSeconds(8);

    private readonly List<Violation> violations = [];
    private readonly List<HoldSeen> holds = [];
    private readonly List<Task> underWay = [];
    private Task opened = Task.CompletedTask;
    private long keys;

    /// <summary>What was found while they were done.</summary>
    public IReadOnlyList<Violation> Violations => violations;

    /// <summary>How each pause was answered.</summary>
    public IReadOnlyList<HoldSeen> Holds => holds;

    /// <summary>Begins to open the sessions; a fault waits for it.</summary>
    public void Begin() => opened = OpenAsync();

    private async Task OpenAsync()
    {
        foreach (var root in new[] { TenantNames.Paused, TenantNames.Away })
        {
            foreach (var some in TenantNames.SessionsOf(root, sessions).Chunk(OpenAtOnce))
                await Task.WhenAll(some.Select(id => SendAsync(id, new OpenCommand { Options = TenantNames.OptionsOf(root) })));
        }
    }

    /// <summary>The tenant's grains are away: its sessions go on with what they hold.</summary>
    public async Task BeAwayAsync(TimeSpan length)
    {
        await opened;
        // What was set aside for a call and not used stays in hand.
        await Task.WhenAll(
            TenantNames.SessionsOf(TenantNames.Away, Math.Min(sessions, CalledAway)).Select(id => SpendOnceAsync(id, InHand))
        );
        var until = time.GetUtcNow() + length;
        await silos.TellAllAsync(AwayFilter.Leave + TenantNames.Away);
        try
        {
            await Task.WhenAll(TenantNames.SessionsOf(TenantNames.Away, Math.Min(sessions, CalledAway)).Select(id => CallAsync(id, until)));
        }
        finally
        {
            await silos.TellAllAsync(AwayFilter.Back);
        }
    }

    /// <summary>Pauses the tenant, with something that is done in the middle, until nobody is left to be told, and resumes it.</summary>
    /// <param name="inTheMiddle">What is done.</param>
    /// <param name="after">How long after the pause was sent.</param>
    public async Task PauseAsync(Func<Task> inTheMiddle, TimeSpan after)
    {
        if (sessions == 0)
        {
            await inTheMiddle();
            return;
        }

        await opened;
        var tenant = LedgerIds.OfOtherKind(TenantNames.Paused);
        using var stop = new CancellationTokenSource();
        var calling = Task.WhenAll(TenantNames.SessionsOf(TenantNames.Paused, sessions).Select(id => SpendAsync(id, stop.Token)));
        var since = time.GetUtcNow();
        var pause = new PauseCommand { Key = Key(), Reason = "switched off" };
        var asked = SendAsync(tenant, pause);
        await Task.Delay(after, time);
        var doing = inTheMiddle();
        // Who was answered by a silo that was killed does not wait for the time-out.
        await Task.WhenAny(asked, Task.Delay(AskAnew, time));
        var again = asked.IsCompleted ? asked : caller.SendAsync(tenant, pause, isSentBefore: true, CancellationToken.None);
        var first = await await Task.WhenAny(asked, again);
        var last = first;
        while (last.Answer is { ChildrenNotReached: > 0 } or { ChildrenTold: 0 } && time.GetUtcNow() - first.At < AllAreTold)
        {
            await Task.Delay(AskAgain, time);
            last = await SendAsync(tenant, new PauseCommand { Key = Key(), Reason = "switched off" });
        }

        await doing;
        holds.Add(
            new HoldSeen(
                TenantNames.Paused,
                since,
                first.At,
                first.Answer?.ChildrenTold ?? 0,
                last.At,
                last.Answer?.ChildrenNotReached ?? sessions,
                Until: time.GetUtcNow()
            )
        );
        await SendAsync(tenant, new ResumeCommand { Key = Key() });
        await stop.CancelAsync();
        await calling;
        underWay.AddRange([asked, again]);
    }

    /// <summary>Waits for calls that nobody has waited for yet.</summary>
    public Task EndAsync() => Task.WhenAll(underWay);

    // As fast as answers come: somebody is always in the middle of a call.
    private async Task SpendAsync(string session, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!await SpendOnceAsync(session, Cent))
                await Task.Delay(BetweenCalls, time, CancellationToken.None);
        }
    }

    private async Task CallAsync(string session, DateTimeOffset until)
    {
        while (time.GetUtcNow() is var began && began < until)
        {
            var isGranted = await SpendOnceAsync(session, Cent);
            if (!isGranted || time.GetUtcNow() - began > LongestCall)
                violations.Add(
                    new Violation(
                        "L12",
                        session,
                        $"its tenant was away, and it has money in hand: a call at {began:HH:mm:ss} was {(isGranted ? "late" : "refused")}"
                    )
                );
            await Task.Delay(BetweenCalls, time);
        }
    }

    private async Task<bool> SpendOnceAsync(string session, Money setAside)
    {
        var reserve = new ReserveCommand
        {
            Amount = setAside,
            Call = Call.Tool("call"),
            Key = Key(),
        };
        if ((await SendAsync(session, reserve)).Answer is not { IsGranted: true } answer)
            return false;
        var settle = new SettleCommand
        {
            ReservationId = answer.ReservationId,
            Cost = Cent,
            Key = Key(),
        };
        return (await SendAsync(session, settle)).Answer is { IsGranted: true };
    }

    private Task<Outcome> SendAsync(string ledger, SessionCommand command) =>
        caller.SendAsync(ledger, command, isSentBefore: false, CancellationToken.None);

    private string Key() => FormattableString.Invariant($"fault.{Interlocked.Increment(ref keys)}");
}

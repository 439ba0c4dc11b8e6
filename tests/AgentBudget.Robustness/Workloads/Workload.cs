using AgentBudget.Robustness.Histories;

namespace AgentBudget.Robustness.Workloads;

/// <summary>
/// One client's work: workers that each choose a session and a step, send it, learn from the answer, and pause. Two clients work on
/// each session at once, and any number of workers.
/// </summary>
public sealed class Workload
{
    private const int TimelinePage = 50;

    private readonly WorkloadSettings settings;
    private readonly Caller caller;
    private readonly LargeFamily family;
    private readonly ChargeWork charges;
    private readonly TenantWork[] tenants;
    private readonly TimeProvider time;
    private readonly List<SessionNotes> sessions;
    private readonly Lock gate = new();
    private long keys;

    /// <summary>Makes the work of a client.</summary>
    public Workload(WorkloadSettings settings, IGrainFactory grains, HistoryWriter history, TimeProvider time)
    {
        this.settings = settings;
        this.time = time;
        caller = new Caller(grains, history, settings.Name, settings.Patience, time);
        family = new LargeFamily(settings, caller, time);
        charges = new ChargeWork(settings, caller, time);
        tenants = [.. TenantNames.Worked.Select(root => new TenantWork(settings, root, grains, history, caller.Counts, time))];
        sessions = [.. settings.MySessions().Select(index => new SessionNotes(WorkloadSettings.SessionId(index), index))];
    }

    /// <summary>What was counted so far.</summary>
    public CallCounts Counts => caller.Counts;

    /// <summary>How many of the charges that come besides were acknowledged so far.</summary>
    public long ChargesMade => charges.Made;

    /// <summary>Works until it is told to stop; what is under way then is waited for.</summary>
    /// <param name="stop">No new steps.</param>
    /// <param name="giveUp">What is under way stays unknown.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, settings.Workers)
                .Select(worker => Task.Run(() => WorkAsync(worker, stop, giveUp), CancellationToken.None))
                .Append(Task.Run(() => family.RunAsync(stop, giveUp), CancellationToken.None))
                .Append(Task.Run(() => charges.RunAsync(stop, giveUp), CancellationToken.None))
                .Concat(tenants.Select(work => Task.Run(() => work.RunAsync(stop, giveUp), CancellationToken.None)))
        );

    private async Task WorkAsync(int worker, CancellationToken stop, CancellationToken giveUp)
    {
        var random = new Random(unchecked((settings.Seed * 31) + (settings.Client * 1009) + worker));
        var steps = new StepMaker(settings.Seed, settings.Name, random);
        var meanPause = TimeSpan.FromSeconds(1) * settings.Workers / settings.OperationsPerSecond;
        // First every session is opened, by the worker whose turn it is.
        for (var i = worker; i < settings.MySessions().Count() && !stop.IsCancellationRequested; i += settings.Workers)
            await StepAsync(sessions[i], steps, giveUp);
        while (!stop.IsCancellationRequested)
        {
            await StepAsync(Any(random), steps, giveUp);
            await PauseAsync(meanPause * random.Next(200) / 100, stop);
        }
    }

    private SessionNotes Any(Random random)
    {
        lock (gate)
            return sessions[random.Next(sessions.Count)];
    }

    private async Task StepAsync(SessionNotes notes, StepMaker steps, CancellationToken giveUp)
    {
        var step = steps.Next(notes, () => Interlocked.Increment(ref keys));
        if (step.Command is { } command)
        {
            var outcome = await caller.SendAsync(notes.Id, command, step.IsSentBefore, giveUp);
            if (outcome.Answer is { } answer)
                notes.Learn(command, answer);
            if (command is not OpenCarvedChildCommand open || step.IsSentBefore || outcome.Answer is not { IsGranted: true })
                return;
            lock (gate)
                sessions.Add(new SessionNotes(open.Child, index: -1));
        }
        else
        {
            await caller.ReadAsync(notes.Id, grain => ReadAsync(grain, step.Read), giveUp);
        }
    }

    private static async Task<Standing> ReadAsync(IBudgetSession grain, ReadKind kind)
    {
        switch (kind)
        {
            case ReadKind.Report:
                return (await grain.ReportAsync(new ReportQuery()))?.Standing ?? default;
            case ReadKind.Timeline:
                var total = (await grain.StandingAsync()).Sequence;
                var page = await grain.TimelineAsync(Math.Max(1, total - TimelinePage), TimelinePage);
                return page is { Entries: [.., var last] } ? last.After : default;
            default:
                return await grain.StandingAsync();
        }
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

using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Notes;

namespace AgentBudget.Billing.Exporting;

/// <summary>Costs that are sent together.</summary>
/// <param name="costs">Which.</param>
internal sealed class PlannedBatch(IReadOnlyList<BilledCost> costs)
{
    /// <summary>Which.</summary>
    public IReadOnlyList<BilledCost> Costs => costs;

    /// <summary>How often the receiver failed with it.</summary>
    public int Tries { get; init; }

    /// <summary>How many batches had been answered when it failed first.</summary>
    public long? AnsweredBefore { get; init; }

    /// <summary>When the receiver may have taken it first and not said so; null where it cannot have.</summary>
    public DateTimeOffset? DoubtfulSince { get; init; }

    /// <summary>The same, since a time in doubt.</summary>
    public PlannedBatch DoubtfulFrom(DateTimeOffset time) =>
        new(costs)
        {
            Tries = Tries,
            AnsweredBefore = AnsweredBefore,
            DoubtfulSince = time,
        };

    /// <summary>Others of the same history.</summary>
    public PlannedBatch With(IReadOnlyList<BilledCost> others, int? tries = null) =>
        new(others)
        {
            Tries = tries ?? Tries,
            AnsweredBefore = AnsweredBefore,
            DoubtfulSince = DoubtfulSince,
        };
}

/// <summary>
/// What is sent next. Without clock and I/O: told which costs there are, what came of each batch and what the time is, it says what to
/// send, how long to wait, and what is dead. A batch that is refused without a name is halved until the one at fault stands alone; one
/// that the receiver fails with is tried again behind the others, in parts after a while, and a cost that it fails with alone while it
/// takes others is dead as well, so that nothing is held up by it.
/// </summary>
internal sealed class PagePlan(SinkLimits limits)
{
    /// <summary>Tries after which a batch is halved.</summary>
    private const int WholeTries = 3;

    /// <summary>Tries after which a single cost that others pass is dead.</summary>
    private const int SingleTries = 5;

    /// <summary>Costs for whose sake more is read: it shows whether the receiver takes others.</summary>
    private const int MostSuspects = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    // By how much sooner an id counts as forgotten: clocks differ, and a request takes its time.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <summary>How often a receiver is tried that lets nothing in.</summary>
    public static readonly TimeSpan MendPause = TimeSpan.FromMinutes(1);

    private readonly LinkedList<PlannedBatch> batches = [];
    private List<DeadCost> dead = [];
    private long answered;

    /// <summary>How often in a row the receiver has failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether every cost was taken or is dead.</summary>
    public bool IsDone => batches.Count == 0;

    /// <summary>Whether more is wanted: nothing is there, or nothing but what may be at fault itself.</summary>
    public bool WantsMore => batches.Count < MostSuspects && batches.All(batch => batch.Costs.Count == 1 && batch.Tries >= SingleTries);

    /// <summary>Takes costs, in batches.</summary>
    /// <param name="costs">The costs.</param>
    /// <param name="doubtfulSince">Since when they may have been taken; null where they cannot have been.</param>
    public void Add(IEnumerable<BilledCost> costs, DateTimeOffset? doubtfulSince = null)
    {
        foreach (var some in costs.Where(cost => limits.TakesZero || cost.Amount != Money.Zero).Chunk(limits.BatchSize))
            batches.AddLast(new PlannedBatch(some) { DoubtfulSince = doubtfulSince });
    }

    /// <summary>Whether the receiver may have taken something so long ago that it does not know the id any more.</summary>
    public bool IsForgotten(DateTimeOffset? doubtfulSince, DateTimeOffset now) =>
        limits.RemembersFor is { } remembered && now - doubtfulSince >= remembered - Margin;

    /// <summary>A cost that cannot be sent at all.</summary>
    public void AddDead(BilledCost cost, string problem, DateTimeOffset now, DateTimeOffset? doubtfulSince = null) =>
        dead.Add(
            new DeadCost
            {
                Cost = cost,
                Problem = problem,
                At = now,
                DoubtfulSince = doubtfulSince,
            }
        );

    /// <summary>The next batch; null for none. What has become too old while it waited is dead.</summary>
    public PlannedBatch? Next(DateTimeOffset now)
    {
        while (batches.First is { Value: var batch })
        {
            batches.RemoveFirst();
            if (IsForgotten(batch.DoubtfulSince, now))
            {
                foreach (var cost in batch.Costs)
                    AddDead(cost, Doubt(), now, batch.DoubtfulSince);
                continue;
            }

            var sendable = batch.Costs.Where(cost => IsInTime(cost, now)).ToArray();
            if (sendable.Length > 0)
                return sendable.Length == batch.Costs.Count ? batch : batch.With(sendable);
        }

        return null;
    }

    /// <summary>A batch has been answered, or not.</summary>
    /// <returns>How long to wait before the next.</returns>
    public TimeSpan Ended(PlannedBatch batch, SinkAnswer answer, DateTimeOffset now)
    {
        // A receiver may say the same twice.
        var refused = answer.Refused.DistinctBy(one => one.Id).ToDictionary(one => one.Id, one => one.Problem, StringComparer.Ordinal);
        var taken = answer.Taken.ToHashSet(StringComparer.Ordinal);
        foreach (var cost in batch.Costs.Where(cost => refused.ContainsKey(cost.Id)))
            AddDead(cost, refused[cost.Id], now, DoubtOf(batch));
        var left = batch.Costs.Where(cost => !taken.Contains(cost.Id) && !refused.ContainsKey(cost.Id)).ToArray();
        // What one request left open stays open, whatever the next one says.
        if (answer.Left is { MayBeTaken: true } && batch.DoubtfulSince is null)
            batch = batch.DoubtfulFrom(now);
        if (left.Length < batch.Costs.Count)
            (answered, Failures) = (answered + 1, 0);
        if (left.Length == 0)
            return TimeSpan.Zero;
        // Of what nothing was said, nothing is known.
        var what = answer.Left ?? new LeftCosts(LeftFor.Later, "nothing was answered of it", MayBeTaken: true);
        var isSmaller = left.Length < batch.Costs.Count;
        switch (what.For)
        {
            case LeftFor.Again when isSmaller:
                batches.AddFirst(batch.With(left));
                return TimeSpan.Zero;
            case LeftFor.Again or LeftFor.Parts:
                Refused(batch.With(left), what.Problem, now);
                return TimeSpan.Zero;
            case LeftFor.Mend:
                batches.AddFirst(batch.With(left));
                Failures++;
                return MendPause;
            default:
                return Failed(batch.With(left), what, now);
        }
    }

    /// <summary>Takes what has died.</summary>
    public IReadOnlyList<DeadCost> TakeDead()
    {
        if (dead.Count == 0)
            return [];
        var taken = dead;
        dead = [];
        return taken;
    }

    /// <summary>Why a cost that may have been taken is not sent again.</summary>
    public string Doubt() =>
        FormattableString.Invariant(
            $"it may have been taken before, and {limits.Name} knows ids for {limits.RemembersFor?.TotalHours:0} hours: look there for it"
        );

    private DateTimeOffset? DoubtOf(PlannedBatch batch) => limits.RemembersFor is null ? null : batch.DoubtfulSince;

    private void Refused(PlannedBatch batch, string problem, DateTimeOffset now)
    {
        // It answers, whatever it says.
        (answered, Failures) = (answered + 1, 0);
        if (batch.Costs is [var one])
            AddDead(one, problem, now, DoubtOf(batch));
        else
            Halve(batch, batch.Tries, isLast: false);
    }

    private TimeSpan Failed(PlannedBatch batch, LeftCosts what, DateTimeOffset now)
    {
        Failures++;
        var failed = new PlannedBatch(batch.Costs)
        {
            Tries = what.IsOfAll ? batch.Tries : batch.Tries + 1,
            AnsweredBefore = batch.AnsweredBefore ?? answered,
            DoubtfulSince = batch.DoubtfulSince ?? (what.MayBeTaken ? now : null),
        };
        if (what.IsOfAll)
            batches.AddLast(failed);
        else if (failed is { Costs: [var one], Tries: >= SingleTries } && answered > failed.AnsweredBefore)
        {
            var problem = FormattableString.Invariant($"{what.Problem}, {failed.Tries} times, while others were taken");
            AddDead(one, problem, now, DoubtOf(failed));
        }
        else if (failed is { Costs.Count: > 1, Tries: >= WholeTries })
            Halve(failed, tries: 0, isLast: true);
        else
            batches.AddLast(failed);
        var pause = FirstPause * (1 << Math.Min(Failures - 1, 6));
        var asked = what.RetryAfter is { } after && after > pause ? after : pause;
        return asked == what.RetryAfter ? Min(asked, LongestRetryAfter) : Min(asked, LongestPause);
    }

    private void Halve(PlannedBatch batch, int tries, bool isLast)
    {
        var middle = (batch.Costs.Count + 1) / 2;
        var first = batch.With([.. batch.Costs.Take(middle)], tries);
        var second = batch.With([.. batch.Costs.Skip(middle)], tries);
        if (isLast)
        {
            batches.AddLast(first);
            batches.AddLast(second);
        }
        else
        {
            batches.AddFirst(second);
            batches.AddFirst(first);
        }
    }

    private bool IsInTime(BilledCost cost, DateTimeOffset now)
    {
        if (limits.Oldest is { } oldest && now - cost.Time >= oldest)
        {
            AddDead(cost, FormattableString.Invariant($"it is older than the {Words(oldest)} that {limits.Name} takes"), now);
            return false;
        }

        if (limits.Newest is { } newest && cost.Time - now > newest)
        {
            AddDead(cost, FormattableString.Invariant($"it is more than the {Words(newest)} ahead that {limits.Name} takes"), now);
            return false;
        }

        return true;
    }

    private static string Words(TimeSpan time) =>
        time >= TimeSpan.FromDays(1) ? FormattableString.Invariant($"{time.TotalDays:0.##} days")
        : time >= TimeSpan.FromHours(1) ? FormattableString.Invariant($"{time.TotalHours:0.##} hours")
        : FormattableString.Invariant($"{time.TotalMinutes:0.##} minutes");

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

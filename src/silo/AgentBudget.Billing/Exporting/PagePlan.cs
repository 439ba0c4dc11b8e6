using AgentBudget.Billing.Costs;
using AgentBudget.Billing.Notes;

namespace AgentBudget.Billing.Exporting;

/// <summary>
/// What is sent next. Without clock and I/O: told which costs there are, what came of each batch and what the time is, it says what to
/// send, how long to wait, and what is dead. A batch that is refused without a name is halved until the one at fault stands alone; one
/// that the receiver fails with is tried again behind the others, in parts after a while, and a cost that it fails with alone while it
/// takes others is dead as well, so that nothing is held up by it. What is not let in is tried in parts at once, to find out whether any
/// of it is: then the rest is at fault itself, and else the settings are, and all of it waits.
/// </summary>
internal sealed class PagePlan(SinkLimits limits)
{
    /// <summary>Tries after which a batch is halved.</summary>
    private const int WholeTries = 3;

    /// <summary>Tries after which a single cost that others pass is dead.</summary>
    private const int SingleTries = 5;

    /// <summary>Batches for whose sake more is read: it shows whether the receiver takes others.</summary>
    private const int MostSuspects = 64;

    /// <summary>How often in a row something is tried at once with a receiver that does not let it in: enough to come from a batch of 500
    /// to a single cost, and to another one.</summary>
    private const int MostBarred = 11;

    /// <summary>The same for what was not let in before others were: a batch of 100 whose costs are all at fault. It is the most that
    /// dies where the receiver lets nothing in any more just then.</summary>
    private const int MostAtFault = 200;

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
    private long taken;
    private int barred;

    /// <summary>How often in a row the receiver has failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether every cost was taken or is dead.</summary>
    public bool IsDone => batches.Count == 0;

    /// <summary>Whether more is wanted: nothing is there, or nothing but what may be at fault itself.</summary>
    public bool WantsMore => batches.Count < MostSuspects && batches.All(IsSuspect);

    /// <summary>What was neither taken nor is dead, and since when it may have been taken all the same; null where it cannot have
    /// been.</summary>
    public IEnumerable<KeyValuePair<string, DateTimeOffset?>> Waiting =>
        batches.SelectMany(batch => batch.Costs.Select(cost => KeyValuePair.Create(cost.Id, batch.DoubtfulSince)));

    /// <summary>Takes costs, in batches.</summary>
    /// <param name="costs">The costs.</param>
    /// <param name="doubtfulSince">Since when they may have been taken; null where they cannot have been.</param>
    public void Add(IEnumerable<BilledCost> costs, DateTimeOffset? doubtfulSince = null)
    {
        foreach (var some in costs.Where(cost => limits.TakesZero || cost.Amount != Money.Zero).Chunk(limits.BatchSize))
            batches.AddLast(new PlannedBatch { Costs = some, DoubtfulSince = doubtfulSince });
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
        while (TakeNext() is { } batch)
        {
            if (IsForgotten(batch.DoubtfulSince, now))
            {
                foreach (var cost in batch.Costs)
                    AddDead(cost, Doubt(), now, batch.DoubtfulSince);
                continue;
            }

            var sendable = batch.Costs.Where(cost => IsInTime(cost, now)).ToArray();
            if (sendable.Length > 0)
                return sendable.Length == batch.Costs.Count ? batch : batch with { Costs = sendable };
        }

        return null;
    }

    /// <summary>A batch has been answered, or not.</summary>
    /// <returns>How long to wait before the next.</returns>
    public TimeSpan Ended(PlannedBatch batch, SinkAnswer answer, DateTimeOffset now)
    {
        // A receiver may say the same twice.
        var refused = answer.Refused.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
        var known = answer.Taken.ToHashSet(StringComparer.Ordinal);
        foreach (var cost in batch.Costs.Where(cost => refused.ContainsKey(cost.Id)))
            AddDead(cost, refused[cost.Id].Problem, now, DoubtOf(batch) ?? (refused[cost.Id].MayBeTaken ? now : null));
        var left = batch.Costs.Where(cost => !known.Contains(cost.Id) && !refused.ContainsKey(cost.Id)).ToArray();
        // What one request left open stays open, whatever the next one says.
        if (answer.Left is { MayBeTaken: true } && batch.DoubtfulSince is null)
            batch = batch with { DoubtfulSince = now };
        var (sent, takenBefore) = (batch.Costs.Count, taken);
        if (left.Length < sent)
            Answered(isTaken: known.Count > 0);
        if (left.Length == 0)
            return TimeSpan.Zero;
        // Of what nothing was said, nothing is known.
        var what = answer.Left ?? new LeftCosts(LeftFor.Later, "nothing was answered of it", MayBeTaken: true);
        if (what.For == LeftFor.Unclear)
            batch = batch with { TakenBefore = batch.TakenBefore ?? takenBefore };
        return Left(batch with { Costs = left }, what, sent, now);
    }

    /// <summary>Takes what has died.</summary>
    public IReadOnlyList<DeadCost> TakeDead()
    {
        if (dead.Count == 0)
            return [];
        var died = dead;
        dead = [];
        return died;
    }

    /// <summary>Why a cost that may have been taken is not sent again.</summary>
    public string Doubt() =>
        FormattableString.Invariant(
            $"it may have been taken before, and {limits.Name} knows ids for {limits.RemembersFor?.TotalHours:0} hours: look there for it"
        );

    private static bool IsSuspect(PlannedBatch batch) => batch.IsBarred || (batch.Costs.Count == 1 && batch.Tries >= SingleTries);

    // Where something is not let in, what was not tried tells the most.
    private PlannedBatch? TakeNext()
    {
        var next = batches.First;
        for (var node = next; barred > 0 && node is not null; node = node.Next)
        {
            if (node.Value.IsBarred)
                continue;
            next = node;
            break;
        }

        if (next is not null)
            batches.Remove(next);
        return next?.Value;
    }

    private DateTimeOffset? DoubtOf(PlannedBatch batch) => limits.RemembersFor is null ? null : batch.DoubtfulSince;

    // What becomes of what was neither taken nor refused, of so many that were sent.
    private TimeSpan Left(PlannedBatch batch, LeftCosts what, int sent, DateTimeOffset now)
    {
        switch (what.For)
        {
            case LeftFor.Again when batch.Costs.Count < sent:
                batches.AddFirst(batch);
                return TimeSpan.Zero;
            case LeftFor.Again or LeftFor.Parts:
                Refused(batch, what.Problem, now);
                return TimeSpan.Zero;
            case LeftFor.Unclear:
                return Barred(batch, what.Problem, isAlone: sent == 1, now);
            case LeftFor.Mend:
                batches.AddFirst(batch);
                Failures++;
                return MendPause;
            default:
                return Failed(batch, what, now);
        }
    }

    private void Refused(PlannedBatch batch, string problem, DateTimeOffset now)
    {
        Answered(isTaken: false);
        if (batch.Costs is [var one])
            AddDead(one, problem, now, DoubtOf(batch));
        else
            Halve(batch, isLast: false);
    }

    // It answers, whatever it says; that it lets something in shows what it takes alone.
    private void Answered(bool isTaken)
    {
        (answered, Failures) = (answered + 1, 0);
        if (isTaken)
            (barred, taken) = (0, taken + 1);
    }

    private TimeSpan Barred(PlannedBatch batch, string problem, bool isAlone, DateTimeOffset now)
    {
        // Others were let in since it was not, and it still is not.
        var isAtFault = taken > batch.TakenBefore;
        var goesOn = ++barred < (isAtFault ? MostAtFault : MostBarred);
        if (goesOn && isAtFault && isAlone)
            AddDead(batch.Costs[0], $"{problem}, while others were taken", now, DoubtOf(batch));
        else if (goesOn && batch.Costs.Count > 1)
            Halve(batch, isLast: false);
        else
            batches.AddLast(batch);
        if (goesOn)
            return TimeSpan.Zero;
        Failures++;
        return MendPause;
    }

    private TimeSpan Failed(PlannedBatch batch, LeftCosts what, DateTimeOffset now)
    {
        Failures++;
        var failed = batch with
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
            Halve(failed with { Tries = 0 }, isLast: true);
        else
            batches.AddLast(failed);
        var pause = FirstPause * (1 << Math.Min(Failures - 1, 6));
        var asked = what.RetryAfter is { } after && after > pause ? after : pause;
        return asked == what.RetryAfter ? Min(asked, LongestRetryAfter) : Min(asked, LongestPause);
    }

    private void Halve(PlannedBatch batch, bool isLast)
    {
        var middle = (batch.Costs.Count + 1) / 2;
        var first = batch with { Costs = [.. batch.Costs.Take(middle)] };
        var second = batch with { Costs = [.. batch.Costs.Skip(middle)] };
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

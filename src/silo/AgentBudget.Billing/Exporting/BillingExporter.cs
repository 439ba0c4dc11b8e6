using AgentBudget.Billing.Costs;

namespace AgentBudget.Billing.Exporting;

/// <summary>
/// Sends the costs of a ledger to one billing system: reads a page, sends what the plan says until each of its costs was taken or is kept
/// as a dead letter, and only then moves its place in the feed. What it did not get to say is sent again, under the same ids.
/// </summary>
internal sealed class BillingExporter(ExportParts parts)
{
    private static readonly TimeSpan SaidEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1);

    private readonly PagePlan plan = new(parts.Sink.Limits);
    private readonly DeadLetters dead = new(parts.Notes);
    private readonly FeedOfExport feed = new(parts);
    private string? problem;
    private bool isMendSaid;
    private DateTimeOffset saidAt;
    private DateTimeOffset renewedAt = parts.Time.GetUtcNow();
    private bool isFull;

    /// <summary>What it has done.</summary>
    public ExportCount Count { get; private set; } = new();

    private DateTimeOffset Now => parts.Time.GetUtcNow();

    /// <summary>Takes up where it was. What is dead is tried once more, but for what may have been taken.</summary>
    /// <param name="withDoubtful">Whether that is tried as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task BeginAsync(bool withDoubtful, CancellationToken cancellationToken)
    {
        await feed.BeginAsync(cancellationToken);
        await dead.ReadAsync(cancellationToken);
        await RetryAsync(withDoubtful, cancellationToken);
        await SaveDeadAsync(cancellationToken);
    }

    /// <summary>Sends all that is there.</summary>
    /// <param name="mostFailures">After how many failures of the receiver in a row it gives up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentBudgetException">The receiver takes nothing, or too much is dead. What was not sent is sent the next
    /// time.</exception>
    public async Task DrainAsync(int mostFailures, CancellationToken cancellationToken)
    {
        while (true)
        {
            var hasRead = await ReadAsync(cancellationToken);
            var pause = await SendAsync(cancellationToken);
            if (isFull)
                throw new AgentBudgetException($"{dead.Count} costs could not be sent and are kept; mend what they say, and export again.");
            // What is not let in may be at fault itself, which what comes behind it shows.
            var mayGoOn = pause is not null || (hasRead && plan.WantsMore);
            if (plan.Failures >= mostFailures || (plan.Failures > 0 && !mayGoOn))
                throw new AgentBudgetException(
                    $"{parts.Sink.Limits.Name} takes nothing: {problem}. What was not sent is sent the next time."
                );
            if (!hasRead && plan.IsDone)
                return;
            await DelayAsync(pause ?? TimeSpan.Zero, cancellationToken);
        }
    }

    /// <summary>Sends what there is and what comes, until it is given up.</summary>
    public async Task FollowAsync(TimeSpan pollInterval, CancellationToken cancellationToken)
    {
        while (true)
        {
            var hasRead = await ReadAsync(cancellationToken);
            var pause = await SendAsync(cancellationToken) ?? PagePlan.MendPause;
            await DelayAsync(hasRead || pause > pollInterval ? pause : pollInterval, cancellationToken);
        }
    }

    // Whoever does not know ids for good may take one of them just before the host dies: from now on that is possible.
    private async Task RetryAsync(bool withDoubtful, CancellationToken cancellationToken)
    {
        var now = Now;
        DateTimeOffset? begins = parts.Sink.Limits.RemembersFor is null ? null : now;
        var tried = dead.All.Where(one => withDoubtful || !plan.IsForgotten(one.DoubtfulSince, now)).ToArray();
        foreach (var one in tried)
            dead.Add(one with { DoubtfulSince = withDoubtful ? begins : one.DoubtfulSince ?? begins });
        await dead.SaveAsync(cancellationToken);
        // What cannot have been taken so far is sent however long that takes.
        foreach (var alike in tried.GroupBy(one => withDoubtful && one.DoubtfulSince is not null ? begins : one.DoubtfulSince))
            Add(alike.Select(one => one.Cost), alike.Key);
    }

    // Where something waits for long, for the receiver lets nothing in: what is noted of it must not come to be in doubt by its age alone.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        if (parts.Sink.Limits.RemembersFor is null || now - renewedAt < RenewEvery)
            return;
        renewedAt = now;
        var waiting = new Dictionary<string, DateTimeOffset?>(plan.Waiting.DistinctBy(one => one.Key), StringComparer.Ordinal);
        foreach (var one in dead.All.Where(one => waiting.ContainsKey(one.Cost.Id)).ToArray())
            dead.Add(one with { DoubtfulSince = waiting[one.Cost.Id] ?? now });
        await dead.SaveAsync(cancellationToken);
        await feed.RenewAsync(waiting, cancellationToken);
    }

    private async Task DelayAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, parts.Time, cancellationToken);
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!plan.WantsMore || IsFull() || await feed.ReadAsync(cancellationToken) is not { } page)
            return false;
        if (page.Page.State != EventCursorState.Good)
        {
            BillingLog.CursorLost(parts.Log, parts.Name, page.Page.State, page.From.ToString(), page.Page.Next.ToString());
            parts.Metrics?.LostPlace();
            Count = Count with { LostPlaces = Count.LostPlaces + 1 };
            return true;
        }

        var costs = page.Page.Events.OfType<ChargeEvent>().Select(BilledCost.Of);
        Add(WithoutDoubtful(page, costs));
        await SaveDeadAsync(cancellationToken);
        await feed.NoteAsync(page, cancellationToken);
        return true;
    }

    // Too many dead letters are a mistake in the settings, which somebody has to see: the feed keeps what is not read.
    private bool IsFull()
    {
        if (dead.Count < parts.MaxDeadLetters)
            return isFull = false;
        if (!isFull)
            BillingLog.Full(parts.Log, parts.Name, dead.Count);
        return isFull = true;
    }

    private void Add(IEnumerable<BilledCost> costs, DateTimeOffset? doubtfulSince = null)
    {
        var sendable = new List<BilledCost>();
        foreach (var cost in costs)
        {
            var customer = parts.Customers.Find(cost.Tenant);
            if (customer is not null || parts.Customers.MayBeNobody)
                sendable.Add(cost with { Customer = customer });
            else if (cost.Amount != Money.Zero || parts.Sink.Limits.TakesZero)
                plan.AddDead(
                    cost,
                    $"{(cost.Tenant is null ? "a session without a tenant" : $"the tenant {cost.Tenant}")} has no customer",
                    Now
                );
        }

        plan.Add(sendable, doubtfulSince);
    }

    // What was on its way when the export ended, so long ago that the receiver does not know its ids any more.
    private IEnumerable<BilledCost> WithoutDoubtful(FeedPage page, IEnumerable<BilledCost> costs)
    {
        if (feed.BegunBefore(page.Partition) is not { } begun)
            return costs;
        var isOld = plan.IsForgotten(begun.At, Now);
        var all = costs.ToList();
        var last = all.FindIndex(cost => cost.Id == begun.LastId);
        if (last >= 0 || page.Page.Through >= begun.Through)
            feed.SawBegun(page.Partition, isOld);
        var inDoubt = last >= 0 ? last + 1 : all.Count;
        var left = all.Take(inDoubt).Where(cost => !feed.IsDone(page.Partition, cost.Id)).ToArray();
        if (!isOld)
            return left.Concat(all.Skip(inDoubt));
        foreach (var cost in left)
            plan.AddDead(cost, plan.Doubt(), Now, begun.At);
        return all.Skip(inDoubt);
    }

    // The pause before the next; null where somebody has to mend something first.
    private async Task<TimeSpan?> SendAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.Zero;
        var isMend = false;
        while (pause == TimeSpan.Zero && plan.Next(Now) is { } batch)
        {
            var answer = await parts.Sink.SendAsync(batch.Costs, cancellationToken);
            pause = plan.Ended(batch, answer, Now);
            isMend = answer.Left is { For: LeftFor.Mend or LeftFor.Unclear };
            Took(batch, answer);
            if (pause > TimeSpan.Zero && answer.Left is { } left)
                Failed(left, isMend);
            await SaveDeadAsync(cancellationToken);
        }

        await SaveDeadAsync(cancellationToken);
        if (plan.IsDone)
            await feed.SaveAsync(cancellationToken);
        else
            await RenewAsync(cancellationToken);
        return isMend ? null : pause;
    }

    private void Took(PlannedBatch batch, SinkAnswer answer)
    {
        var taken = answer.Taken.ToHashSet(StringComparer.Ordinal);
        var costs = batch.Costs.Where(cost => taken.Contains(cost.Id)).ToArray();
        if (costs.Length == 0)
            return;
        foreach (var cost in costs)
            dead.Taken(cost.Id);
        Count = Count with { Taken = Count.Taken + costs.Length, Sum = costs.Aggregate(Count.Sum, (sum, cost) => sum + cost.Amount) };
        parts.Metrics?.Billed(costs.Length);
        if (problem is not null)
            BillingLog.Recovered(parts.Log, parts.Name);
        problem = null;
    }

    private void Failed(LeftCosts left, bool isMend)
    {
        // Anew where it is of another kind, and once an hour while it lasts.
        var isSaid = problem is not null && isMend == isMendSaid && Now - saidAt < SaidEvery;
        problem = left.Problem;
        if (isSaid)
            return;
        (isMendSaid, saidAt) = (isMend, Now);
        if (isMend)
            BillingLog.MustBeMended(parts.Log, parts.Name, left.Problem);
        else
            BillingLog.Failing(parts.Log, parts.Name, left.Problem);
    }

    private async Task SaveDeadAsync(CancellationToken cancellationToken)
    {
        var died = plan.TakeDead();
        foreach (var one in died)
            dead.Add(one);
        await dead.SaveAsync(cancellationToken);
        Count = Count with { Dead = dead.Count };
        if (died.Count == 0)
            return;
        parts.Metrics?.Unbilled(died.Count);
        BillingLog.Died(parts.Log, parts.Name, died.Count);
    }
}

using AgentBudget.Client.Calls;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Prolongs the reservations of calls that take long, for all sessions of one client. One timer, which runs only while calls are open. A
/// call that has once been prolonged is known weakly: whoever lost it neither settles it nor keeps its money for ever.
/// </summary>
internal sealed class CallKeeper(TimeProvider time, TimeSpan extendFor, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly List<WeakReference<OpenCall>> old = [];
    private OpenCall? newest;
    private ITimer? timer;
    private long dueAt = long.MaxValue;

    /// <summary>How many calls are open.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
            {
                var count = old.Count;
                for (var call = newest; call is not null; call = call.Place.Older)
                    count++;
                return count;
            }
        }
    }

    public void Add(OpenCall call)
    {
        if (extendFor == TimeSpan.Zero)
            return;
        ref var place = ref call.Place;
        place.DueAt = HalfwayFrom(call.Began, call);
        lock (gate)
        {
            (place.Older, place.IsKept) = (newest, true);
            if (newest is { } newer)
                newer.Place.Newer = call;
            newest = call;
            if (place.DueAt < dueAt)
                SetTimer(place.DueAt);
        }
    }

    public void Remove(OpenCall call)
    {
        lock (gate)
            Unlink(call);
    }

    private void Unlink(OpenCall call)
    {
        ref var place = ref call.Place;
        if (!place.IsKept)
            return;
        if (place.Newer is { } newer)
            newer.Place.Older = place.Older;
        else
            newest = place.Older;
        if (place.Older is { } older)
            older.Place.Newer = place.Newer;
        (place.Newer, place.Older, place.IsKept) = (null, null, false);
    }

    // Under the gate. What waits for it is nobody's call, so nothing of the caller's flows into it.
    private void SetTimer(long at)
    {
        dueAt = at;
        if (timer is null)
        {
            using var flow = ExecutionContext.SuppressFlow();
            timer = time.CreateTimer(
                static keeper => ((CallKeeper)keeper!).Tick(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }

        var left = at == long.MaxValue ? Timeout.InfiniteTimeSpan : time.GetElapsedTime(time.GetTimestamp(), at);
        timer.Change(left < TimeSpan.Zero && at != long.MaxValue ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
    }

    private void Tick()
    {
        List<OpenCall> due = [];
        lock (gate)
        {
            var now = time.GetTimestamp();
            SetTimer(Math.Min(AgeThose(now), TakeDue(due, now)));
        }

        foreach (var call in due)
            _ = ExtendAsync(call);
    }

    // Young calls whose time has come are old from now on; says when the next of the young ones is.
    private long AgeThose(long now)
    {
        var next = long.MaxValue;
        for (var call = newest; call is not null; )
        {
            var older = call.Place.Older;
            if (call.Place.DueAt <= now)
            {
                Unlink(call);
                old.Add(new WeakReference<OpenCall>(call));
            }
            else
            {
                next = Math.Min(next, call.Place.DueAt);
            }

            call = older;
        }

        return next;
    }

    private long TakeDue(List<OpenCall> due, long now)
    {
        var next = long.MaxValue;
        old.RemoveAll(known => !known.TryGetTarget(out var call) || IsOver(call));
        foreach (var known in old)
        {
            if (!known.TryGetTarget(out var call))
                continue;
            if (call.Place.DueAt <= now)
            {
                due.Add(call);
                call.Place.DueAt = HalfwayFrom(now, call);
            }

            next = Math.Min(next, call.Place.DueAt);
        }

        return next;
    }

    private long HalfwayFrom(long timestamp, OpenCall call) =>
        timestamp + (long)(call.TimeToLive.TotalSeconds / 2 * time.TimestampFrequency);

    private bool IsOver(OpenCall call) => call.End != CallEnd.Open || time.GetElapsedTime(call.Began) >= extendFor;

    private async Task ExtendAsync(OpenCall call)
    {
        try
        {
            await CallMoney.ExtendAsync(call, call.TimeToLive, CancellationToken.None);
        }
        catch (Exception exception)
        {
            ClientLog.NotExtended(logger, exception);
            lock (gate)
            {
                call.Place.DueAt = time.GetTimestamp() + (HalfwayFrom(0, call) / 4);
                if (call.Place.DueAt < dueAt)
                    SetTimer(call.Place.DueAt);
            }
        }
    }
}

/// <summary>A call's place with its keeper.</summary>
internal struct KeptPlace
{
    public OpenCall? Newer;

    public OpenCall? Older;

    public bool IsKept;

    /// <summary>When it is to be prolonged, as a timestamp of the client's clock.</summary>
    public long DueAt;
}

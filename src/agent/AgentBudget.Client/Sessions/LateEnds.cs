using AgentBudget.Client.Calls;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Client.Sessions;

/// <summary>
/// Ends of calls that did not reach the ledger in time, of all sessions of one client: they are sent again behind their callers, each
/// with its key, until they arrive. What arrives after its reservation has expired is recorded as late. Kept in memory: whose process
/// ends has to send again himself what he was handed.
/// </summary>
internal sealed class LateEnds(TimeProvider time, ILogger logger)
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 4_096;

    /// <summary>The time between two rounds; one that fails ends with the first end that does not arrive.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // Somebody has mended the ledger by then, or nobody will.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    private readonly Lock gate = new();
    private readonly Queue<(OpenCall Call, EndDelivery Ends)> waiting = new();
    private ITimer? timer;
    private bool isTimed;

    /// <summary>Keeps the end of a call, to be sent again.</summary>
    /// <returns>Whether it is kept; too many are, or it has been waiting for too long, where it is not.</returns>
    public bool TryAdd(OpenCall call, EndDelivery ends)
    {
        lock (gate)
        {
            if (call.IsLate)
                return true;
            if (waiting.Count >= Most || time.GetElapsedTime(call.Began) >= LongestWait)
                return false;
            call.IsLate = true;
            waiting.Enqueue((call, ends));
            if (!isTimed)
                SetTimer();
            return true;
        }
    }

    // Under the gate. Nothing of the caller's flows into it.
    private void SetTimer()
    {
        isTimed = true;
        if (timer is null)
        {
            using var flow = ExecutionContext.SuppressFlow();
            timer = time.CreateTimer(
                static late => _ = ((LateEnds)late!).SendAsync(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan
            );
        }

        timer.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private async Task SendAsync()
    {
        while (TryTake(out var call, out var ends))
        {
            if (await ends.SendAgainAsync(call) is not { } failure)
                continue;
            // Behind the others, whose sessions may be well.
            if (!TryAdd(call, ends))
                ClientLog.EndLost(logger, failure);
            break;
        }

        lock (gate)
        {
            isTimed = false;
            if (waiting.Count > 0)
                SetTimer();
        }
    }

    private bool TryTake(out OpenCall call, out EndDelivery ends)
    {
        lock (gate)
        {
            var isThere = waiting.TryDequeue(out var next);
            (call, ends) = next;
            if (isThere)
                call.IsLate = false;
            return isThere;
        }
    }
}

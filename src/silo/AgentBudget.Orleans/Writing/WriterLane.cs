using System.Threading.Channels;
using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// Writes the sessions of one partition: gathers what they decided and makes it durable in one go. While one batch is being written the
/// next one gathers, so that batches grow with the load by themselves.
/// </summary>
internal sealed class WriterLane(
    WriterPlaces places,
    ILedgerStore store,
    int batchEntries,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger logger
)
{
    // Bounded by the writer's places: a session enters only with one.
    private readonly Channel<SessionWrites> queue = Channel.CreateUnbounded<SessionWrites>(
        new UnboundedChannelOptions { SingleReader = true }
    );
    private Task loop = Task.CompletedTask;
    private long writingSince;

    public TimeSpan Lag => Volatile.Read(ref writingSince) is var since && since != 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Writes what is queued and stops.</summary>
    public async Task StopAsync()
    {
        queue.Writer.TryComplete();
        await loop;
    }

    /// <summary>Queues the writes of a session that something waits in. A lane that has stopped fails them at once.</summary>
    public void Enqueue(SessionWrites writes)
    {
        if (!queue.Writer.TryWrite(writes))
            writes.Failed(new BudgetUnavailableException("The silo is stopping; send the operation again."), endsActivation: true);
    }

    private async Task RunAsync()
    {
        var sessions = new List<SessionWrites>();
        var appends = new List<LedgerAppend>();
        while (await queue.Reader.WaitToReadAsync())
        {
            try
            {
                Gather(sessions, appends);
                if (appends.Count > 0)
                    await WriteAsync(sessions, appends);
            }
            catch (Exception exception)
            {
                // A defect, whatever it was: the lane goes on, and nobody is left waiting.
                WriterLog.BatchFailed(logger, exception, sessions.Count);
                foreach (var writes in sessions)
                    Fail(writes, exception);
            }

            sessions.Clear();
            appends.Clear();
        }
    }

    private void Gather(List<SessionWrites> sessions, List<LedgerAppend> appends)
    {
        var entries = 0;
        while (entries < batchEntries && queue.Reader.TryRead(out var writes))
        {
            if (writes.Take(places.NextAppendId()) is not { } append)
                continue;
            if (!append.IsInOrder)
            {
                // A defect, and the last moment at which it is harmless.
                var violation = new LedgerLawViolationException(
                    $"Entries up to {append.Head.Sequence} do not follow entry {append.ExpectedSequence} (L7)."
                );
                WriterLog.SessionFailed(logger, violation, append.ExpectedSequence + 1);
                Fail(writes, violation);
                continue;
            }

            sessions.Add(writes);
            appends.Add(append);
            entries += append.Entries.Count;
        }
    }

    private async Task WriteAsync(List<SessionWrites> sessions, List<LedgerAppend> appends)
    {
        var entries = appends.Sum(append => append.Entries.Count);
        var activity = LedgerTracing.Write(appends.Count, entries);
        try
        {
            var started = time.GetTimestamp();
            Volatile.Write(ref writingSince, started);
            var outcomes = await store.AppendAsync(appends);
            // Before the callers are told, so that who was answered finds the batch counted.
            metrics.Wrote(entries, time.GetElapsedTime(started));
            Report(sessions, outcomes);
        }
        catch (LedgerStoreUnavailableException unavailable)
        {
            WriterLog.StoreUnavailable(logger, unavailable, sessions.Count);
            foreach (var writes in sessions)
                Fail(writes, unavailable);
        }
        catch (Exception exception)
        {
            // One bad row must not fail its neighbours: each session alone shows which one it is.
            WriterLog.BatchFailed(logger, exception, sessions.Count);
            for (var i = 0; i < sessions.Count; i++)
                await WriteAloneAsync(sessions[i], appends[i]);
        }
        finally
        {
            Volatile.Write(ref writingSince, 0);
            LedgerTracing.End(activity);
        }
    }

    private async Task WriteAloneAsync(SessionWrites writes, LedgerAppend append)
    {
        try
        {
            Report([writes], await store.AppendAsync([append]));
        }
        catch (Exception exception)
        {
            WriterLog.SessionFailed(logger, exception, append.Entries[0].Sequence);
            Fail(writes, exception);
        }
    }

    private void Report(List<SessionWrites> sessions, IReadOnlyList<AppendOutcome> outcomes)
    {
        var fenced = 0;
        for (var i = 0; i < sessions.Count; i++)
        {
            if (outcomes[i] == AppendOutcome.Written)
            {
                if (sessions[i].Succeeded())
                    Enqueue(sessions[i]);
                continue;
            }

            fenced++;
            metrics.WasFenced();
            sessions[i].Failed(LedgerWriter.Fenced(), endsActivation: true);
        }

        if (fenced > 0)
            WriterLog.Fenced(logger, fenced);
    }

    // The cause is in the log. It is not handed on: exceptions of stores do not travel to other processes.
    private static void Fail(SessionWrites writes, Exception exception) =>
        writes.Failed(
            new BudgetUnavailableException(
                $"The ledger could not be written: {exception.Message} Whether the operation was recorded is unknown; send it again with "
                    + "the same key."
            )
        );
}

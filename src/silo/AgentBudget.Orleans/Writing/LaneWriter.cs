using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// Makes batch after batch of a lane durable and tells those who wait for it. A lane has as many of these as its store takes batches at
/// once.
/// </summary>
internal sealed class LaneWriter(LaneQueue queue, ILedgerStore store, LedgerMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly LaneBatch batch = new();

    // Of the batch before: sessions in which something waits again, and callers whose entries are durable and who are to be told.
    private readonly List<SessionWrites> again = [];
    private readonly List<TaskCompletionSource> durable = [];
    private long writingSince;

    /// <summary>For how long its batch has been on its way; zero while it has none.</summary>
    public TimeSpan Lag => Volatile.Read(ref writingSince) is var since && since != 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Writes until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        do
        {
            await WriteNextAsync();
        } while (durable.Count > 0 || again.Count > 0 || await queue.WaitAsync());
    }

    private async Task WriteNextAsync()
    {
        try
        {
            // Where the store takes one batch at a time the callers are first: who answers at once may still come into the next one, and
            // it is size that counts. Where it takes several, the store is: it works while they are told, and they hardly notice.
            if (store.BatchesAtOnce == 1)
                Tell();
            queue.Fill(batch, again);
            var written = batch.Entries > 0 ? SendAsync() : null;
            Tell();
            if (written is not null)
                await FinishAsync(written);
        }
        catch (Exception exception)
        {
            // A defect, whatever it was: the lane goes on, and nobody is left waiting.
            Tell();
            WriterLog.BatchFailed(logger, exception, batch.Sessions.Count);
            foreach (var writes in batch.Sessions.Concat(again))
                writes.Failed(LedgerWriter.NotWritten(exception));
            again.Clear();
        }

        Volatile.Write(ref writingSince, 0);
        queue.End(batch);
        batch.Clear();
    }

    // Whatever goes wrong is in the task: nothing of this batch may keep callers of the one before waiting.
    private async Task<IReadOnlyList<AppendOutcome>> SendAsync()
    {
        var activity = LedgerTracing.Write(batch.Sessions.Count, batch.Entries);
        var started = time.GetTimestamp();
        Volatile.Write(ref writingSince, started);
        try
        {
            var outcomes = await store.AppendAsync(batch.Appends);
            // Before the callers are told, so that who was answered finds the batch counted.
            metrics.Wrote(batch.Entries, time.GetElapsedTime(started));
            return outcomes;
        }
        finally
        {
            LedgerTracing.End(activity);
        }
    }

    private async Task FinishAsync(Task<IReadOnlyList<AppendOutcome>> written)
    {
        try
        {
            Report(batch.Sessions, await written);
        }
        catch (LedgerStoreUnavailableException unavailable)
        {
            WriterLog.StoreUnavailable(logger, unavailable, batch.Sessions.Count);
            foreach (var writes in batch.Sessions)
                writes.Failed(LedgerWriter.NotWritten(unavailable));
        }
        catch (Exception exception)
        {
            // One bad row must not fail its neighbours: each session alone shows which one it is.
            WriterLog.BatchFailed(logger, exception, batch.Sessions.Count);
            for (var i = 0; i < batch.Sessions.Count; i++)
                await WriteAloneAsync(batch.Sessions[i], batch.Appends[i]);
        }
    }

    private async Task WriteAloneAsync(SessionWrites writes, LedgerAppend append)
    {
        try
        {
            Report([writes], await store.AppendAsync([append]));
            Tell();
        }
        catch (Exception exception)
        {
            WriterLog.SessionFailed(logger, exception, append.Entries[0].Sequence);
            writes.Failed(LedgerWriter.NotWritten(exception));
        }
    }

    private void Report(IReadOnlyList<SessionWrites> sessions, IReadOnlyList<AppendOutcome> outcomes)
    {
        // Before anything is settled: afterwards nobody could say what was.
        if (outcomes.Count != sessions.Count)
            throw new InvalidOperationException($"The store answered {outcomes.Count} outcomes for {sessions.Count} appends.");
        var fenced = 0;
        for (var i = 0; i < sessions.Count; i++)
        {
            if (outcomes[i] == AppendOutcome.Written)
            {
                durable.Add(sessions[i].Succeeded(out var waitsAgain));
                if (waitsAgain)
                    again.Add(sessions[i]);
                continue;
            }

            fenced++;
            metrics.WasFenced();
            sessions[i].Failed(LedgerWriter.Fenced(), endsActivation: true);
        }

        if (fenced > 0)
            WriterLog.Fenced(logger, fenced);
    }

    private void Tell()
    {
        foreach (var callers in durable)
            callers.TrySetResult();
        durable.Clear();
    }
}

using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Writing;

/// <summary>What waits to be written to one partition. Each of its writers takes as much as there is.</summary>
internal sealed class LaneQueue(WriterPlaces places, int batchEntries, int writers, ILogger logger)
{
    // Fewer than this are not worth a batch less.
    private const int LeastShare = 64;

    // Bounded by the writer's places: a session enters only with one.
    private readonly Channel<SessionWrites> queue = Channel.CreateUnbounded<SessionWrites>();
    private int onTheirWay;

    /// <summary>Queues the writes of a session that something waits in. A queue that is closed fails them at once.</summary>
    public void Enqueue(SessionWrites writes)
    {
        if (!queue.Writer.TryWrite(writes))
            writes.Failed(new BudgetUnavailableException("The silo is stopping; send the operation again."), endsActivation: true);
    }

    /// <summary>Takes nothing more; what is queued is still given out.</summary>
    public void Close() => queue.Writer.TryComplete();

    /// <summary>Ends once something waits, for all who wait: some may find it taken. False when nothing will come any more.</summary>
    public ValueTask<bool> WaitAsync() => queue.Reader.WaitToReadAsync();

    /// <summary>Fills a batch with what waits.</summary>
    /// <param name="batch">The batch, empty.</param>
    /// <param name="again">Sessions that wait again and stand in no queue. Those that were taken, or queued after all, are removed.</param>
    public void Fill(LaneBatch batch, List<SessionWrites> again)
    {
        var share = ShareOf(queue.Reader.Count + again.Count);
        while (HasRoom(batch, share) && queue.Reader.TryRead(out var writes))
            Take(writes, batch);
        var gone = 0;
        for (; gone < again.Count && HasRoom(batch, share); gone++)
            Take(again[gone], batch);
        // Where there is no room for all, they queue behind those who came after them. A queue that is closed takes them no more: they
        // stay.
        while (gone < again.Count && queue.Writer.TryWrite(again[gone]))
            gone++;
        again.RemoveRange(0, gone);
    }

    /// <summary>A batch that was filled here has ended.</summary>
    public void End(LaneBatch batch) => Interlocked.Add(ref onTheirWay, -batch.Sessions.Count);

    // Batches of one size: in a large one beside a small one all would wait for as long as the large one takes.
    private int ShareOf(int waiting) =>
        writers == 1 ? int.MaxValue : Math.Max(LeastShare, (waiting + Volatile.Read(ref onTheirWay) + writers - 1) / writers);

    private bool HasRoom(LaneBatch batch, int share) => batch.Entries < batchEntries && batch.Sessions.Count < share;

    private void Take(SessionWrites writes, LaneBatch batch)
    {
        if (writes.Take(places.NextAppendId()) is not { } append)
            return;
        if (append.IsInOrder)
        {
            batch.Add(writes, append);
            Interlocked.Increment(ref onTheirWay);
            return;
        }

        // A defect, and the last moment at which it is harmless.
        var violation = new LedgerLawViolationException(
            $"Entries up to {append.Head.Sequence} do not follow entry {append.ExpectedSequence} (L7)."
        );
        WriterLog.SessionFailed(logger, violation, append.ExpectedSequence + 1);
        writes.Failed(LedgerWriter.NotWritten(violation));
    }
}

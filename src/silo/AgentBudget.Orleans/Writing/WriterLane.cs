using AgentBudget.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Orleans.Writing;

/// <summary>
/// Writes the sessions of one partition: gathers what they decided and makes it durable in one go. While batches are being written the
/// next one gathers, so that batches grow with the load by themselves.
/// </summary>
internal sealed class WriterLane
{
    private readonly LaneQueue queue;
    private readonly LaneWriter[] writers;
    private Task running = Task.CompletedTask;

    public WriterLane(WriterPlaces places, ILedgerStore store, int batchEntries, LedgerMetrics metrics, TimeProvider time, ILogger logger)
    {
        writers = new LaneWriter[store.BatchesAtOnce];
        queue = new LaneQueue(places, batchEntries, writers.Length, logger);
        for (var i = 0; i < writers.Length; i++)
            writers[i] = new LaneWriter(queue, store, metrics, time, logger);
    }

    public TimeSpan Lag => writers.Max(writer => writer.Lag);

    public void Start() => running = Task.WhenAll(writers.Select(writer => Task.Run(writer.RunAsync)));

    /// <summary>Writes what is queued and stops.</summary>
    public async Task StopAsync()
    {
        queue.Close();
        await running;
    }

    /// <summary>Queues the writes of a session that something waits in. A lane that has stopped fails them at once.</summary>
    public void Enqueue(SessionWrites writes) => queue.Enqueue(writes);
}

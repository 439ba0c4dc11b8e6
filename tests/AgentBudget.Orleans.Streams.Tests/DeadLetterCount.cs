using System.Diagnostics.Metrics;

namespace AgentBudget.Orleans.Streams.Tests;

/// <summary>Counts what the silos of this process count as dead letters.</summary>
internal sealed class DeadLetterCount : IDisposable
{
    private readonly MeterListener listener = new();
    private long total;

    public DeadLetterCount()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "agentbudget.streams.dead_letters")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref total, measured));
        listener.Start();
    }

    public long Total => Interlocked.Read(ref total);

    public void Dispose() => listener.Dispose();
}

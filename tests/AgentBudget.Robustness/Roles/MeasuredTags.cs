using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AgentBudget.Robustness.Roles;

/// <summary>Prints the tags of what the ledger measures, each once: nothing of a tenant may be in them.</summary>
internal sealed class MeasuredTags : IDisposable
{
    /// <summary>What such a line begins with.</summary>
    public const string Word = "MEASURED ";

    private const int Most = 10_000;

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, bool> seen = new(StringComparer.Ordinal);

    public MeasuredTags()
    {
        listener.InstrumentPublished = (instrument, mine) =>
        {
            if (instrument.Meter.Name == LedgerMetrics.MeterName)
                mine.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            var line = $"{instrument.Name} {name}={value}";
            if (seen.Count < Most && seen.TryAdd(line, true))
                Console.WriteLine(Word + line);
        }
    }
}

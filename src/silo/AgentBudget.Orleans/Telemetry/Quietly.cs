using System.Diagnostics.Metrics;

namespace AgentBudget.Orleans.Telemetry;

/// <summary>Measures without harm: a listener of the program's runs within the measurement, and what it throws must not meet the turn or
/// the batch that was measured.</summary>
internal static class Quietly
{
    public static void Add(Counter<long> counter, long delta)
    {
        try
        {
            counter.Add(delta);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(Counter<long> counter, long delta, KeyValuePair<string, object?> tag)
    {
        try
        {
            counter.Add(delta, tag);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(UpDownCounter<long> counter, long delta)
    {
        try
        {
            counter.Add(delta);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Record<T>(Histogram<T> histogram, T value)
        where T : struct
    {
        try
        {
            histogram.Record(value);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }
}

using System.Diagnostics.Metrics;

namespace AgentBudget.Orleans.Telemetry;

/// <summary>Measures without harm: a listener of the program's runs within the measurement, and what it throws must not meet the turn or
/// the batch that was measured, or the start of the silo.</summary>
internal static class Quietly
{
    /// <summary>Makes an instrument or a source. Listeners hear of it at once; where one throws, there is none, and nothing is measured by
    /// it.</summary>
    public static T? Make<T>(Func<T> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (Exception)
        {
            // The listener's own affair.
            return null;
        }
    }

    public static void Add(Counter<long>? counter, long delta)
    {
        try
        {
            counter?.Add(delta);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(Counter<long>? counter, long delta, KeyValuePair<string, object?>? tag)
    {
        if (tag is not { } some)
        {
            Add(counter, delta);
            return;
        }

        try
        {
            counter?.Add(delta, some);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(Counter<long>? counter, long delta, KeyValuePair<string, object?>? tag, KeyValuePair<string, object?> other)
    {
        if (tag is not { } some)
        {
            Add(counter, delta, other);
            return;
        }

        try
        {
            counter?.Add(delta, some, other);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(UpDownCounter<long>? counter, long delta)
    {
        try
        {
            counter?.Add(delta);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Add(UpDownCounter<long>? counter, long delta, KeyValuePair<string, object?>? tag)
    {
        if (tag is not { } some)
        {
            Add(counter, delta);
            return;
        }

        try
        {
            counter?.Add(delta, some);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }

    public static void Record<T>(Histogram<T>? histogram, T value)
        where T : struct
    {
        try
        {
            histogram?.Record(value);
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }
}

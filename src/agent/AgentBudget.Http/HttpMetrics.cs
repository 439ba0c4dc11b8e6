using System.Diagnostics.Metrics;

namespace AgentBudget;

/// <summary>What is counted of calls to models.</summary>
public static class HttpMetrics
{
    /// <summary>The name of the meter: <c>AgentBudget.Http</c>.</summary>
    public const string MeterName = "AgentBudget.Http";

    private static readonly Meter Meter = new(MeterName);

    /// <summary>Calls to models that no money was set aside for, by <c>reason</c>: <c>no_session</c>, <c>not_read</c>.</summary>
    private static readonly Counter<long> Unbudgeted = Meter.CreateCounter<long>(
        "agentbudget.http.unbudgeted",
        "{call}",
        "Calls to models that no money was set aside for."
    );

    internal static void CountUnbudgeted(string reason) => Unbudgeted.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

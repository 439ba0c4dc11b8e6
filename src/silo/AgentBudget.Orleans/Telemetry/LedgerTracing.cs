using System.Diagnostics;
using AgentBudget.Orleans.Telemetry;

namespace AgentBudget;

/// <summary>The ledger's own spans. Those of the calls between grains come from Orleans.</summary>
public static class LedgerTracing
{
    /// <summary>The source's name, to be given to a tracing pipeline.</summary>
    public const string SourceName = "AgentBudget.Orleans";

    private static readonly ActivitySource? Source = Quietly.Make(() => new ActivitySource(SourceName));

    /// <summary>One batch on its way to the store; null when nobody listens. A root of its own: it belongs to many callers.</summary>
    internal static Activity? Write(int sessions, int entries)
    {
        if (Source?.HasListeners() != true)
            return null;
        try
        {
            return Source.StartActivity(
                ActivityKind.Internal,
                parentContext: default,
                tags: [new("agentbudget.sessions", sessions), new("agentbudget.entries", entries)],
                name: "ledger.write"
            );
        }
        catch (Exception)
        {
            // A listener of the program's runs within it; the batch is written all the same.
            return null;
        }
    }

    /// <summary>The batch is written, or not, and nothing that a listener does may change that.</summary>
    internal static void End(Activity? activity)
    {
        try
        {
            activity?.Dispose();
        }
        catch (Exception)
        {
            // The listener's own affair.
        }
    }
}

using System.Diagnostics.Metrics;
using AgentBudget.Orleans.Sqlite.Journal;

namespace AgentBudget.Orleans.Sqlite;

/// <summary>The store's instruments, on the ledger's meter.</summary>
internal static class SqliteMetrics
{
    public static void Observe(IMeterFactory meters, JournalTail tail)
    {
        var meter = meters.Create(LedgerMetrics.MeterName);
        Observe(
            meter,
            "agentbudget.sqlite.journal.entries",
            () => tail.Count,
            "{entry}",
            "Entries in the journal that the tables do not have yet."
        );
        Observe(meter, "agentbudget.sqlite.set_aside", () => tail.SessionsSetAside, "{session}", "Sessions that the tables do not take.");
    }

    private static void Observe(Meter meter, string name, Func<int> count, string unit, string description)
    {
        try
        {
            meter.CreateObservableGauge(name, count, unit, description);
        }
        catch (Exception)
        {
            // A listener of the program's hears of it at once; what it throws keeps no ledger closed.
        }
    }
}

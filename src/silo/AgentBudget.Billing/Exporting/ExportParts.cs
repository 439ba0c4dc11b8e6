using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Notes;
using Microsoft.Extensions.Logging;

namespace AgentBudget.Billing.Exporting;

/// <summary>What an exporter is made of.</summary>
internal sealed record ExportParts
{
    /// <summary>The export's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where costs come from.</summary>
    public required IBudgetEventFeed Feed { get; init; }

    /// <summary>Where they go.</summary>
    public required IBillingSink Sink { get; init; }

    /// <summary>Who pays.</summary>
    public required CustomerTable Customers { get; init; }

    /// <summary>What is kept besides the place in the feed.</summary>
    public required IExportNotes Notes { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Hears what goes wrong.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Whether an export that is new begins with the oldest costs that are kept.</summary>
    public bool FromStart { get; init; }

    /// <summary>With how many dead letters nothing more is read.</summary>
    public int MaxDeadLetters { get; init; } = 10_000;

    /// <summary>Hears what was taken, and how many died; null for nobody.</summary>
    public LedgerMetrics? Metrics { get; init; }
}

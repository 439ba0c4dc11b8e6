using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Sinks.Lines;

namespace AgentBudget.Billing.Sinks;

/// <summary>Makes what an export goes to of its settings, which are checked by now.</summary>
internal static class SinkMaker
{
    /// <param name="export">The settings.</param>
    /// <param name="makeClient">Makes clients.</param>
    /// <param name="time">The clock.</param>
    public static IBillingSink Make(BillingExportOptions export, Func<HttpClient> makeClient, TimeProvider time) =>
        export.To switch
        {
            _ => LinesSink.ToFile(export.Path!),
        };

    /// <summary>Who pays.</summary>
    public static CustomerTable CustomersOf(BillingExportOptions export) =>
        new(
            new Dictionary<string, string>(export.Customers, StringComparer.Ordinal),
            export.DefaultCustomer,
            mayBeThemselves: export.To == BillingTarget.Lines
        );
}

using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using AgentBudget.Billing.Sinks.Lago;
using AgentBudget.Billing.Sinks.Lines;
using AgentBudget.Billing.Sinks.OpenMeter;
using AgentBudget.Billing.Sinks.Orb;
using AgentBudget.Billing.Sinks.Stripe;

namespace AgentBudget.Billing.Sinks;

/// <summary>Makes what an export goes to of its settings, which are checked by now.</summary>
internal static class SinkMaker
{
    /// <param name="export">The settings.</param>
    /// <param name="makeClient">Makes clients.</param>
    /// <param name="time">The clock.</param>
    public static IBillingSink Make(BillingExportOptions export, Func<HttpClient> makeClient, TimeProvider time)
    {
        return export.To switch
        {
            BillingTarget.OpenMeter => new OpenMeterSink(Sender(OpenMeterSink.DefaultUrl), export.EventName, export.MaxAge),
            BillingTarget.Stripe => new StripeSink(Sender(StripeSink.DefaultUrl), export.EventName, export.MaxAge),
            BillingTarget.Lago => new LagoSink(Sender(LagoSink.DefaultUrl), export.EventName, export.MaxAge),
            BillingTarget.Orb => new OrbSink(Sender(OrbSink.DefaultUrl), export.EventName, export.MaxAge),
            _ => LinesSink.ToFile(export.Path!),
        };

        BillingSender Sender(string defaultUrl) => SenderOf(export, defaultUrl, makeClient, time);
    }

    /// <summary>Sends to an export's billing system.</summary>
    public static BillingSender SenderOf(BillingExportOptions export, string defaultUrl, Func<HttpClient> makeClient, TimeProvider time) =>
        new(makeClient, new Uri(export.Url ?? defaultUrl), export.Key, time);

    /// <summary>Who pays.</summary>
    public static CustomerTable CustomersOf(BillingExportOptions export) =>
        new(CustomerFile.CustomersOf(export), export.DefaultCustomer, mayBeThemselves: export.To == BillingTarget.Lines);
}

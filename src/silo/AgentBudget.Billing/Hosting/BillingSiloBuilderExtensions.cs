using AgentBudget.Abstractions.Hosting;
using AgentBudget.Billing;
using AgentBudget.Billing.Customers;
using AgentBudget.Billing.Exporting;
using AgentBudget.Billing.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentBudget;

/// <summary>Adds exports of costs to a silo.</summary>
public static class BillingSiloBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget:Billing";

    /// <summary>Adds exports of costs to billing systems, off the ledger's feed. To be called on every silo.</summary>
    /// <param name="silo">The silo, with <c>AddAgentBudget</c>.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static ISiloBuilder AddAgentBudgetBilling(this ISiloBuilder silo, Action<BillingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var options = silo.Services.AddOptions<BillingOptions>();
        if (silo.Configuration is { } configuration)
            options.Bind(configuration.GetSection(ConfigurationSection));
        if (configure is not null)
            options.Configure(configure);
        // A second time it configures what is there.
        if (silo.Services.Any(service => service.ServiceType == typeof(BillingServices)))
            return silo;
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of<BillingOptions>(options => Validate(options, silo.Configuration)));
        BillingHttp.Add(
            silo.Services,
            provider => provider.GetRequiredService<LedgerClock>().Time,
            provider => provider.GetRequiredService<IOptions<BillingOptions>>().Value.Timeout
        );
        silo.Services.AddSingleton<BillingServices>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, BillingTrigger>();
        return silo;
    }

    private static void Validate(BillingOptions options, IConfiguration? configuration)
    {
        if (configuration is not null)
            CustomerKeys.Validate(configuration, ConfigurationSection);
        options.Validate();
    }
}

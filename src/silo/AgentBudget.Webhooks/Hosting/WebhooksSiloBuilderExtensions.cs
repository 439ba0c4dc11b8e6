using AgentBudget.Abstractions.Hosting;
using AgentBudget.Webhooks;
using AgentBudget.Webhooks.Endpoints;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentBudget;

/// <summary>Adds webhooks to a silo.</summary>
public static class WebhooksSiloBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget:Webhooks";

    /// <summary>Adds webhook endpoints and their delivery, off the ledger's feed. To be called on every silo.</summary>
    /// <param name="silo">The silo, with <c>AddAgentBudget</c>.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static ISiloBuilder AddAgentBudgetWebhooks(this ISiloBuilder silo, Action<WebhooksOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var options = silo.Services.AddOptions<WebhooksOptions>();
        if (silo.Configuration is { } configuration)
            options.Bind(configuration.GetSection(ConfigurationSection));
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of<WebhooksOptions>(options => options.Validate()));
        silo.Services.TryAddSingleton<WebhookServices>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WebhookTrigger>();
        return silo;
    }
}

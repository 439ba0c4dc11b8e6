using AgentBudget.Abstractions.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentBudget;

/// <summary>Sets how soon a dead silo is taken for one.</summary>
public static class FailoverSiloBuilderExtensions
{
    /// <summary>The configuration section that options are bound to.</summary>
    public const string ConfigurationSection = "AgentBudget:Failover";

    // When all silos died at once, a look-up may be on its way to one that is gone, and every call of that session waits behind it. Orleans
    // gives it 30 seconds; nobody waits longer than 3 for a charge.
    private static readonly TimeSpan PlacementTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Makes the silo notice the death of others, and leave by itself, as soon as <see cref="FailoverOptions"/> say.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options in code, over those from configuration.</param>
    public static ISiloBuilder UseAgentBudgetFailover(this ISiloBuilder silo, Action<FailoverOptions>? configure = null)
    {
        var options = silo.Services.AddOptions<FailoverOptions>();
        if (silo.Configuration is { } configuration)
            options.Bind(configuration.GetSection(ConfigurationSection));
        if (configure is not null)
            options.Configure(configure);
        options.ValidateOnStart();
        silo.Services.TryAddEnumerable(OptionsCheck.Of<FailoverOptions>(options => options.Validate()));
        silo.Services.AddOptions<ClusterMembershipOptions>()
            .Configure<IOptions<FailoverOptions>>((membership, failover) => Apply(failover.Value, membership));
        silo.Services.Configure<SiloMessagingOptions>(messaging => messaging.PlacementTimeout = PlacementTimeout);
        return silo;
    }

    private static void Apply(FailoverOptions failover, ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = failover.ProbeTimeout;
        membership.NumMissedProbesLimit = failover.MissedProbes;
        membership.NumVotesForDeathDeclaration = failover.Votes;
        membership.IAmAliveTablePublishTimeout = failover.HeartbeatInterval;
        membership.TableRefreshTimeout = failover.TableRefreshInterval;
    }
}

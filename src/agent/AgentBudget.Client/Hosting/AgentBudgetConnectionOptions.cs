using AgentBudget.Client.Hosting;

namespace AgentBudget;

/// <summary>Where a client finds the servers. Bound to the configuration section <c>AgentBudget:Client</c> and checked at start.</summary>
public sealed class AgentBudgetConnectionOptions
{
    /// <summary>The most gateways.</summary>
    public const int MaxGateways = 64;

    private const string Section = "AgentBudget:Client:";

    /// <summary>
    /// The servers' gateways, each as <c>host:port</c>: 1 to 64. A name may stand for several servers and is looked up anew at every
    /// refresh; a client is connected to all of them and needs one.
    /// </summary>
    public IList<string> Gateways { get; set; } = [];

    /// <summary>The cluster's id, as the servers have it. Default <c>agentbudget</c>.</summary>
    public string ClusterId { get; set; } = "agentbudget";

    /// <summary>The service's id, as the servers have it. Default <c>agentbudget</c>.</summary>
    public string ServiceId { get; set; } = "agentbudget";

    /// <summary>How long a starting program waits for the first gateway. Default 30 seconds; zero (one attempt) to 10 minutes.</summary>
    public TimeSpan ConnectFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often gateways are looked for anew, so that one that was restarted is used again. Default 5 seconds; 1 second to 5
    /// minutes.</summary>
    public TimeSpan GatewayRefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the mend.</exception>
    public void Validate()
    {
        if (Gateways is null)
            throw new ArgumentException($"{Section}Gateways is null; name 1 to {MaxGateways}, each as host:port.");
        if (Gateways.Count is < 1 or > MaxGateways)
            throw new ArgumentException($"{Section}Gateways has {Gateways.Count} entries; name 1 to {MaxGateways}, each as host:port.");
        for (var i = 0; i < Gateways.Count; i++)
        {
            if (!GatewayAddress.TryParse(Gateways[i], out _))
                throw new ArgumentException($"{Section}Gateways:{i} is '{Gateways[i]}'; write host:port, such as budget.internal:30000.");
        }

        if (!IsId(ClusterId))
            throw new ArgumentException($"{Section}ClusterId must be 1 to {Bounds.IdLength} characters and not blank.");
        if (!IsId(ServiceId))
            throw new ArgumentException($"{Section}ServiceId must be 1 to {Bounds.IdLength} characters and not blank.");
        if (ConnectFor < TimeSpan.Zero || ConnectFor > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"{Section}ConnectFor must be from zero to 10 minutes.");
        if (GatewayRefreshInterval < TimeSpan.FromSeconds(1) || GatewayRefreshInterval > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"{Section}GatewayRefreshInterval must be from 1 second to 5 minutes.");
    }

    private static bool IsId(string? id) => !string.IsNullOrWhiteSpace(id) && id.Length <= Bounds.IdLength;
}

using Orleans.Metadata;

namespace AgentBudget.Billing.Exporting;

/// <summary>One export of costs, by its name: <c>grainFactory.GetGrain&lt;IBillingExport&gt;("stripe")</c>. In the cluster it lives on one
/// silo at a time.</summary>
[Alias("agentbudget.billing-export"), GrainInterfaceType("agentbudget.billing-export"), DefaultGrainType("agentbudget.billing-export")]
public interface IBillingExport : IGrainWithStringKey
{
    /// <summary>Goes on, if it does not already; silos call it again and again.</summary>
    [Alias("wake")]
    Task WakeAsync();

    /// <summary>Costs that were not sent, or not taken, and are kept: one line of JSON each, with <c>problem</c>, <c>at</c>,
    /// <c>doubtful_since</c> and the <c>cost</c>; the oldest first.</summary>
    /// <param name="count">How many at most: 1 to 10,000.</param>
    /// <exception cref="ArgumentException">There is no export of this name, or the count is out of its range.</exception>
    [Alias("dead-letters")]
    Task<IReadOnlyList<string>> DeadLettersAsync(int count);

    /// <summary>Tries its dead letters again.</summary>
    /// <param name="withDoubtful">Whether those as well that may have been taken before: the receiver may then count them twice. Default:
    /// no.</param>
    /// <exception cref="ArgumentException">There is no export of this name.</exception>
    [Alias("retry")]
    Task RetryAsync(bool withDoubtful);
}

using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>What Orleans says of failures: those of deliveries each cursor knows, and goes on by them (<see cref="LaneCursor"/>).</summary>
internal sealed class QueueFailures(ILogger log) : IStreamFailureHandler
{
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    ) => Task.CompletedTask;

    public Task OnSubscriptionFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    )
    {
        StreamsLog.SubscriptionFailed(log, streamIdentity.GetNamespace());
        return Task.CompletedTask;
    }
}

using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// What could not be delivered of one queue. Orleans asks for it before it makes the queue's receiver, and keeps it when the queue comes
/// back
/// with another one.
/// </summary>
internal sealed class QueueFailures : IStreamFailureHandler
{
    /// <summary>The receiver that the queue has now.</summary>
    public FeedQueueReceiver? Receiver { get; set; }

    // Deliveries that fail are tried again for MaxDeliveryTime; then the stream goes on without the event.
    public bool ShouldFaultSubsriptionOnError => false;

    public Task OnDeliveryFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    ) => Receiver?.WasNotDeliveredAsync(streamIdentity, sequenceToken) ?? Task.CompletedTask;

    public Task OnSubscriptionFailure(
        GuidId subscriptionId,
        string streamProviderName,
        StreamId streamIdentity,
        StreamSequenceToken? sequenceToken
    )
    {
        Receiver?.WasNotSubscribed(streamIdentity);
        return Task.CompletedTask;
    }
}

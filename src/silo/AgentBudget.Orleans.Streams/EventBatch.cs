using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// One event of one stream. Orleans delivers a batch whole or not at all, so that an event which nobody can take would take the others of
/// its
/// batch with it.
/// </summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-batch")]
internal sealed class EventBatch(StreamId streamId, BudgetEvent of, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)]
    private readonly BudgetEvent of = of;

    [Id(1)]
    private readonly EventSequenceTokenV2 token = token;

    [Id(2)]
    public StreamId StreamId { get; } = streamId;

    public StreamSequenceToken SequenceToken => token;

    public BudgetEvent Event => of;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        if (of is T item)
            yield return Tuple.Create<T, StreamSequenceToken>(item, token);
    }

    public bool ImportRequestContext() => false;
}

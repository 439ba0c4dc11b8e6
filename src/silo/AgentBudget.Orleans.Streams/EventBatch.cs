using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>Consecutive events of one stream, from one row of the feed.</summary>
[GenerateSerializer, Immutable, Alias("agentbudget.event-batch")]
internal sealed class EventBatch(StreamId streamId, BudgetEvent[] events, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)]
    private readonly BudgetEvent[] events = events;

    [Id(1)]
    private readonly EventSequenceTokenV2 token = token;

    [Id(2)]
    public StreamId StreamId { get; } = streamId;

    public StreamSequenceToken SequenceToken => token;

    public IReadOnlyList<BudgetEvent> Events => events;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        for (var i = 0; i < events.Length; i++)
        {
            if (events[i] is T item)
                yield return Tuple.Create<T, StreamSequenceToken>(item, token.CreateSequenceTokenForEvent(i));
        }
    }

    public bool ImportRequestContext() => false;
}

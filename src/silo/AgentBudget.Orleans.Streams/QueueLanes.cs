using System.Diagnostics.CodeAnalysis;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// What of one queue is in memory, stream by stream, so that none stands in another's way: Orleans' own caches have one line for all. Used
/// in the turns of the queue's pulling agent alone. The receiver puts events in and sees what became of them; Orleans gets cursors.
/// </summary>
internal sealed class QueueLanes(TimeProvider time) : IQueueCache
{
    private readonly Dictionary<StreamId, StreamLane> lanes = [];

    /// <summary>A copy: what is done with them may take turns.</summary>
    public IReadOnlyList<StreamLane> All => [.. lanes.Values];

    public StreamLane Of(StreamId stream)
    {
        if (!lanes.TryGetValue(stream, out var lane))
            lanes[stream] = lane = new StreamLane(stream);
        return lane;
    }

    /// <summary>Lets go of what nobody follows, and of lanes with nothing in them. To be called before more is read: by then Orleans has
    /// asked for cursors of all that it was handed.</summary>
    public void Tidy()
    {
        foreach (var lane in All)
        {
            if (lane is { HasConsumers: false, HasLostAConsumer: false })
                lane.LetAllGo();
            if (lane.IsIdle)
                lanes.Remove(lane.Stream);
        }
    }

    /// <summary>A cursor at the oldest event that is not done with: where a consumer begins is the feed's to say, whatever it asks
    /// for.</summary>
    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var lane = Of(streamId);
        var cursor = new LaneCursor(lane, time);
        lane.Attach(cursor);
        return cursor;
    }

    // The receiver has put them in.
    public void AddToCache(IList<IBatchContainer> messages) { }

    public bool TryPurgeFromCache([MaybeNullWhen(false)] out IList<IBatchContainer> purgedItems)
    {
        purgedItems = null;
        return false;
    }

    // The receiver reads no more than there is a place for, and has to be called to say who may go on.
    public bool IsUnderPressure() => false;

    public int GetMaxAddCount() => QueueAdapterConstants.UNLIMITED_GET_QUEUE_MSG;
}

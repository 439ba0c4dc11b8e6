using AgentBudget.Orleans.Feed;
using Orleans.Streams;

namespace AgentBudget.Orleans.Streams;

/// <summary>
/// A consumer's place in a lane, and what to hand to it next. An event that fails its tries is suspect: a later one is tried as a witness.
/// If that is not taken either, the consumer is out, and everything waits for it: it rests, ever longer, and is handed the suspect again.
/// If the witness is taken, the suspect has one last chance; when it fails that, too, it is to blame, and is given up. The witness comes
/// again in its turn.
/// </summary>
/// <remarks>
/// A witness is the first event of another ledger, so that the end of an outage puts no ledger's events out of their order; when no such
/// was taken for half an hour, any event, so that a few of them do not stop a stream for good.
/// </remarks>
internal sealed class LaneCursor(StreamLane lane, TimeProvider time) : IQueueCacheCursor
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromMinutes(30);

    private LaneItem? current;
    private LaneItem? suspect;
    private Step step = Step.Going;
    private bool hasFailed;
    private int outages;
    private DateTimeOffset suspectSince;
    private DateTimeOffset? restsUntil;

    private enum Step
    {
        Going,
        AskingAWitness,
        TryingAgain,
        LastChance,
    }

    /// <summary>Everything up to this number is done with.</summary>
    public long Passed { get; private set; }

    /// <summary>Whether it ever moved: others only keep events in memory while Orleans looks for consumers.</summary>
    public bool IsAConsumers { get; private set; }

    /// <summary>Whether Orleans has forgotten it.</summary>
    public bool IsOver { get; private set; }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return current?.Batch;
    }

    public bool MoveNext()
    {
        IsAConsumers = true;
        if (current is { } tried)
            Settle(tried);
        (current, hasFailed) = (restsUntil is null ? Next() : null, false);
        lane.LetGo();
        return current is not null;
    }

    public void Refresh(StreamSequenceToken token) { }

    public void RecordDeliveryFailure() => hasFailed = true;

    public void Dispose()
    {
        IsOver = true;
        lane.ForgetThoseThatAreOver();
    }

    /// <summary>Ends the rest when its time is over.</summary>
    /// <returns>Whether it was.</returns>
    public bool EndRest(DateTimeOffset now)
    {
        if (restsUntil is null || now < restsUntil)
            return false;
        restsUntil = null;
        return true;
    }

    private void Settle(LaneItem tried)
    {
        switch (step)
        {
            case Step.Going when hasFailed:
                (suspect, step, suspectSince) = (tried, Step.AskingAWitness, time.GetUtcNow());
                break;
            case Step.AskingAWitness when hasFailed:
                Rest();
                break;
            case Step.AskingAWitness:
                step = Step.LastChance;
                break;
            case Step.TryingAgain when hasFailed:
                step = Step.AskingAWitness;
                break;
            case Step.LastChance when hasFailed:
                lane.Bury(tried);
                Pass(tried);
                break;
            default:
                Pass(tried);
                break;
        }
    }

    private void Pass(LaneItem item) => (Passed, suspect, step, outages) = (item.Number, null, Step.Going, 0);

    private void Rest() => (step, restsUntil) = (Step.TryingAgain, time.GetUtcNow() + PartitionRests.After(++outages, FirstRest));

    private LaneItem? Next()
    {
        if (suspect is not { } failed)
            return lane.After(Passed);
        if (step != Step.AskingAWitness)
            return failed;
        var witness = lane.Witness(failed, outages, mayBeAny: time.GetUtcNow() - suspectSince >= PatienceWithOthers);
        if (witness is null)
            Rest();
        return witness;
    }
}

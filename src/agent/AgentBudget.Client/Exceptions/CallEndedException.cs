using AgentBudget.Client.Calls;

namespace AgentBudget;

/// <summary>
/// Money was asked for under an idempotency key whose call has ended already: a step was run again that had come to its end. No money is
/// set aside for it any more, and the call was not made. A step that is to be made anew takes another key.
/// </summary>
public sealed class CallEndedException : AgentBudgetException, ICallNotMade
{
    internal CallEndedException(string key, CallEnd end, Money? cost)
        : base(
            $"The call under the key {key} has ended before: {Describe(end, cost)}. It was not made again; take another key for a new one."
        ) => (End, Cost) = (end, cost);

    /// <summary>How it has ended; open where the timeline does not say it near by.</summary>
    public CallEnd End { get; }

    /// <summary>What it was settled at; null where it was not.</summary>
    public Money? Cost { get; }

    private static string Describe(CallEnd end, Money? cost) =>
        end switch
        {
            CallEnd.Settled => $"it was settled at {cost}",
            CallEnd.Released => "its money was given back",
            CallEnd.Expired => "its reservation has expired",
            _ => "its reservation is not open any more",
        };
}

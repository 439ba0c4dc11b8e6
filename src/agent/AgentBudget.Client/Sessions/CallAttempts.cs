namespace AgentBudget.Client.Sessions;

/// <summary>What is known of the requests of one call, by whoever reads them off the wire.</summary>
internal sealed class CallAttempts
{
    // Answers that other reservations paid for; nobody fails over more often within one call.
    private const int MostAnswers = 16;

    private readonly Lock gate = new();
    private List<string>? answers;
    private Money spent;
    private int entered;
    private int isTaken;

    /// <summary>Whether requests go out now that are attempts of the call.</summary>
    public bool IsGoingOut => Volatile.Read(ref entered) > 0;

    /// <summary>Whether a request has the call's own reservation.</summary>
    public bool IsTaken => Volatile.Read(ref isTaken) != 0;

    /// <summary>What was spent on answers by reservations that are not the call's own.</summary>
    public Money SpentElsewhere
    {
        get
        {
            lock (gate)
                return spent;
        }
    }

    public void Enter() => Interlocked.Increment(ref entered);

    public void Exit() => Interlocked.Decrement(ref entered);

    /// <summary>Gives the call's own reservation to a request, once.</summary>
    public bool TryTake() => Interlocked.Exchange(ref isTaken, 1) == 0;

    /// <summary>A request was answered that has a reservation of its own.</summary>
    public void AnsweredElsewhere(string? responseId, Money cost)
    {
        lock (gate)
        {
            spent += cost;
            if (responseId is not null && (answers ??= []).Count < MostAnswers)
                answers.Add(responseId);
        }
    }

    public bool WasAnsweredElsewhere(string? responseId)
    {
        lock (gate)
            return responseId is not null && answers is not null && answers.Contains(responseId);
    }
}

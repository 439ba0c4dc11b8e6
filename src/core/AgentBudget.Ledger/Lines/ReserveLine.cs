namespace AgentBudget.Ledger.Lines;

/// <summary>
/// The calls that wait for money of one session, in the order in which they came. Not durable: who runs the ledger asks for each in turn
/// once money may have come back, and the place is lost with the activation.
/// </summary>
internal sealed class ReserveLine
{
    /// <summary>For how long a smaller call that came later may pass the first.</summary>
    public static readonly TimeSpan Passing = TimeSpan.FromSeconds(2);

    /// <summary>For how long a place is kept whose caller is not there: one that waits in pieces comes back.</summary>
    public static readonly TimeSpan PlaceIsKept = TimeSpan.FromSeconds(5);

    private readonly List<WaitingCall> calls = [];
    private readonly Dictionary<string, WaitingCall> byKey = [];

    /// <summary>Those who wait, the first that came first.</summary>
    public IReadOnlyList<WaitingCall> Calls => calls;

    /// <summary>How many of them name no largest cost.</summary>
    public int Uncapped { get; private set; }

    /// <summary>The call with a key, or null.</summary>
    public WaitingCall? Find(string? key) => key is null ? null : byKey.GetValueOrDefault(key);

    /// <summary>The call with a key whose place is still kept, or null.</summary>
    public WaitingCall? Find(string key, DateTimeOffset now)
    {
        Forget(now);
        return Find(key);
    }

    /// <summary>Takes the last place; null when the line is full.</summary>
    public WaitingCall? Join(ReserveCommand command, DateTimeOffset now)
    {
        Forget(now);
        if (calls.Count >= Bounds.CallsInLine)
            return null;
        var call = new WaitingCall(command, command.HashBody(), now);
        if (!byKey.TryAdd(command.Key!, call))
            throw new InvalidOperationException($"A call with the key {command.Key} waits already; it is to be joined.");
        calls.Add(call);
        if (command.Call.IsUncapped)
            Uncapped++;
        return call;
    }

    /// <summary>Leaves the line: served, refused, or gone.</summary>
    public void Remove(WaitingCall call)
    {
        if (!byKey.Remove(call.Command.Key!))
            return;
        calls.Remove(call);
        if (call.Command.Call.IsUncapped)
            Uncapped--;
    }

    /// <summary>Whether all that is free is kept for a call that has waited for so long that no other may pass it.</summary>
    /// <param name="key">The key of the call that asks; null for none.</param>
    /// <param name="now">The time.</param>
    public bool KeepsFrom(string? key, DateTimeOffset now)
    {
        if (calls.Count == 0)
            return false;
        Forget(now);
        return calls.Count > 0 && now - calls[0].Since >= Passing && calls[0].Command.Key != key;
    }

    /// <summary>The calls to be asked for now: the first, and as long as it may be passed those behind it that could fit.</summary>
    public WaitingCall[] ToTry(Money room, DateTimeOffset now)
    {
        Forget(now);
        if (calls.Count == 0)
            return [];
        return now - calls[0].Since >= Passing ? [calls[0]] : [calls[0], .. calls.Skip(1).Where(call => call.Least <= room)];
    }

    private void Forget(DateTimeOffset now)
    {
        for (var i = calls.Count - 1; i >= 0; i--)
        {
            if (calls[i].KeptUntil <= now)
                Remove(calls[i]);
        }
    }
}

/// <summary>A call that waits for money.</summary>
/// <param name="command">What it asks for, with its key.</param>
/// <param name="bodyHash">Stands for its body: the same call joins the one that waits, another one may not.</param>
/// <param name="since">When it came.</param>
internal sealed class WaitingCall(ReserveCommand command, long bodyHash, DateTimeOffset since)
{
    public ReserveCommand Command => command;

    public long BodyHash => bodyHash;

    public DateTimeOffset Since => since;

    /// <summary>The least that it would take.</summary>
    public Money Least => command.LeastAmount ?? command.Amount;

    /// <summary>Until when its place is kept; for ever while its caller is there.</summary>
    public DateTimeOffset KeptUntil { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Through which entry its key is known not to stand; a key that is like it may stand there.</summary>
    public long KeyIsFreeThrough { get; set; }

    /// <summary>Whom who runs the ledger answers when its turn has come.</summary>
    public object? Caller { get; set; }
}

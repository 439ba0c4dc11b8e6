namespace AgentBudget.Simulation.Worlds;

/// <summary>What one activation's driver does for the sake of tenants: asks before a session is opened, and again when a call lacks money
/// that only the tenant has.</summary>
internal sealed class TenantDriver(World world, Activation activation, ActivationTalk talk)
{
    private const int MostAsks = 4;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan PutOffFor = TimeSpan.FromMilliseconds(300);

    private readonly List<(AdmissionRequest Request, OpenCommand Command, Action<SessionAnswer> Answer)> opening = [];
    private readonly List<(SessionCommand Command, Action<SessionAnswer> Answer)> lacking = [];
    private readonly Dictionary<SessionCommand, int> asks = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<LedgerMessage, int> putOff = new(ReferenceEqualityComparer.Instance);
    private DateTimeOffset tickAt = DateTimeOffset.MaxValue;
    private DateTimeOffset lastRequest;

    /// <summary>Asks the tenant first, where the command opens a session of one.</summary>
    public bool AsksForAdmission(SessionCommand command, Action<SessionAnswer> answer)
    {
        // No two requests of one activation are of one time.
        var now = activation.Clock > lastRequest ? activation.Clock : lastRequest.AddTicks(1);
        if (command is not OpenCommand open || activation.Ledger.RequestFor(open, world.TenantsMustBeSet, now) is not { } request)
            return false;
        lastRequest = now;
        opening.Add((request, open, answer));
        world.Send(request);
        return true;
    }

    /// <summary>Takes a message that answers such a request.</summary>
    public bool IsAdmission(LedgerMessage message)
    {
        var index = opening.FindIndex(pending => SessionLedger.IsAnswer(message, pending.Request));
        if (index < 0)
            return false;
        var (_, command, answer) = opening[index];
        opening.RemoveAt(index);
        activation.Execute(command, message, answer);
        return true;
    }

    /// <summary>Puts off whom a tenant is asked to admit, or to tell what it inherits, until it has heard that itself, or for a
    /// while.</summary>
    public bool HearsDefaultsFirst(LedgerMessage message, DateTimeOffset saidAt)
    {
        if (message is not (AdmissionRequest or DefaultsRequest) || !activation.Ledger.LacksInheritance(activation.Clock))
            return false;
        var count = putOff.GetValueOrDefault(message);
        if (count >= MostAsks)
            return false;
        putOff[message] = count + 1;
        if (activation.Ledger.RequestForDefaults(activation.Clock) is { } request)
        {
            world.Send(request);
        }
        else
        {
            activation.Ledger.WantInheritance();
            talk.Speak();
        }

        world.After(PutOffFor, () => activation.Receive(message, saidAt, Evidence.None));
        return true;
    }

    /// <summary>Has a command wait until the tenant has answered.</summary>
    public bool AsksForMoney(SessionCommand command, Action<SessionAnswer> answer)
    {
        var count = asks.GetValueOrDefault(command);
        if (count >= MostAsks)
            return false;
        asks[command] = count + 1;
        lacking.Add((command, answer));
        world.After(LongestWait, () => Retry(command));
        return true;
    }

    /// <summary>Decides again what lacked money, once the tenant has answered.</summary>
    public void Heard()
    {
        if (lacking.Count > 0 && !activation.Ledger.AwaitsParent)
            RetryAll();
    }

    public void ScheduleTick()
    {
        var due = activation.Ledger.NextTick;
        if (due >= tickAt || activation.IsDead)
            return;
        tickAt = due;
        var delay = due > activation.Clock ? due - activation.Clock : TimeSpan.Zero;
        world.After(
            delay,
            () =>
            {
                tickAt = DateTimeOffset.MaxValue;
                activation.Tick();
                talk.Speak();
            }
        );
    }

    private void RetryAll()
    {
        var all = lacking.ToArray();
        lacking.Clear();
        foreach (var (command, answer) in all)
            activation.Execute(command, admission: null, answer);
    }

    private void Retry(SessionCommand command)
    {
        var index = lacking.FindIndex(waiting => ReferenceEquals(waiting.Command, command));
        if (index < 0 || activation.IsDead)
            return;
        var answer = lacking[index].Answer;
        lacking.RemoveAt(index);
        asks[command] = MostAsks;
        activation.Execute(command, admission: null, answer);
    }
}

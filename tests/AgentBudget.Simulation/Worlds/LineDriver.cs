using AgentBudget.Ledger.Lines;

namespace AgentBudget.Simulation.Worlds;

/// <summary>What one activation's driver does for calls that wait in line: asks for each once a turn may have freed money.</summary>
internal sealed class LineDriver(World world, Activation activation)
{
    /// <summary>How long a call waits.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(38);

    private bool isServing;
    private bool mustServeAgain;

    /// <summary>Whether a command joins one that waits already.</summary>
    public bool Joins(SessionCommand command, Action<SessionAnswer> answer)
    {
        if (!IsPatient(command) || activation.Ledger.Line?.Find(command.Key) is not { } waiting)
            return false;
        ((List<Action<SessionAnswer>>)waiting.Caller!).Add(answer);
        return true;
    }

    /// <summary>Whether a command that was refused for now waits.</summary>
    public bool Waits(SessionCommand command, SessionAnswer refused, Action<SessionAnswer> answer)
    {
        if (!IsPatient(command) || refused.Refusal?.Reason != RefusalReason.InsufficientNow)
            return false;
        if (activation.Ledger.Wait((ReserveCommand)command, activation.Clock) is not { } waiting)
            return false;
        waiting.Caller = new List<Action<SessionAnswer>> { answer };
        world.After(
            LongestWait,
            () =>
            {
                if (activation.IsDead || activation.Ledger.Line!.Find(command.Key) != waiting)
                    return;
                activation.Ledger.Line.Remove(waiting);
                Tell(waiting, refused);
            }
        );
        return true;
    }

    /// <summary>A turn is over.</summary>
    public void Serve()
    {
        if (activation.Ledger.Line is not { Calls.Count: > 0 } line || activation.IsDead)
            return;
        mustServeAgain = true;
        if (isServing)
            return;
        isServing = true;
        while (mustServeAgain)
        {
            mustServeAgain = false;
            foreach (var waiting in activation.Ledger.NextInLine(activation.Clock))
            {
                var decision = activation.Decide(waiting.Command, admission: null);
                if (decision.Answer.Refusal?.Reason == RefusalReason.InsufficientNow)
                    continue;
                line.Remove(waiting);
                mustServeAgain = true;
                activation.WhenDurable(() => Tell(waiting, decision.Answer));
            }
        }

        isServing = false;
    }

    private static bool IsPatient(SessionCommand command) =>
        command is ReserveCommand { Key: { } key } && key.StartsWith("wait", StringComparison.Ordinal);

    private static void Tell(WaitingCall waiting, SessionAnswer answer)
    {
        foreach (var tell in (List<Action<SessionAnswer>>)waiting.Caller!)
            tell(answer);
    }
}

namespace AgentBudget.Simulation.Worlds;

/// <summary>Somebody who asks until there is an answer: a time-out means that the outcome is unknown.</summary>
internal sealed class Caller(World world, string id, SessionCommand command, Action<SessionAnswer>? then)
{
    private int attempts;

    public string Id => id;

    public SessionCommand Command => command;

    public SessionAnswer? Answer { get; private set; }

    /// <summary>Another worker with the same intent asks at the same time.</summary>
    public void AskBesides() => Send();

    public void Ask()
    {
        Send();
        world.After(
            TimeSpan.FromSeconds(4),
            () =>
            {
                if (Answer is null)
                    Ask();
            }
        );
    }

    public override string ToString() => $"{command.GetType().Name} {command.Key} on {id}, asked {attempts} times";

    private void Send()
    {
        attempts++;
        var sent =
            world.Plants.HasFlag(Plants.KeyOfIntentForgotten) && attempts > 1 && command is TopUpCommand
                ? command with
                {
                    Key = null,
                }
                : command;
        world.Call(
            id,
            sent,
            answer =>
            {
                if (Answer is not null)
                    return;
                Answer = answer;
                world.Laws.Answered(id, command, answer);
                then?.Invoke(answer);
            }
        );
    }
}

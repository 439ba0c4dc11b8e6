namespace AgentBudget.Simulation.Worlds;

/// <summary>What is under way between ledgers, and between callers and ledgers: lost, doubled, overtaken.</summary>
internal sealed class SimulatedNetwork(World world, SimulatedCluster cluster)
{
    private readonly Dictionary<(string From, string To), long> heard = [];
    private long sent;
    private int cuts;

    /// <summary>Loses everything that is under way: a restore takes longer.</summary>
    public void Cut() => cuts++;

    /// <summary>Gives a message to the network.</summary>
    public void Send(LedgerMessage message)
    {
        var sentIn = cuts;
        var number = ++sent;
        world.Note(() => $"say {message}");
        var copies =
            world.Chance(world.LossRate) ? 0
            : !world.IsHealed && world.Chance(0.15) ? 2
            : 1;
        world.Events.Count(WorldEvent.MessageLost, copies == 0);
        world.Events.Count(WorldEvent.MessageDoubled, copies == 2);
        for (var i = 0; i < copies; i++)
        {
            var late = !world.IsHealed && world.Chance(0.1);
            world.After(
                late ? TimeSpan.FromMilliseconds(world.Random.Next(40_000)) : world.Soon(),
                () =>
                {
                    if (sentIn == cuts)
                        Deliver(message, number);
                }
            );
        }
    }

    /// <summary>Brings a caller's command to its ledger, and the answer back.</summary>
    public void Call(string id, SessionCommand command, Action<SessionAnswer> answer)
    {
        if (world.Chance(world.LossRate))
            return;
        world.After(
            world.Soon(),
            () =>
            {
                var activation = cluster.Route(id);
                activation.Execute(
                    command,
                    given =>
                    {
                        world.Laws.Given(id, activation.Life, command, given);
                        if (world.Chance(world.LossRate))
                            world.Events.Count(WorldEvent.AnswerLost);
                        else
                            world.After(world.Soon(), () => answer(given));
                    }
                );
            }
        );
    }

    private void Deliver(LedgerMessage message, long number)
    {
        var (from, to) = message is HolderWord or AdmissionRequest or DefaultsRequest
            ? (message.HolderId, message.ParentId)
            : (message.ParentId, message.HolderId);
        var last = heard.GetValueOrDefault((from, to));
        world.Events.Count(WorldEvent.MessageOvertaken, number < last);
        heard[(from, to)] = Math.Max(last, number);
        var activation = cluster.Route(to);
        world.Events.Delivered(message, activation.Ledger, activation.SilosClock);
        var taken = PlantedMessages.Taken(message, world.Plants, activation.Ledger, activation.Clock);
        activation.Receive(taken, message.Time, Evidence.None);
    }
}

namespace AgentBudget.Simulation.Worlds;

/// <summary>Which activations there are: mostly one of a ledger; now and then another, while the old one goes on.</summary>
internal sealed class SimulatedCluster(World world, TimeSpan[] skews, bool hasFaults)
{
    private readonly Dictionary<string, List<Activation>> activations = [];

    /// <summary>An activation of the ledger, which need not be the last one.</summary>
    public Activation Route(string id)
    {
        if (!activations.TryGetValue(id, out var list))
            activations[id] = list = [];
        list.RemoveAll(activation => activation.IsDead);
        if (list.Count == 0 || (!world.IsHealed && hasFaults && list.Count < 3 && world.Chance(0.02)))
        {
            world.Events.Count(WorldEvent.SecondActivation, list.Count > 0);
            list.Add(new Activation(world, id, skews[world.Random.Next(skews.Length)]));
        }

        return list[world.Random.Next(list.Count)];
    }

    /// <summary>Kills all activations of a ledger.</summary>
    public void Kill(string id)
    {
        foreach (var activation in activations.GetValueOrDefault(id) ?? [])
        {
            world.Events.Count(WorldEvent.ActivationKilled, !activation.IsDead);
            activation.Die();
        }
    }

    /// <summary>Kills all activations of all ledgers.</summary>
    public void KillAll()
    {
        foreach (var id in activations.Keys)
            Kill(id);
    }

    /// <summary>Kills all activations of ledgers in a partition.</summary>
    public void KillPartition(int partition)
    {
        foreach (var id in activations.Keys.Where(id => SimulatedStore.PartitionOf(id) == partition))
            Kill(id);
    }

    /// <summary>Of several activations one is let be, as a cluster does in the end.</summary>
    public void LeaveOneOfEach()
    {
        foreach (var list in activations.Values)
        {
            list.RemoveAll(activation => activation.IsDead);
            foreach (var stale in list.SkipLast(1))
                stale.Die();
        }
    }

    /// <summary>An activation that nobody needs goes away in the end; one of a ledger that was purged by another knows of
    /// nothing.</summary>
    public void LeavePurged()
    {
        foreach (var list in activations.Where(pair => world.Store.Find(pair.Key) is null).Select(pair => pair.Value))
            list.ForEach(stale => stale.Die());
    }
}

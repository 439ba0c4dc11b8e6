namespace AgentBudget.Simulation.Worlds;

/// <summary>What one activation reads of the store besides its ledger.</summary>
internal sealed class ActivationReads(World world, SessionLedger ledger, ActivationWrites writes)
{
    /// <summary>What the command needs of the timeline, on its way to the store or there.</summary>
    public LookUps LookUp(SessionCommand command)
    {
        var stored = world.Store.Find(ledger.Head.SessionId);
        if (stored is not null && stored.Head.Life != ledger.Head.Life)
            stored = null;
        var number = ledger.EntryToLookUp(command);
        var entries = (stored?.Entries ?? []).Take((int)writes.Durable).Concat(writes.Undurable).ToList();
        return new LookUps
        {
            Prior = command.Key is { } key
                ? stored?.Keys.GetValueOrDefault(key) ?? writes.Undurable.FirstOrDefault(entry => entry.Key == key)
                : null,
            Target = number >= 1 && number <= entries.Count ? entries[(int)number - 1] : null,
            Related = number == 0 ? [] : entries.Where(entry => entry.IsRelatedLookup && entry.Related == number).ToArray(),
        };
    }

    /// <summary>What the store says about a message; null when it is ahead, and the activation stale.</summary>
    public Evidence? Prove(LedgerMessage message)
    {
        var stored = world.Store.Find(ledger.Head.SessionId);
        var isStale = stored is null
            ? writes.Durable > 0
            : stored.Head.Sequence > ledger.Head.Sequence || stored.Head.Life != ledger.Head.Life;
        if (isStale)
            return null;
        var life = (message as HolderWord)?.HolderLife;
        return new Evidence
        {
            IsProven = true,
            AsOf = stored?.Head.Sequence ?? 0,
            Row = stored?.Rows.Values.FirstOrDefault(row => !row.IsOpen && row.HolderId == message.HolderId && row.HolderLife == life),
        };
    }
}

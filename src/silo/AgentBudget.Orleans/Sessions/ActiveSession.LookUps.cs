namespace AgentBudget.Orleans.Sessions;

// What of the timeline a command needs before it can be decided, read from the store.
internal sealed partial class ActiveSession
{
    /// <summary>
    /// Reads what the command needs of the timeline. What was read can be overtaken while it is read, by entries of this activation:
    /// then it is read again.
    /// </summary>
    private async Task<LookUps> LookUpAsync(SessionCommand command)
    {
        var sessionId = ledger.Head.SessionId;
        while (true)
        {
            var asOf = writes.DurableSequence;
            var prior = command.Key is { } key ? await FindByKeyAsync(sessionId, key, command.KeyHash) : null;
            if (prior is not null)
            {
                await writes.WhenDurable();
                return new LookUps { Prior = prior };
            }

            var target = ledger.EntryToLookUp(command);
            var lookUps = LookUps.None;
            if (target != 0)
            {
                // The entry, and those that depend on it, may be on their way to the store.
                await writes.WhenDurable();
                var relatedAsOf = ledger.Head.LastRelatedSequence;
                lookUps = await ReadTargetAsync(sessionId, target);
                if (ledger.Head.LastRelatedSequence != relatedAsOf)
                    continue;
            }

            if (IsStillUnknown(command, asOf) && ledger.EntryToLookUp(command) == target)
                return lookUps;
        }
    }

    // A hash that is known from before the look-up is a collision: the store has said that the key itself does not stand.
    private bool IsStillUnknown(SessionCommand command, long asOf) =>
        command.Key is null || (keys.ForgottenThrough <= asOf && (keys.Find(command.KeyHash) is not { } sequence || sequence <= asOf));

    private async Task<Entry?> FindByKeyAsync(string sessionId, string key, ulong keyHash)
    {
        if (keys.Find(keyHash) is { } sequence)
        {
            await writes.WhenDurable();
            var entries = await services.Store.ReadAsync(sessionId, sequence, 1, CancellationToken.None);
            if (entries.Count == 1 && entries[0].Key == key)
                return entries[0];
        }

        return await services.Store.FindByKeyAsync(sessionId, key, CancellationToken.None);
    }

    private async Task<LookUps> ReadTargetAsync(string sessionId, long sequence)
    {
        var entries = sequence > 0 ? await services.Store.ReadAsync(sessionId, sequence, 1, CancellationToken.None) : [];
        if (entries.Count == 0)
            return LookUps.None;
        return new LookUps
        {
            Target = entries[0],
            Related = await services.Store.FindRelatedAsync(sessionId, sequence, CancellationToken.None),
        };
    }
}

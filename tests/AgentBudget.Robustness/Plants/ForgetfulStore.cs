using AgentBudget.Orleans.Storage;

namespace AgentBudget.Robustness.Plants;

/// <summary>
/// Knows no key of a session that was loaded again, and has no index to stop a second one: an activation remembers only what it wrote.
/// </summary>
public sealed class ForgetfulStore(ILedgerStore inner) : DecoratedStore(inner)
{
    public override ValueTask<Entry?> FindByKeyAsync(string ledgerId, string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Entry?>(null);

    // A session that loads reads pages; one that looks for a key that it remembers reads one entry.
    public override async ValueTask<IReadOnlyList<Entry>> ReadAsync(
        string ledgerId,
        long fromSequence,
        int count,
        CancellationToken cancellationToken
    )
    {
        var entries = await Inner.ReadAsync(ledgerId, fromSequence, count, cancellationToken);
        return count == 1 ? entries : [.. entries.Select(entry => entry with { Key = null })];
    }

    public override async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<LedgerAppend> batch)
    {
        LedgerAppend[] appends = [.. batch];
        for (var i = 0; i < appends.Length; i++)
            appends[i] = appends[i] with { Entries = await WithoutSecondKeysAsync(appends[i]) };
        return await Inner.AppendAsync(appends);
    }

    private async Task<Entry[]> WithoutSecondKeysAsync(LedgerAppend append)
    {
        Entry[] entries = [.. append.Entries];
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].Key is { } key && await Inner.FindByKeyAsync(append.Head.SessionId, key, CancellationToken.None) is not null)
                entries[i] = entries[i] with { Key = null };
        }

        return entries;
    }
}

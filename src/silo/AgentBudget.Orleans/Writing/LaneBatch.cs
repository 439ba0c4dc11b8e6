using AgentBudget.Orleans.Storage;

namespace AgentBudget.Orleans.Writing;

/// <summary>What sessions of one lane want to write in one go. Kept and filled again.</summary>
internal sealed class LaneBatch
{
    private readonly List<SessionWrites> sessions = [];
    private readonly List<LedgerAppend> appends = [];

    public IReadOnlyList<SessionWrites> Sessions => sessions;

    /// <summary>What they want to write, at the same places.</summary>
    public IReadOnlyList<LedgerAppend> Appends => appends;

    /// <summary>How many entries that is.</summary>
    public int Entries { get; private set; }

    public void Add(SessionWrites writes, in LedgerAppend append)
    {
        sessions.Add(writes);
        appends.Add(append);
        Entries += append.Entries.Count;
    }

    public void Clear()
    {
        sessions.Clear();
        appends.Clear();
        Entries = 0;
    }
}

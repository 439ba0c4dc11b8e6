using AgentBudget.Orleans.Sqlite.Journal;

namespace AgentBudget.Orleans.Sqlite.Tests.Journal;

/// <summary>The tail gives out what it has without copying it, and forgets what has left.</summary>
public sealed class JournalTailTests
{
    private readonly JournalTail tail = new(TimeProvider.System);

    [Fact]
    public void Find_AgainAndAfterMoreEntries_CopiesNothingAndKeepsWhatWasGiven()
    {
        Add(1, 1, 8);
        var before = tail.Find(1)!;
        Assert.Same(before, tail.Find("session-1"));
        Add(1, 9, 100);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), before.Entries.Select(entry => entry.Sequence));
        Assert.Equal(8, before.Head.Sequence);
        var after = tail.Find(1)!;
        Assert.Equal(Enumerable.Range(1, 108).Select(i => (long)i), after.Entries.Select(entry => entry.Sequence));
        Add(1, 109, 1);
        Assert.Same(after.Entries.Array, tail.Find(1)!.Entries.Array);
        Assert.Equal(108, after.Entries.Count);
    }

    [Fact]
    public void Oldest_BehindASessionThatIsSetAside_PassesItOver()
    {
        Add(1, 1, 3);
        Add(2, 1, 2);
        Add(3, 1, 2);
        tail.SetAside(tail.Find(1)!, new InvalidDataException(), [.. tail.Find(1)!.Entries]);
        Assert.Equal([2L], tail.Oldest(1).Select(session => session.No));
        Assert.Equal((4, 3, 1), (tail.Count, tail.EntriesSetAside, tail.SessionsSetAside));
        tail.Remove(tail.Find(2)!);
        Assert.Equal(3, tail.FirstJournalId());
        tail.Remove(tail.Find(3)!);
        Assert.Null(tail.FirstJournalId());
        Assert.Equal(TimeSpan.Zero, tail.OldestAge());
        Assert.Empty(tail.Oldest(100));
        Assert.Equal(3, tail.Find("session-1")!.Entries.Count);
        Assert.True(Assert.Single(tail.Heads()).Value.IsSetAside);
    }

    private void Add(long no, long first, int count)
    {
        var entries = Enumerable.Range(0, count).Select(i => new TailEntry([], 0, first + i, null)).ToArray();
        tail.Add(
            no,
            no,
            entries,
            new SessionHead { SessionId = $"session-{no}", Sequence = first + count - 1 },
            1,
            DateTimeOffset.UnixEpoch
        );
    }
}

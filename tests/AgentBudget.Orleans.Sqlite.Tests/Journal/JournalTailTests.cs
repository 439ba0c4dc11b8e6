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

    [Fact]
    public void FirstJournalId_WhileARowOfTheFeedWaits_IsNotBehindIt()
    {
        tail.Feed.Begin(lastInTable: 6);
        tail.Feed.Add(new FeedPiece(7, 1, 0, new byte[1]), journalId: 2);
        tail.Feed.Add(new FeedPiece(8, 1, 0, new byte[1]), journalId: 4);
        Assert.Equal(2, tail.FirstJournalId());
        Add(3, 1, 1);
        Assert.Equal(2, tail.FirstJournalId());
        tail.Feed.Remove(1);
        Assert.Equal(3, tail.FirstJournalId());
        tail.Remove(tail.Find(3)!);
        Assert.Equal(4, tail.FirstJournalId());
        Assert.Equal([8L], tail.Feed.From(1, 10).Select(row => row.Position));
        Assert.Empty(tail.Feed.From(9, 10));
        tail.Feed.Remove(1);
        Assert.Null(tail.FirstJournalId());
        Assert.Null(tail.Feed.Ends());
        Assert.Equal(8, tail.Feed.Last);
        Assert.Throws<InvalidDataException>(() => tail.Feed.Add(new FeedPiece(10, 1, 0, new byte[1]), journalId: 5));
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

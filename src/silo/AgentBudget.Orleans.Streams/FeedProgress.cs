namespace AgentBudget.Orleans.Streams;

/// <summary>What was read of the feed at once, and how many of its events are not done with: taken, or kept as dead letters.</summary>
/// <param name="before">The cursor before it.</param>
/// <param name="from">Its first row.</param>
/// <param name="through">The cursor behind it.</param>
/// <param name="count">Its events.</param>
internal sealed class FeedPage(EventCursor before, long from, EventCursor through, int count)
{
    public EventCursor Before => before;

    public long From => from;

    public EventCursor Through => through;

    public int Count { get; } = count;

    public int Left { get; set; } = count;
}

/// <summary>How far somebody has read the feed, and how far of that is done with, in each partition: a queue, or a stream that goes by
/// itself. Without clock and I/O.</summary>
/// <param name="partitions">How many there are.</param>
internal sealed class FeedProgress(int partitions)
{
    private readonly EventCursor?[] read = new EventCursor?[partitions];
    private readonly Queue<FeedPage>[] pages = [.. Enumerable.Range(0, partitions).Select(_ => new Queue<FeedPage>())];

    /// <summary>Events of pages that are not done with, whatever has been taken of them: so many come again at most.</summary>
    public int Unfinished
    {
        get
        {
            var sum = 0;
            for (var partition = 0; partition < partitions; partition++)
            {
                LetGo(partition);
                sum += pages[partition].Sum(page => page.Count);
            }

            return sum;
        }
    }

    /// <summary>Up to where a partition has been read; null while it has not been taken over.</summary>
    public EventCursor? Read(int partition) => read[partition];

    /// <summary>Reads on from somewhere.</summary>
    public void Begin(EventCursor cursor) => read[cursor.Partition] = cursor;

    /// <summary>A page was read.</summary>
    public void Add(FeedPage page)
    {
        read[page.Through.Partition] = page.Through;
        AddOpen(page);
    }

    /// <summary>A part of a page is done with here, and not with who had it.</summary>
    public void AddOpen(FeedPage page)
    {
        if (page.Count > 0)
            pages[page.Through.Partition].Enqueue(page);
    }

    /// <summary>Up to where everything of a partition is done with; null while it has not been taken over.</summary>
    public EventCursor? Done(int partition)
    {
        LetGo(partition);
        return pages[partition].TryPeek(out var first) ? first.Before : read[partition];
    }

    /// <summary>Whether all that another has read, this one has read as well.</summary>
    public bool HasCaughtUpWith(FeedProgress other)
    {
        for (var partition = 0; partition < partitions; partition++)
        {
            if (IsBehind(other, partition))
                return false;
        }

        return true;
    }

    /// <summary>Whether another has read more of a partition.</summary>
    public bool IsBehind(FeedProgress other, int partition) =>
        other.Read(partition) is { } there && read[partition] is { } here && here.Position < there.Position;

    private void LetGo(int partition)
    {
        while (pages[partition].TryPeek(out var first) && first.Left == 0)
            pages[partition].Dequeue();
    }
}

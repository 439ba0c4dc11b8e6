namespace AgentBudget.StoreContract;

/// <summary>Pages, keys and related entries, before and after the store has brought its look-ups up to date.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(1, 10, 1, 10)]
    [InlineData(8, 5, 8, 12)]
    [InlineData(20, 1, 20, 20)]
    [InlineData(18, 100, 18, 21)]
    [InlineData(22, 10, 0, -1)]
    [InlineData(long.MaxValue, 10, 0, -1)]
    public async Task Read_Page_HoldsTheEntriesAskedFor(long from, int count, int first, int last)
    {
        var session = await OpenedAsync("session", Enumerable.Range(0, 10).Select(i => $"early-{i}"));
        await CatchUpAsync();
        await WriteAsync(session.Charge(Enumerable.Range(0, 10).Select(i => $"late-{i}")));
        var expected = session.Entries.Where(entry => entry.Sequence >= first && entry.Sequence <= last).ToArray();
        AssertSame(expected, await Store.ReadAsync(session.Id, from, count, Token));
        await CatchUpAsync();
        AssertSame(expected, await Store.ReadAsync(session.Id, from, count, Token));
    }

    [Fact]
    public async Task FindByKey_KeysOfAllAges_FindTheirEntries()
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        await CatchUpAsync();
        await WriteAsync(session.Charge(["three", "four"]));
        foreach (var entry in session.Entries.Where(entry => entry.Key is not null))
            AssertSame([entry], [(await FindAsync(session.Id, entry.Key!))!]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindByKey_KeyThatDoesNotStand_IsNull(bool caughtUp)
    {
        await OpenedAsync("session", ["key", "KEY-2", "a"]);
        await OpenedAsync("other", ["elsewhere"]);
        if (caughtUp)
            await CatchUpAsync();
        foreach (var key in new[] { "KEY", "key-2", "ke", "key ", "k_y", "%", "", "elsewhere", "ä" })
            Assert.Null(await FindAsync("session", key));
        Assert.NotNull(await FindAsync("session", "key"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindByKey_SameKeyInTwoSessions_EachFindsItsOwn(bool caughtUp)
    {
        var left = await OpenedAsync("left", ["key", "more"]);
        var right = await OpenedAsync("right", ["other", "key"]);
        if (caughtUp)
            await CatchUpAsync();
        AssertSame([left.Entries[1]], [(await FindAsync("left", "key"))!]);
        AssertSame([right.Entries[2]], [(await FindAsync("right", "key"))!]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindRelated_EntriesOfAllKinds_AreFoundOldestFirst(bool caughtUp)
    {
        var session = await OpenedAsync();
        await WriteAsync(
            session.Do(
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("gpt-5") },
                new ReserveCommand
                {
                    Amount = Money.Parse("1"),
                    Call = Call.Model("gpt-5"),
                    TimeToLive = TimeSpan.FromMinutes(1),
                },
                new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("gpt-5") },
                new ReleaseCommand { ReservationId = 2 },
                new OpenSharedChildCommand { Child = "one" },
                new OpenSharedChildCommand { Child = "two" }
            )
        );
        await WriteAsync(
            session
                .After(TimeSpan.FromMinutes(2))
                .Do(
                    new SettleCommand { ReservationId = 4, Cost = Money.Parse("1") },
                    new SettleCommand { ReservationId = 2, Cost = Money.Parse("0.5") }
                )
        );
        if (caughtUp)
            await CatchUpAsync();
        await WriteAsync(
            session.Do(
                new CorrectCommand
                {
                    EntrySequence = 9,
                    Difference = -Money.Parse("0.25"),
                    Reason = "refund",
                },
                new OpenSharedChildCommand { Child = "three" },
                new CorrectCommand
                {
                    EntrySequence = 9,
                    Difference = -Money.Parse("0.5"),
                    Reason = "refund",
                }
            )
        );

        var related = session.Entries.Where(entry => entry.IsRelatedLookup).ToLookup(entry => entry.Related);
        Assert.Equal([2, 3, 9], related.Select(group => group.Key).Order());
        for (var sequence = 0; sequence <= session.Entries.Count + 1; sequence++)
            AssertSame([.. related[sequence]], await Store.FindRelatedAsync(session.Id, sequence, Token));
    }

    [Fact]
    public async Task Load_SessionOfAHundredThousandEntries_DoesNotReadThem()
    {
        var small = await OpenedAsync("small");
        var large = await OpenedAsync("large", Enumerable.Range(0, ManyEntries - 2).Select(i => $"key-{i}"));
        await WriteAsync(large.Reserve());
        await CatchUpAsync();
        Assert.Equal(ManyEntries, (await Store.LoadAsync("large", Token))!.Head.Sequence);
        // Other tests run beside this one, so what they allocate is told apart by trying often; all entries would take tens of megabytes.
        var most = 2_000_000;
        Assert.InRange(await LeastBytesOfLoadingAsync("small"), 0, most);
        Assert.InRange(await LeastBytesOfLoadingAsync("large"), 0, most);

        AssertSame([.. large.Entries.TakeLast(64)], await Store.ReadAsync("large", ManyEntries - 63, 64, Token));
        AssertSame([.. large.Entries.Skip(49_999).Take(64)], await Store.ReadAsync("large", 50_000, 64, Token));
        AssertSame([large.Entries[4_712]], [(await FindAsync("large", "key-4711"))!]);
        await Store.PurgeAsync("large", large.Head.Life, ManyEntries, Token);
        await AssertAbsentAsync("large");
        Assert.Null(await FindAsync("large", "key-4711"));
        await AssertStoredAsync(small);
    }

    private async Task<long> LeastBytesOfLoadingAsync(string sessionId)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var before = GC.GetTotalAllocatedBytes();
            await Store.LoadAsync(sessionId, Token);
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }

        return least;
    }
}

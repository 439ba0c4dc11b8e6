namespace AgentBudget.StoreContract;

/// <summary>Rows of those who hold a ledger's money: open ones are loaded with it, closed ones are looked up.</summary>
public abstract partial class LedgerStoreContract
{
    private const int ManyHolders = 10_000;
    private const long Life = 42;

    private static readonly HolderSays Registers = new("child", Life);
    private static readonly HolderSays Reports = Registers with { Through = 7, Spent = "0.25" };
    private static readonly HolderSays Ends = Registers with { Through = 9, Spent = "0.5", IsSealed = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holder_FromItsOpeningToItsEnd_IsStoredAsEachEntryLeavesIt(bool caughtUp)
    {
        var session = await OpenedAsync("session", ["one"]);
        await WriteAsync(session.Reserve());
        foreach (
            var write in new[]
            {
                () => session.Fund(["child", "other"]),
                () => session.Hear(Registers),
                () => session.Hear(Reports),
                () => session.Charge("two"),
                () => session.Hear(Ends),
            }
        )
        {
            var append = write();
            await WriteAsync(append);
            if (caughtUp)
                await CatchUpAsync();
            await AssertStoredAsync(session);
            if (append.Entries is [.., { Holder.Row: var row }])
                Assert.Equivalent(row, await Store.FindHolderAsync("session", row.HolderId, row.HolderLife, Token), strict: true);
        }

        Assert.Equal("other", Assert.Single((await Store.LoadAsync("session", Token))!.OpenHolders).HolderId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Head_Alone_IsThatOfTheWholeLedger(bool caughtUp)
    {
        var session = await OpenedAsync("session", ["one"]);
        await WriteAsync(session.Fund(["child", "other"]));
        if (caughtUp)
            await CatchUpAsync();
        await WriteAsync(session.Charge("two"));
        Assert.Equivalent((await Store.LoadAsync("session", Token))!.Head, await Store.LoadHeadAsync("session", Token), strict: true);
        Assert.Null(await Store.LoadHeadAsync("nobody", Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holder_AllInOneAppend_IsStoredAsTheLastEntryLeavesIt(bool caughtUp)
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Fund(["child", "other"]));
        await WriteAsync(session.Hear(Registers, Reports, Ends, new HolderSays("other", Life), Reports with { HolderId = "other" }));
        if (caughtUp)
            await CatchUpAsync();
        await AssertStoredAsync(session);
        var closed = (await Store.FindHolderAsync("session", "child", Life, Token))!;
        Assert.Equal((HolderEnd.Sealed, Money.Parse("0.75")), (closed.End, closed.Spent));
        Assert.Null(await Store.FindHolderAsync("session", "child", 0, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holder_ThatReportsAfterItsEnd_StaysClosedAndIsFoundWithAllOfIt(bool caughtUp)
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Fund(["child"]));
        await WriteAsync(session.Hear(Registers, Ends));
        await CatchUpAsync();
        var closed = await Store.FindHolderAsync("session", "child", Life, Token);
        await WriteAsync(session.Hear(Registers with { Through = 11, Spent = "0.125", IsSealed = true, ClosedRow = closed }));
        if (caughtUp)
            await CatchUpAsync();
        await AssertStoredAsync(session);
        var late = (await Store.FindHolderAsync("session", "child", Life, Token))!;
        Assert.Equal((HolderEnd.Sealed, 11, Money.Parse("0.625")), (late.End, late.ReportedThrough, late.Spent));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindHolder_SeveralOfOneId_FindsTheLastOfTheLife(bool caughtUp)
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Fund(["child"]));
        await WriteAsync(session.Hear(Registers with { IsTaken = true }));
        await WriteAsync(session.Fund(["child"]));
        await WriteAsync(session.Hear(Registers, Ends));
        await WriteAsync(session.Fund(["child"]));
        if (caughtUp)
            await CatchUpAsync();
        var unregistered = (await Store.FindHolderAsync("session", "child", 0, Token))!;
        Assert.Equal((session.Head.Sequence, true), (unregistered.Number, unregistered.IsOpen));
        Assert.Equal(HolderEnd.Sealed, (await Store.FindHolderAsync("session", "child", Life, Token))!.End);
        await WriteAsync(session.Hear(new HolderSays("child", Life + 1)));
        if (caughtUp)
            await CatchUpAsync();
        Assert.Equal((2, HolderEnd.Declined), await FoundAsync(0));
        Assert.Equal((4, HolderEnd.Sealed), await FoundAsync(Life));
        Assert.Equal((7, HolderEnd.None), await FoundAsync(Life + 1));
        await AssertStoredAsync(session);

        async Task<(long, HolderEnd)> FoundAsync(long life) =>
            await Store.FindHolderAsync("session", "child", life, Token) is { } row ? (row.Number, row.End) : default;
    }

    [Fact]
    public async Task FindHolder_OfWhatIsNotThere_IsNull()
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Fund(["child"]));
        await WriteAsync(session.Hear(Registers));
        await OpenedAsync("other");
        foreach (var (ledger, holder, life) in new[] { ("session", "child", 0L), ("session", "chil", Life), ("session", "CHILD", Life) })
            Assert.Null(await Store.FindHolderAsync(ledger, holder, life, Token));
        foreach (var ledger in new[] { "other", "unknown" })
            Assert.Null(await Store.FindHolderAsync(ledger, "child", Life, Token));
        await CatchUpAsync();
        Assert.Null(await Store.FindHolderAsync("session", "child", Life + 1, Token));
        Assert.Null(await Store.FindHolderAsync("other", "child", Life, Token));
    }

    [Fact]
    public async Task Holders_TenThousandOpen_AreLoadedAndGoOn()
    {
        var session = await OpenedAsync();
        string[] ids = [.. Enumerable.Range(0, ManyHolders).Select(i => $"child-{i}")];
        foreach (var some in ids.Chunk(EntriesAtOnce))
            await WriteAsync(session.Fund(some, "0.1"));
        await AssertHoldersAsync();
        foreach (var some in ids.Chunk(EntriesAtOnce))
            await WriteAsync(session.Hear([.. some.Select(id => new HolderSays(id, Life))]));
        await CatchUpAsync();
        await AssertHoldersAsync();
        await WriteAsync(session.Hear([.. ids.Take(EntriesAtOnce).Select(id => Ends with { HolderId = id, Spent = "0.05" })]));
        await CatchUpAsync();
        await AssertHoldersAsync();
        Assert.Equal(ManyHolders - EntriesAtOnce, (await Store.LoadAsync("session", Token))!.OpenHolders.Count);
        Assert.Equal(Money.Parse("0.05"), (await Store.FindHolderAsync("session", "child-7", Life, Token))!.Spent);

        async Task AssertHoldersAsync() => AssertSameHolders(session, (await Store.LoadAsync("session", Token))!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holders_ThatAreClosed_AreReadInPagesAndCanBeDropped(bool caughtUp)
    {
        var session = await OpenedAsync();
        string[] ids = ["one", "two", "three", "four"];
        await WriteAsync(session.Fund(ids));
        await WriteAsync(session.Hear([.. ids.Select(id => new HolderSays(id, Life))]));
        // The second stays open.
        await WriteAsync(session.Hear([.. ids.Where(id => id != "two").Select(id => Ends with { HolderId = id })]));
        if (caughtUp)
            await CatchUpAsync();
        var first = await Store.ReadClosedHoldersAsync("session", 0, 2, Token);
        Assert.Equal(["one", "three"], first.Select(row => row.HolderId));
        var rest = await Store.ReadClosedHoldersAsync("session", first[^1].Number, 2, Token);
        Assert.Equal(["four"], rest.Select(row => row.HolderId));
        Assert.Empty(await Store.ReadClosedHoldersAsync("session", rest[^1].Number, 2, Token));
        Assert.Empty(await Store.ReadClosedHoldersAsync("unknown", 0, 2, Token));

        var open = Assert.Single((await Store.LoadAsync("session", Token))!.OpenHolders);
        await Store.DropHoldersAsync("session", [first[0].Number, rest[0].Number, open.Number, 1_000], Token);
        await Store.DropHoldersAsync("unknown", [first[0].Number], Token);
        Assert.Equal(["three"], (await Store.ReadClosedHoldersAsync("session", 0, 10, Token)).Select(row => row.HolderId));
        Assert.Equal("two", Assert.Single((await Store.LoadAsync("session", Token))!.OpenHolders).HolderId);
        Assert.Null(await Store.FindHolderAsync("session", "one", Life, Token));
        Assert.NotNull(await Store.FindHolderAsync("session", "three", Life, Token));
        await WriteAsync(session.Charge());
        await CatchUpAsync();
        Assert.Null(await Store.FindHolderAsync("session", "four", Life, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holders_OfATrimmedLedger_StayAndOfAPurgedOneGo(bool caughtUp)
    {
        var session = await OpenedAsync();
        await WriteAsync(session.Fund(["child", "other"]));
        await WriteAsync(session.Hear(Registers, Ends));
        if (caughtUp)
            await CatchUpAsync();
        await Store.TrimAsync("session", long.MaxValue, Token);
        Assert.Equal("other", Assert.Single((await Store.LoadAsync("session", Token))!.OpenHolders).HolderId);
        Assert.NotNull(await Store.FindHolderAsync("session", "child", Life, Token));
        await Store.PurgeAsync("session", session.Head.Life, session.Head.Sequence, Token);
        Assert.Null(await Store.FindHolderAsync("session", "child", Life, Token));
        var again = await OpenedAsync();
        await AssertStoredAsync(again);
        Assert.Null(await Store.FindHolderAsync("session", "child", Life, Token));
    }
}

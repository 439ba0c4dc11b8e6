using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>Trimmed ledgers, and ledgers that are no sessions.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trim_UpToASequence_LeavesWhatComesAfterItAndAllThatIsOpen(bool caughtUp)
    {
        var session = await OpenedAsync("session", Enumerable.Range(0, 300).Select(i => $"{i % 2}-{i:000}"));
        var other = await OpenedAsync("session/child", ["0-000"]);
        await WriteAsync(session.Reserve("reserve"));
        await WriteAsync(session.Charge("last"));
        if (caughtUp)
            await CatchUpAsync();
        // The middle of a run, its end, and the reservation's own entry.
        foreach (var through in new long[] { 1, 100, 129, 302 })
        {
            await Store.TrimAsync("session", through, Token);
            AssertSame([.. session.Entries.Skip((int)through)], await ReadAllAsync("session"));
            AssertSame([.. session.Entries.Skip((int)through).Take(2)], await Store.ReadAsync("session", through + 1, 2, Token));
            Assert.Empty(await Store.ReadAsync("session", through, 1, Token));
        }

        await AssertTrimmedAsync(session, keptKey: "last", goneKeys: ["0-000", "1-001", "1-127", "0-128", "1-299", "reserve"]);
        await CatchUpAsync();
        await AssertTrimmedAsync(session, keptKey: "last", goneKeys: ["0-000", "1-001", "1-127", "0-128", "1-299", "reserve"]);
        await AssertStoredAsync(other);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trim_AllThereIs_LetsTheLedgerGoOn(bool caughtUp)
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        if (caughtUp)
            await CatchUpAsync();
        await Store.TrimAsync("session", long.MaxValue, Token);
        Assert.Empty(await ReadAllAsync("session"));
        await WriteAsync(session.Charge(["three", "one"]));
        AssertSame([.. session.Entries.TakeLast(2)], await ReadAllAsync("session"));
        AssertSame([session.Entries[^1]], [(await FindAsync("session", "one"))!]);
        Assert.Equivalent(session.Head, (await Store.LoadAsync("session", Token))!.Head, strict: true);
        await CatchUpAsync();
        AssertSame([.. session.Entries.TakeLast(2)], await ReadAllAsync("session"));
        AssertSame([session.Entries[^1]], [(await FindAsync("session", "one"))!]);
    }

    [Fact]
    public async Task Trim_RelatedEntries_AreFoundNoMore()
    {
        var session = await OpenedAsync("session");
        await WriteAsync(session.Reserve("one"), session.Reserve("two"));
        await WriteAsync(session.Do(new ReleaseCommand { ReservationId = 2 }, new ReleaseCommand { ReservationId = 3 }));
        await CatchUpAsync();
        await Store.TrimAsync("session", 4, Token);
        Assert.Empty(await Store.FindRelatedAsync("session", 2, Token));
        AssertSame([session.Entries[4]], await Store.FindRelatedAsync("session", 3, Token));
    }

    [Fact]
    public async Task Trim_OfWhatIsNotThere_DoesNothing()
    {
        var session = await OpenedAsync("session", ["one"]);
        await Store.TrimAsync("session", 0, Token);
        await Store.TrimAsync("unknown", 5, Token);
        await AssertStoredAsync(session);
        await AssertAbsentAsync("unknown");
    }

    [Fact]
    public async Task Ledger_OfAnotherKind_IsStoredAndDueAndIsNoSessionOfAnyList()
    {
        var id = LedgerIds.OfOtherKind(new string('x', Bounds.IdLength));
        var node = new GrowingSession(id, "acme") { DueAt = Minute(10) };
        await WriteAsync(node.Open());
        await WriteAsync(node.Reserve("key"));
        var session = await OpenedAsync(id[1..], "acme");
        await AssertStoredAsync(node);
        AssertSame([node.Entries[1]], [(await FindAsync(id, "key"))!]);
        Assert.Equal([id], await DueAsync(Minute(10)));
        Assert.Equal([session.Id], await IdsAsync(new SessionListing()));
        Assert.Equal([session.Id], await IdsAsync(new SessionListing(Tenant: TenantPath.Parse("acme"))));
        await CatchUpAsync();
        Assert.Equal([session.Id], await IdsAsync(new SessionListing()));
        await Store.PurgeAsync(id, node.Head.Life, 2, Token);
        await AssertAbsentAsync(id);
    }

    [Fact]
    public void LedgerId_OfAnotherKind_IsNeverThatOfASession()
    {
        Assert.Equal("~acme/research", LedgerIds.OfOtherKind("acme/research"));
        Assert.False(LedgerIds.IsOfASession("~acme/research"));
        Assert.True(LedgerIds.IsOfASession("acme/research"));
        Assert.Throws<ArgumentException>(() => SessionIds.Validate("~acme/research"));
        Assert.Throws<ArgumentException>(() => LedgerIds.OfOtherKind("~"));
    }

    private async Task AssertTrimmedAsync(GrowingSession session, string keptKey, string[] goneKeys)
    {
        AssertSame([session.Entries[^1]], await ReadAllAsync(session.Id));
        AssertSame([session.Entries[^1]], [(await FindAsync(session.Id, keptKey))!]);
        foreach (var key in goneKeys)
            Assert.Null(await FindAsync(session.Id, key));
        var stored = (await Store.LoadAsync(session.Id, Token))!;
        Assert.Equivalent(session.Head, stored.Head, strict: true);
        Assert.Equal(session.OpenReservations, stored.OpenReservations);
    }
}

using AgentBudget.Orleans.Storage;

namespace AgentBudget.StoreContract;

/// <summary>Sessions among each other: ids, lists, due times, purges.</summary>
public abstract partial class LedgerStoreContract
{
    private static readonly string[] OddIds =
    [
        "a",
        "A",
        "a/",
        "/a",
        "a/b",
        "a/b/c",
        "ab",
        "a:b",
        "a.b",
        "a_b",
        "a-b",
        "aXb",
        "a%b",
        "a b",
        "-",
        "_",
        ".",
        "0",
        "00",
        "1e3",
        "null",
        "'a'",
        "a\"b",
        "a\\b",
        "a;--",
        "ä",
        "a\u0308",
        "漢字",
        "🙂",
        new string('x', Bounds.IdLength),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ids_AnyThatDiffer_AreDifferentSessions(bool caughtUp)
    {
        var sessions = OddIds.Select(id => new GrowingSession(id)).ToArray();
        await WriteAsync([.. sessions.Select(session => session.Open())]);
        foreach (var session in sessions)
            await WriteAsync(session.Charge(session.Id), session.Reserve("key"));
        if (caughtUp)
            await CatchUpAsync();
        foreach (var session in sessions)
        {
            await AssertStoredAsync(session);
            AssertSame([session.Entries[1]], [(await FindAsync(session.Id, session.Id))!]);
            foreach (var other in OddIds.Where(id => id != session.Id))
                Assert.Null(await FindAsync(session.Id, other));
        }
    }

    [Fact]
    public async Task Ids_OfASessionWithinAnother_ShareNothing()
    {
        var parent = await OpenedAsync("a", ["one", "two"]);
        await WriteAsync(parent.Reserve("reserve"));
        foreach (var id in new[] { "a/b", "ab", "A", "a/" })
        {
            await AssertAbsentAsync(id);
            Assert.Null(await FindAsync(id, "one"));
            var other = await OpenedAsync(id);
            Assert.Empty((await Store.LoadAsync(id, Token))!.OpenReservations);
            Assert.Null(await FindAsync(id, "one"));
            await Store.PurgeAsync(id, other.Head.Life, 1, Token);
        }

        await AssertStoredAsync(parent);
    }

    [Fact]
    public async Task List_ManySessions_ComeInTheOrderOfTheirIdsPageByPage()
    {
        string[] ids =
        [
            "-",
            ".",
            "/",
            "0",
            "00",
            "1",
            ":",
            "A",
            "AB",
            "B",
            "_",
            "a",
            "a-b",
            "a.b",
            "a/",
            "a/b",
            "a0",
            "a:b",
            "aB",
            "a_b",
            "ab",
            "b",
        ];
        foreach (var id in ids.Reverse())
            await OpenedAsync(id);
        var listed = new List<string>();
        while (await Store.ListAsync(new SessionListing(listed.LastOrDefault(), Count: 5), Token) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 5);
            listed.AddRange(page.Select(head => head.SessionId));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed);
        Assert.Equal(["a", "a-b"], await IdsAsync(new SessionListing("_", Count: 2)));
        Assert.Equal(["a_b", "ab", "b"], await IdsAsync(new SessionListing("aZ")));
        Assert.Empty(await IdsAsync(new SessionListing("b")));
    }

    [Fact]
    public async Task List_OfATenant_HoldsItsSessionsAndThoseBelowAlone()
    {
        var tenants = new (string Id, string? Tenant)[]
        {
            ("s01", null),
            ("s02", "acme"),
            ("s03", "acme/research"),
            ("s04", "acme/research/alice"),
            ("s05", "acme-corp"),
            ("s06", "acme0"),
            ("s07", "Acme"),
            ("s08", "acme_research"),
            ("s09", "acmeXresearch"),
            ("s10", "acme/researchers"),
            ("s11", "acm"),
            ("s12", "acme."),
            ("s13", "acme:research"),
            ("s14", "acme"),
        };
        foreach (var (id, tenant) in tenants)
            await OpenedAsync(id, tenant);

        Assert.Equal(["s02", "s03", "s04", "s10", "s14"], await IdsAsync(new SessionListing(Tenant: TenantPath.Parse("acme"))));
        Assert.Equal(["s03", "s04"], await IdsAsync(new SessionListing(Tenant: TenantPath.Parse("acme/research"))));
        Assert.Equal(["s08"], await IdsAsync(new SessionListing(Tenant: TenantPath.Parse("acme_research"))));
        Assert.Equal(["s03", "s04"], await IdsAsync(new SessionListing("s02", TenantPath.Parse("acme"), 2)));
        Assert.Equal(["s10", "s14"], await IdsAsync(new SessionListing("s04", TenantPath.Parse("acme"), 2)));
        Assert.Empty(await IdsAsync(new SessionListing(Tenant: TenantPath.Parse("acme/research/bob"))));
        Assert.Equal(14, (await IdsAsync(new SessionListing())).Length);
    }

    [Fact]
    public async Task List_Sessions_HoldsTheirLastHeads()
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        await WriteAsync(session.Reserve());
        Assert.Equivalent(session.Head, Assert.Single(await Store.ListAsync(new SessionListing(), Token)), strict: true);
    }

    [Fact]
    public async Task Load_NeverDueSinceItsFirstEntry_IsThereAndNotDue()
    {
        var append = new GrowingSession("never") { DueAt = DateTimeOffset.MaxValue }.Open() with { IsDueChanged = false };
        await WriteAsync(append);
        Assert.Equal(DateTimeOffset.MaxValue, (await Store.LoadAsync("never", Token))!.DueAt);
        Assert.Empty(await DueAsync(DateTimeOffset.MaxValue.AddTicks(-1)));
    }

    [Fact]
    public async Task FindDue_Sessions_ComeSoonestFirstAndInPages()
    {
        foreach (var minute in new[] { 30, 10, 50, 20, 40 })
        {
            var session = new GrowingSession($"due-{minute}") { DueAt = Minute(minute) };
            await WriteAsync(session.Open());
        }

        await WriteAsync(new GrowingSession("never") { DueAt = DateTimeOffset.MaxValue }.Open());
        Assert.Empty(await DueAsync(Minute(10).AddTicks(-1)));
        Assert.Equal(["due-10"], await DueAsync(Minute(10)));
        Assert.Equal(["due-10", "due-20", "due-30"], await DueAsync(Minute(39)));
        Assert.Equal(["due-20", "due-30"], await DueAsync(Minute(60), skip: 1, count: 2));
        Assert.Equal(["due-40", "due-50"], await DueAsync(Minute(60), skip: 3, count: 2));
        Assert.Empty(await DueAsync(Minute(60), skip: 5));
    }

    [Fact]
    public async Task FindDue_DueTimeThatCameWithEntries_IsTheLastOne()
    {
        var session = new GrowingSession("session") { DueAt = Minute(10) };
        await WriteAsync(session.Open());
        await WriteAsync(session.Charge());
        Assert.Equal(["session"], await DueAsync(Minute(10)));
        session.DueAt = Minute(20);
        await WriteAsync(session.Charge());
        Assert.Empty(await DueAsync(Minute(19)));
        Assert.Equal(["session"], await DueAsync(Minute(20)));
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Reschedule_AtTheSequence_ChangesTheDueTimeAndNothingElse()
    {
        var session = await OpenedAsync("session", ["one"]);
        await Store.RescheduleAsync("session", session.Head.Life, session.Head.Sequence, Minute(5), Token);
        session.DueAt = Minute(5);
        await AssertStoredAsync(session);
        Assert.Equal(["session"], await DueAsync(Minute(5)));
        Assert.Empty(await DueAsync(Minute(4)));
    }

    [Fact]
    public async Task Reschedule_AtAnotherSequenceOrOfNoSession_ChangesNothing()
    {
        var session = await OpenedAsync("session", ["one"]);
        await Store.RescheduleAsync("session", session.Head.Life, session.Head.Sequence - 1, Minute(5), Token);
        await Store.RescheduleAsync("session", session.Head.Life, session.Head.Sequence + 1, Minute(5), Token);
        await Store.RescheduleAsync("unknown", session.Head.Life, 1, Minute(5), Token);
        await AssertStoredAsync(session);
        await AssertAbsentAsync("unknown");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_AtTheSequence_LeavesNothingAndLeavesOthersAlone(bool caughtUp)
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        var other = await OpenedAsync("session/child", ["one", "two"]);
        await WriteAsync(session.Reserve("reserve"), other.Reserve("reserve"));
        await WriteAsync(
            session.Do(
                new CorrectCommand
                {
                    EntrySequence = 2,
                    Difference = -Money.Parse("0.01"),
                    Reason = "refund",
                }
            )
        );
        if (caughtUp)
            await CatchUpAsync();
        await Store.PurgeAsync("session", session.Head.Life, session.Head.Sequence, Token);
        await AssertAbsentAsync("session");
        Assert.Null(await FindAsync("session", "one"));
        Assert.Empty(await Store.FindRelatedAsync("session", 2, Token));
        await AssertStoredAsync(other);
    }

    [Fact]
    public async Task Purge_AtAnotherSequenceOrOfNoSession_DeletesNothing()
    {
        var session = await OpenedAsync("session", ["one"]);
        await Store.PurgeAsync("session", session.Head.Life, session.Head.Sequence - 1, Token);
        await Store.PurgeAsync("session", session.Head.Life, session.Head.Sequence + 1, Token);
        await Store.PurgeAsync("unknown", 0, 0, Token);
        await AssertStoredAsync(session);
    }

    [Fact]
    public async Task Purge_IdOpenedAgain_BeginsAnew()
    {
        var session = await OpenedAsync("session", ["one", "two"]);
        await WriteAsync(session.Reserve("reserve"));
        await Store.PurgeAsync("session", session.Head.Life, session.Head.Sequence, Token);
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(session.Twin().Charge("three")));
        var again = await OpenedAsync("session", ["two", "one"]);
        await AssertStoredAsync(again);
        await CatchUpAsync();
        await AssertStoredAsync(again);
        AssertSame([again.Entries[2]], [(await FindAsync("session", "one"))!]);
        Assert.Null(await FindAsync("session", "reserve"));
    }

    private static DateTimeOffset Minute(int minute) => GrowingSession.Start.AddMinutes(minute);

    private async Task<string[]> IdsAsync(SessionListing listing) =>
        [.. (await Store.ListAsync(listing, Token)).Select(head => head.SessionId)];
}

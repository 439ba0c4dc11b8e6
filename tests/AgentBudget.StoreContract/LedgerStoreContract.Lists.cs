namespace AgentBudget.StoreContract;

/// <summary>Lists of sessions of one status, and of those that have spent most: by their last heads, in the tables or on their way
/// there.</summary>
public abstract partial class LedgerStoreContract
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_OfAStatus_HoldsThoseThatHaveItNow(bool caughtUp)
    {
        var sessions = await OfEveryStatusAsync(caughtUp);
        var notClosed = sessions.Where(session => session.Head.Status != SessionStatus.Closed).Select(session => session.Id).ToArray();
        Assert.Equal(notClosed, await IdsAsync(new SessionListing(HidesClosed: true)));
        Assert.Equal(notClosed[..2], await IdsAsync(new SessionListing(HidesClosed: true, Count: 2)));
        Assert.Empty(await IdsAsync(new SessionListing(Status: SessionStatus.Closed, HidesClosed: true)));
        foreach (var status in Enum.GetValues<SessionStatus>())
        {
            var expected = sessions.Where(session => session.Head.Status == status).Select(session => session.Id).ToArray();
            Assert.Equal(3, expected.Length);
            Assert.Equal(expected, await IdsAsync(new SessionListing(Status: status)));
            Assert.Equal(expected[..2], await IdsAsync(new SessionListing(Status: status, Count: 2)));
            Assert.Equal(expected[2..], await IdsAsync(new SessionListing(expected[1], Status: status)));
            var ofTenant = new SessionListing(Tenant: TenantPath.Parse("acme"), Status: status);
            Assert.Equal(
                sessions.Where(session => session.Tenant is not null && session.Head.Status == status).Select(session => session.Id),
                await IdsAsync(ofTenant)
            );
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_DearestFirst_ComesByWhatWasSpent(bool caughtUp)
    {
        var costs = new[] { "0.30", "0.10", "0.30", "0.50", "0.20" };
        var sessions = new List<GrowingSession>();
        foreach (var (i, cost) in costs.Index())
        {
            var session = await OpenedAsync($"s{i}", i < 4 ? "acme" : "beta");
            await WriteAsync(session.Charge(cost: cost));
            sessions.Add(session);
        }

        await OpenedAsync("~acme");
        if (caughtUp)
            await CatchUpAsync();
        Assert.Equal(["s3", "s0", "s2", "s4", "s1"], await IdsAsync(new SessionListing(DearestFirst: true)));
        Assert.Equal(["s3", "s0"], await IdsAsync(new SessionListing(DearestFirst: true, Count: 2)));
        await WriteAsync(sessions[1].Charge(cost: "9.00"));
        Assert.Equal(["s1", "s3"], await IdsAsync(new SessionListing(DearestFirst: true, Count: 2)));
        var acme = TenantPath.Parse("acme");
        Assert.Equal(["s1", "s3", "s0", "s2"], await IdsAsync(new SessionListing(Tenant: acme, DearestFirst: true)));
        Assert.Empty(await IdsAsync(new SessionListing(Tenant: acme, DearestFirst: true, Status: SessionStatus.Closed)));
        var dearest = Assert.Single(await Store.ListAsync(new SessionListing(DearestFirst: true, Count: 1), Token));
        Assert.Equivalent(sessions[1].Head, dearest, strict: true);
    }

    // Each status three times, and where the store does something later, it came to be both before and after that.
    private async Task<List<GrowingSession>> OfEveryStatusAsync(bool caughtUp)
    {
        var sessions = new List<GrowingSession>();
        for (var i = 0; i < 12; i++)
            sessions.Add(await OpenedAsync($"s{i:00}", i % 2 == 0 ? "acme/team" : null));
        if (caughtUp)
            await CatchUpAsync();
        foreach (var (i, session) in sessions.Index())
        {
            if (i == 6 && caughtUp)
                await CatchUpAsync();
            switch (i % 4)
            {
                case 1:
                    await WriteAsync(session.Charge(cost: "2001"));
                    break;
                case 2:
                    await WriteAsync(session.Charge(cost: "2001"));
                    await WriteAsync(session.Do(new PauseCommand()));
                    break;
                case 3:
                    await WriteAsync(session.Do(new PauseCommand()));
                    await WriteAsync(session.Do(new CloseCommand()));
                    break;
            }
        }

        return sessions;
    }
}

using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Reports;

/// <summary>What is asked through a tenant of an id that is not its own is unknown (L10), whether there is such a session or not.</summary>
public sealed class TenantIsolationTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("globex-i@theirs")]
    [InlineData("globex-i@none")]
    [InlineData("acme-i2@theirs")]
    [InlineData("acme-i.eu@theirs")]
    public async Task Session_OfAnotherTenant_IsUnknown(string id)
    {
        foreach (var path in new[] { "globex-i", "acme-i2", "acme-i.eu" })
            await ledger.Client.Tenant(path).OpenAsync("$1.00", "theirs", cancellationToken: Token);
        var acme = ledger.Client.Tenant("acme-i");

        var refused = Assert.Throws<RefusedException>(() => acme.Session(id));
        Assert.Equal(RefusalReason.SessionUnknown, refused.Refusal.Reason);
        Assert.Null(refused.Report);
        Assert.Null(await acme.FindSessionAsync(id, Token));
        Assert.DoesNotContain((await acme.SessionsAsync(cancellationToken: Token)).Sessions, session => session.SessionId == id);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => acme.OpenAsync("$1.00", id, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            acme.SessionsAsync(new SessionsQuery { Tenant = SessionIds.TenantOf(id) }, Token)
        );
    }

    [Fact]
    public async Task Session_OfItsOwnOrBelow_IsFoundByNameAndById()
    {
        var acme = ledger.Client.Tenant("acme-j");
        await acme.OpenAsync("$1.00", "mine", cancellationToken: Token);
        await ledger.Client.Tenant("acme-j/research").OpenAsync("$2.00", "below", cancellationToken: Token);

        Assert.Equal("acme-j@mine", (await acme.Session("mine").ReportAsync(cancellationToken: Token)).SessionId);
        Assert.Equal(
            Money.Parse("2.00"),
            (await acme.Session("acme-j/research@below").ReportAsync(cancellationToken: Token)).Standing.Budget
        );
        Assert.Equal("acme-j@mine", (await acme.FindSessionAsync("mine", Token))?.SessionId);
        Assert.Equal(
            ["acme-j/research@below", "acme-j@mine"],
            (await acme.SessionsAsync(cancellationToken: Token)).Sessions.Select(session => session.SessionId)
        );
        var unknown = await Assert.ThrowsAsync<RefusedException>(() => acme.Session("none").ReportAsync(cancellationToken: Token));
        Assert.Equal(RefusalReason.SessionUnknown, unknown.Refusal.Reason);
    }
}

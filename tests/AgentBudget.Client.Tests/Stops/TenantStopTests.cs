using AgentBudget.Client.Tests.Ledgers;

namespace AgentBudget.Client.Tests.Stops;

/// <summary>A session's token, and what runs under it, when its tenant is held.</summary>
public sealed class TenantStopTests(SharedLedger ledger)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pause", "acme-a")]
    [InlineData("stop", "acme-b")]
    [InlineData("stop", "acme-c/research")]
    public async Task StoppedToken_OfASession_FiresWhenItsTenantIsHeld(string how, string path)
    {
        await using var session = await ledger.Client.Tenant(path).OpenAsync("$1.00", cancellationToken: Token);
        var stopped = session.StoppedToken;
        var tenant = ledger.NewClient().Tenant(path.Split('/')[0]);
        var answer = how == "pause" ? await tenant.PauseAsync(cancellationToken: Token) : await tenant.StopAsync(cancellationToken: Token);
        Assert.Equal(0, answer.ChildrenNotReached);
        await stopped.FiredAsync();
    }
}

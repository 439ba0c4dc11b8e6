using AgentBudget.Cli;
using AgentBudget.Cli.Input;
using AgentBudget.Cli.Ledgers;

namespace AgentBudget.Server.Tests.Shell;

/// <summary>A server that is killed, or stands still, while somebody acts on it from the shell.</summary>
public sealed class ServerThatFailsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_KilledInTheMiddle_IsSaidWithWhereToLook(bool isUnderWay)
    {
        await using var fixture = await StartAsync();
        var address = new LedgerAddress(null, ServerAddress.Parse(fixture.Ports.GatewayAddress, cluster: null));
        await using var ledger = await address.OpenAsync(
            TimeProvider.System,
            view => view.TenantAsync(TenantPath.Parse("acme"), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken
        );
        // One that stands still has taken what is sent to it, and has not answered.
        if (isUnderWay)
            fixture.Server.Signal("STOP");
        else
            await fixture.Server.KillAsync();

        var acting = ledger.ActAsync(
            () => ledger.Client.Tenant("acme").PauseAsync(cancellationToken: TestContext.Current.CancellationToken),
            "tenant show acme"
        );
        if (isUnderWay)
            await fixture.Server.KillAsync();
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() =>
            acting.WaitAsync(Tool.Patience, TestContext.Current.CancellationToken)
        );

        Assert.Contains("does not answer any more", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"agentbudget tenant show acme --server {fixture.Ports.GatewayAddress}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ThatStandsStill_IsNotWaitedForLong()
    {
        await using var fixture = await StartAsync();
        fixture.Server.Signal("STOP");
        (await Tool.RunAsync(["tenant", "show", "acme", .. fixture.Option])).FailedWith(fixture.Ports.GatewayAddress);
    }

    private static async Task<ServerFixture> StartAsync()
    {
        var fixture = new ServerFixture();
        await fixture.InitializeAsync();
        return fixture;
    }
}

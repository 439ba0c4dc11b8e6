using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>One server with its ledger in a SQLite file.</summary>
public sealed class EmbeddedServerTests : IDisposable
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-server-");

    [Fact]
    public async Task Server_StoppedAndStartedAgain_KeepsTheLedgerAndItsClients()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ports = ServerPorts.New();
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var client = await ClientHost.ConnectAsync([ports], RetryFor);
        var session = await client.Budget.OpenAsync("1.00", cancellationToken: cancellation);
        await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.25"), "before", cancellation);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());

        // Nobody is there; the client goes on until somebody is.
        var charging = session.ChargeAsync(Call.Tool("search"), Money.Parse("0.50"), "between", cancellation);
        await using var again = ServerProcess.Start(ports, Settings());
        await again.WhenReadyAsync();
        await charging.WaitAsync(RetryFor, cancellation);
        var replayed = await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.25"), "before", cancellation);
        Assert.True(replayed.IsReplay);
        Assert.Equal(Money.Parse("0.75"), replayed.Standing.Spent);
    }

    [Fact]
    public async Task Server_OnALedgerThatAnotherHasOpen_EndsWithOneSentence()
    {
        await using var server = ServerProcess.Start(ServerPorts.New(), Settings());
        await server.WhenReadyAsync();
        await using var other = ServerProcess.Start(ServerPorts.New(), Settings());
        Assert.Equal(1, await other.EndAsync());
        Assert.Contains(other.Lines, line => line.Contains(folder.FullName, StringComparison.Ordinal) && !line.StartsWith('{'));
    }

    [Fact]
    public async Task CheckHealth_WithAndWithoutAServer_ExitsAccordingly()
    {
        var ports = ServerPorts.New();
        await using var before = ServerProcess.Start(ports, Settings(), "--check-health");
        Assert.Equal(1, await before.EndAsync());
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var after = ServerProcess.Start(ports, Settings(), "--check-health");
        Assert.Equal(0, await after.EndAsync());
        Assert.Contains(after.Lines, line => line.Contains("ready", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_WithWrongSettings_NamesEachAndEnds()
    {
        await using var server = ServerProcess.Start(ServerPorts.New(), [new("AgentBudget__Mode", "Cluster"), new("AgentBudget__Retntion", "1.00:00:00")]);
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains(server.Lines, line => line.StartsWith("AgentBudget:Retntion ", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.StartsWith("AgentBudget:PostgreSql:ConnectionStrings ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_ThatFindsNoServer_FailsClosedAtStart() =>
        await Assert.ThrowsAnyAsync<Exception>(() => ClientHost.ConnectAsync([ServerPorts.New()], RetryFor, connectFor: TimeSpan.Zero));

    [Fact]
    public async Task Client_WhoseServerIsGone_SaysThatTheLedgerIsUnavailable()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ports = ServerPorts.New();
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var client = await ClientHost.ConnectAsync([ports], retryFor: TimeSpan.FromSeconds(1));
        var session = await client.Budget.OpenAsync("1.00", cancellationToken: cancellation);
        await server.KillAsync();
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => session.ChargeAsync(Call.Tool("search"), Money.Parse("0.25"), cancellation));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private IEnumerable<KeyValuePair<string, string>> Settings() => [new("AgentBudget__Sqlite__Path", folder.FullName)];
}

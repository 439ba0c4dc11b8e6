using AgentBudget.Ledger;
using AgentBudget.Orleans.Abstractions;

namespace AgentBudget.Server.Tests.Processes;

/// <summary>One server with its ledger in a SQLite file.</summary>
public sealed class EmbeddedServerTests : IDisposable
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(60);

    private static readonly Money Price = Money.Parse("0.01");

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
        Assert.Equal(Money.Parse("0.75"), (await session.ReportAsync(cancellationToken: cancellation)).TotalSpent);
    }

    [Fact]
    public async Task Server_StoppedUnderLoad_LosesNothingAcknowledged_AndTellsTheRestThatItIsUnknown()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ports = ServerPorts.New();
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var client = await ClientHost.ConnectAsync([ports], retryFor: TimeSpan.FromMilliseconds(500));
        var acknowledged = new int[8];
        var charging = Task.WhenAll(acknowledged.Select(async (_, i) =>
        {
            var session = await client.Budget.OpenAsync(new SessionOptions { Budget = Money.Parse("1000"), Loops = LoopPolicy.Off }, $"session-{i}", cancellationToken: cancellation);
            // Nothing else may come than that the ledger is unavailable.
            await Assert.ThrowsAsync<BudgetUnavailableException>(async () =>
            {
                while (true)
                {
                    await session.ChargeAsync(Call.Tool("search"), Price, cancellation);
                    Interlocked.Increment(ref acknowledged[i]);
                }
            });
        }));
        await Poll.UntilAsync(() => Array.TrueForAll(acknowledged, count => Volatile.Read(ref count) >= 10), RetryFor, () => server.Output);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        await charging.WaitAsync(RetryFor, cancellation);

        await using var again = ServerProcess.Start(ports, Settings());
        await again.WhenReadyAsync();
        await using var reader = await ClientHost.ConnectAsync([ports], RetryFor);
        for (var i = 0; i < acknowledged.Length; i++)
        {
            var spent = (await reader.Budget.Get($"session-{i}").ReportAsync(cancellationToken: cancellation)).TotalSpent;
            // The one call whose outcome is unknown may stand or not.
            Assert.InRange(spent.NanoDollars, Price.NanoDollars * acknowledged[i], Price.NanoDollars * (acknowledged[i] + 1));
        }
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

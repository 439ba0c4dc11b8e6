namespace AgentBudget.Server.Tests.Processes;

/// <summary>One server with its ledger in a SQLite file.</summary>
public sealed class EmbeddedServerTests : IDisposable
{
    private const int Callers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Money Price = Money.Parse("0.01");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-server-");

    [Fact]
    public async Task Server_StoppedUnderLoadAndStartedAgain_LosesNothingAcknowledged_AndTellsTheRestThatItIsUnknown()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var ports = ServerPorts.New();
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var hasty = await ClientHost.ConnectAsync([ports], retryFor: TimeSpan.FromMilliseconds(500));
        await using var patient = await ClientHost.ConnectAsync([ports], retryFor: Patience);
        var acknowledged = new int[Callers];
        var unknown = new int[Callers];
        var options = new BudgetSessionOptions { Budget = Money.Parse("1000"), Loops = LoopPolicy.Off };
        for (var i = 0; i < Callers; i++)
            await patient.Budget.OpenAsync(options, SessionOf(i), cancellationToken: cancellation);
        var charging = Task.WhenAll(
            Enumerable.Range(0, Callers).Select(i => ChargeUntilItEndsAsync(hasty, server, i, acknowledged, unknown))
        );
        await Poll.UntilAsync(
            () => charging.IsFaulted || Array.TrueForAll(acknowledged, count => count >= 10),
            Patience,
            () => server.Output
        );
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        await charging.WaitAsync(Patience, cancellation);
        Assert.All(unknown, count => Assert.NotEqual(0, count));

        // Nobody is there; this client goes on until somebody is.
        var between = patient.Budget.Get(SessionOf(0)).ChargeAsync(Call.Tool("search"), Price, "between", cancellation);
        await using var again = ServerProcess.Start(ports, Settings());
        await again.WhenReadyAsync();
        Assert.Null((await between.WaitAsync(Patience, cancellation)).Refusal);
        acknowledged[0]++;
        for (var i = 0; i < Callers; i++)
        {
            var spent = (await patient.Budget.Get(SessionOf(i)).ReportAsync(cancellationToken: cancellation)).TotalSpent;
            // A call whose outcome is unknown may stand or not.
            Assert.InRange(spent.NanoDollars, Price.NanoDollars * acknowledged[i], Price.NanoDollars * (acknowledged[i] + unknown[i]));
        }
    }

    [Fact]
    public async Task Server_OnThisMachine_IsAskedForItsHealth_AndKeepsItsLedgerToItself()
    {
        var ports = ServerPorts.New();
        await using var before = ServerProcess.Start(ports, Settings(), "--check-health");
        Assert.Equal(1, await before.EndAsync());
        await using var server = ServerProcess.Start(ports, Settings());
        await server.WhenReadyAsync();
        await using var check = ServerProcess.Start(ports, Settings(), "--check-health");
        await using var other = ServerProcess.Start(ServerPorts.New(), Settings());
        Assert.Equal(0, await check.EndAsync());
        Assert.Contains(check.Lines, line => line.Contains("ready", StringComparison.Ordinal));
        Assert.Equal(1, await other.EndAsync());
        Assert.Contains(other.Lines, line => line.Contains(folder.FullName, StringComparison.Ordinal) && !line.StartsWith('{'));
    }

    [Fact]
    public async Task Server_WithWrongSettings_NamesEachAndEnds()
    {
        await using var server = ServerProcess.Start(
            ServerPorts.New(),
            [new("AgentBudget__Mode", "Cluster"), new("AgentBudget__Retntion", "1.00:00:00")]
        );
        Assert.Equal(1, await server.EndAsync());
        Assert.Contains(server.Lines, line => line.StartsWith("AgentBudget:Retntion ", StringComparison.Ordinal));
        Assert.Contains(server.Lines, line => line.StartsWith("AgentBudget:PostgreSql:ConnectionStrings ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_ThatFindsNoServer_FailsClosedAtStart() =>
        await Assert.ThrowsAnyAsync<Exception>(() => ClientHost.ConnectAsync([ServerPorts.New()], Patience, connectFor: TimeSpan.Zero));

    public void Dispose() => folder.Delete(recursive: true);

    private static string SessionOf(int caller) => $"session-{caller}";

    // Nothing else may come than an answer, or that the ledger is unavailable; also while the server is only slow.
    private static async Task ChargeUntilItEndsAsync(ClientHost client, ServerProcess server, int caller, int[] acknowledged, int[] unknown)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var session = client.Budget.Get(SessionOf(caller));
        while (true)
        {
            var mayBeTheLast = server.HasEnded;
            try
            {
                await session.ChargeAsync(Call.Tool("search"), Price, cancellation);
                Interlocked.Increment(ref acknowledged[caller]);
            }
            catch (BudgetUnavailableException)
            {
                unknown[caller]++;
                if (mayBeTheLast)
                    return;
            }
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Settings() => [new("AgentBudget__Sqlite__Path", folder.FullName)];
}

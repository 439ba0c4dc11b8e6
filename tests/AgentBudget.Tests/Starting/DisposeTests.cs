using System.Collections.Concurrent;

namespace AgentBudget.Tests.Starting;

public sealed class DisposeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dispose_CallsInFlight_EveryAnswerGivenIsInTheLedger()
    {
        var acknowledged = new ConcurrentBag<long>();
        var budget = await EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = folder.Path;
                options.ConfigureClient = client => client.RetryFor = TimeSpan.Zero;
            },
            Token
        );
        var session = await budget.OpenAsync("1000", "session", cancellationToken: Token);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable
            .Range(0, 20)
            .Select(_ =>
                Task.Run(async () =>
                {
                    while (true)
                    {
                        var answer = await session.ChargeAsync(Call.Tool("search"), Money.Parse("0.01"), CancellationToken.None);
                        acknowledged.Add(answer.EntrySequence);
                        if (acknowledged.Count >= 200)
                            enough.TrySetResult();
                    }
                })
            )
            .ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await budget.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
        foreach (var caller in callers)
            await Assert.ThrowsAsync<BudgetUnavailableException>(() => caller.WaitAsync(TimeSpan.FromSeconds(30), Token));

        await using var again = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        var charged = new List<long>();
        await foreach (var entry in again.Client.Get("session").TimelineAsync(2, Token))
            charged.Add(entry.Sequence);
        Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());
        Assert.Empty(acknowledged.Except(charged));
    }

    // The serializer that went with the silo used to complain in the ledger's place.
    [Fact]
    public async Task Call_AfterDispose_FailsClosedAsAnyLedgerThatIsAway()
    {
        var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        var session = await budget.OpenAsync("1.00", cancellationToken: Token);
        await budget.DisposeAsync();
        var made = false;
        await Assert.ThrowsAsync<BudgetUnavailableException>(() =>
            session.RunToolAsync("search", "0.01", _ => Task.FromResult(made = true), cancellationToken: Token)
        );
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => session.ChargeAsync(Call.Tool("search"), Money.Parse("0.01"), Token));
        Assert.False(made);
    }

    public void Dispose() => folder.Dispose();
}

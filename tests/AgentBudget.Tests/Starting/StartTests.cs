namespace AgentBudget.Tests.Starting;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FolderThatIsMissing_MakesIt()
    {
        var path = folder.Within("deep/below");
        await using var budget = await EmbeddedAgentBudget.StartAsync(path, Token);
        await SpendAsync(budget, "session");
        Assert.True(File.Exists(Path.Combine(path, "ledger.db")));
    }

    [Fact]
    public async Task Start_NameOfAFile_KeepsTheLedgerInIt()
    {
        await using (var budget = await EmbeddedAgentBudget.StartAsync(folder.Within("mine.db"), Token))
            await SpendAsync(budget, "session");
        Assert.True(File.Exists(folder.Within("mine.db")));
    }

    [Fact]
    public async Task Start_AfterDispose_FindsItsData()
    {
        for (var start = 1; start <= 3; start++)
        {
            await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
            await SpendAsync(budget, "session");
            var report = await budget.Client.Get("session").ReportAsync(cancellationToken: Token);
            Assert.Equal(Money.Parse("0.10").NanoDollars * start, report.TotalSpent.NanoDollars);
        }
    }

    [Fact]
    public async Task Start_InMemory_KeepsNothingAndTouchesNoFile()
    {
        for (var start = 1; start <= 2; start++)
        {
            await using var budget = await EmbeddedAgentBudget.StartAsync(options => options.Path = null, Token);
            await SpendAsync(budget, "session");
            Assert.Equal("$0.10", (await budget.Client.Get("session").ReportAsync(cancellationToken: Token)).TotalSpent.ToString());
        }
    }

    [Fact]
    public async Task Start_TwoFoldersInOneProcess_AreTwoBudgets()
    {
        await using var first = await EmbeddedAgentBudget.StartAsync(folder.Within("first"), Token);
        await using var second = await EmbeddedAgentBudget.StartAsync(folder.Within("second"), Token);
        await SpendAsync(first, "session");
        await SpendAsync(first, "session");
        await SpendAsync(second, "session");
        Assert.Equal("$0.20", (await first.Client.Get("session").ReportAsync(cancellationToken: Token)).TotalSpent.ToString());
        Assert.Equal("$0.10", (await second.Client.Get("session").ReportAsync(cancellationToken: Token)).TotalSpent.ToString());
    }

    [Fact]
    public async Task Start_ManyAtOnce_EachFindsAPort()
    {
        var starting = Enumerable.Range(0, 6).Select(_ => EmbeddedAgentBudget.StartAsync(options => options.Path = null, Token));
        var budgets = await Task.WhenAll(starting);
        await Task.WhenAll(budgets.Select(budget => SpendAsync(budget, "session")));
        foreach (var budget in budgets)
            await budget.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_Twice_IsNoError()
    {
        var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        await budget.DisposeAsync();
        await budget.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_SessionLeftOpen_StaysOpenInTheLedger()
    {
        await using (var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token))
            await budget.OpenAsync("1.00", "left-open", cancellationToken: Token);
        await using var again = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        Assert.Equal(EndReason.None, (await again.Client.Get("left-open").ReportAsync(cancellationToken: Token)).Standing.End);
    }

    [Fact]
    public async Task Grains_AreThoseOfTheSilo()
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, Token);
        await SpendAsync(budget, "session");
        Assert.Equal(Money.Parse("0.10"), (await budget.Grains.GetGrain<IBudgetSession>("session").StandingAsync()).Spent);
        Assert.Equal("session", Assert.Single(await budget.Store.ListAsync(new(), Token)).SessionId);
    }

    public void Dispose() => folder.Dispose();

    private static async Task SpendAsync(EmbeddedAgentBudget budget, string id)
    {
        var session = await budget.OpenAsync("1.00", id, cancellationToken: Token);
        await session.WrapAsync(
            CallEstimate.Model("gpt-5", "0.20"),
            _ => Task.FromResult(0),
            _ => ActualCost.Of("0.10"),
            cancellationToken: Token
        );
    }
}

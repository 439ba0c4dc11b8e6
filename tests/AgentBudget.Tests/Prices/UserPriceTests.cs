using Microsoft.Extensions.Logging;

namespace AgentBudget.Tests.Prices;

/// <summary>Prices of the user's own, given to the embedded budget in one line, and what becomes of files that change.</summary>
public sealed class UserPriceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prices_OfAFolderAndOneModel_LieOverTheEmbeddedTable()
    {
        WritePrice("3", tool: "0.02");
        await using var budget = await StartAsync(options =>
            options.Prices = new LivePricesOptions
            {
                Path = folder.Path,
                Models = [new ModelPrice("openai", "gpt-4o", 7m, 8m)],
                Names = [new ModelName("openai", "my-deployment", "gpt-4o-mini"), new ModelName("openai", "my-other", "gpt-4.1")],
                ToolPrices = { ["free_tool"] = 0m },
            }
        );
        await using var session = await budget.OpenAsync("100", cancellationToken: Token);

        Assert.Equal(Money.Parse("3"), await CostAsync(session, "ours", "m"));
        Assert.Equal(Money.Parse("7"), await CostAsync(session, "openai", "gpt-4o"));
        Assert.Equal(Money.Parse("0.15"), await CostAsync(session, "openai", "my-deployment"));
        Assert.Equal(Money.Parse("2"), await CostAsync(session, null, "gpt-4.1"));
        Assert.Equal(1, await session.RunToolAsync("scrape", _ => Task.FromResult(1), cancellationToken: Token));
        Assert.Equal(2, await session.RunToolAsync("free_tool", _ => Task.FromResult(2), cancellationToken: Token));
        Assert.Equal(Money.Parse("12.17"), (await session.ReportAsync(cancellationToken: Token)).Standing.Spent);
    }

    [Fact]
    public async Task Files_ThatAreNotValid_KeepTheStartFromSucceeding()
    {
        File.WriteAllText(Path.Combine(folder.Path, "ours.json"), "{");
        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            StartAsync(options => options.Prices = new LivePricesOptions { Path = folder.Path })
        );
        Assert.Contains("AgentBudget:Prices", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ours.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_ThatIsNotValid_LeavesTheOldPricesAndStandsInTheLog()
    {
        WritePrice("3");
        var reloads = new Reloads();
        using var log = new ErrorLog();
        await using var budget = await StartAsync(options =>
        {
            options.Prices = reloads.Of(folder.Path);
            options.ConfigureLogging = logging => logging.AddProvider(log);
        });
        await using var session = await budget.OpenAsync("100", cancellationToken: Token);

        File.WriteAllText(Path.Combine(folder.Path, "ours.json"), "{");
        Assert.False((await reloads.NextAsync()).IsTaken);

        Assert.Equal(Money.Parse("3"), await CostAsync(session, "ours", "m"));
        Assert.Contains("ours.json", Assert.Single(log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_WithPricesOfItsOwn_DoesNotTakeTheSilos()
    {
        await using var budget = await StartAsync(options =>
        {
            options.Prices = new LivePricesOptions { Models = [new ModelPrice("ours", "m", 3m, 3m)] };
            options.ConfigureClient = client => client.Prices = new LivePricesOptions { Models = [new ModelPrice("ours", "m", 4m, 4m)] };
        });
        await using var session = await budget.OpenAsync("100", cancellationToken: Token);
        Assert.Equal(Money.Parse("4"), await CostAsync(session, "ours", "m"));
    }

    public void Dispose() => folder.Dispose();

    private static Task<EmbeddedAgentBudget> StartAsync(Action<EmbeddedOptions> configure) =>
        EmbeddedAgentBudget.StartAsync(
            options =>
            {
                options.Path = null;
                configure(options);
            },
            Token
        );

    private static async Task<Money> CostAsync(BudgetSession session, string? provider, string model) =>
        (await session.ChargeAsync(model, new TokenUsage(1_000_000, 0), provider, Token)).Amount;

    private void WritePrice(string usd, string? tool = null)
    {
        File.WriteAllText(Path.Combine(folder.Path, "ours.json"), Reloads.FileOf(usd));
        if (tool is not null)
            File.WriteAllText(
                Path.Combine(folder.Path, "tools.json"),
                $$"""{ "tools": [ { "tool": "scrape", "usd_per_call": "{{tool}}" } ] }"""
            );
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> errors = new();

        public IEnumerable<string> Errors => errors;

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("AgentBudget", StringComparison.Ordinal)
                ? this
                : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                errors.Enqueue(formatter(state, exception));
        }

        public void Dispose() { }
    }
}

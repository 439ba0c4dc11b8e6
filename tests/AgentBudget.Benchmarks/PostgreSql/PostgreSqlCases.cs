using AgentBudget.Benchmarks.Cases;
using AgentBudget.Benchmarks.Load;

namespace AgentBudget.Benchmarks.PostgreSql;

/// <summary>The cases on PostgreSQL: ours, what a user would write, and what Orleans has in stock.</summary>
internal sealed class PostgreSqlCases : IAsyncDisposable
{
    /// <summary>Charges a second in the open loop.</summary>
    public const int OpenLoopRate = 10_000;

    private static readonly TimeSpan OpenLoopDuration = TimeSpan.FromSeconds(10);

    private readonly PostgreSqlSilo silo;
    private readonly UserBudgets user;
    private readonly SessionCalls sessions;

    private PostgreSqlCases(PostgreSqlSilo silo, UserBudgets user, SessionCalls sessions, IReadOnlyList<BenchmarkCase> all)
    {
        this.silo = silo;
        this.user = user;
        this.sessions = sessions;
        All = all;
    }

    public IReadOnlyList<BenchmarkCase> All { get; }

    public static async Task<PostgreSqlCases> StartAsync()
    {
        var silo = await PostgreSqlSilo.StartAsync();
        var user = new UserBudgets(silo.UserDatabase);
        var sessions = await SessionCalls.OpenAsync(silo.Grains);
        var hot = await SessionCalls.OpenAsync(silo.Grains, count: 1, prefix: "hot");
        var stock = Enumerable.Range(0, SessionCalls.Sessions).Select(i => silo.Grains.GetGrain<IStockBudget>($"stock-{i}")).ToArray();
        BenchmarkCase[] all =
        [
            new(CaseNames.PostgreSqlCharge, 1, sessions.ChargeAsync),
            new(CaseNames.PostgreSqlCharge, 100, sessions.ChargeAsync),
            new(CaseNames.OneStatement, 100, user.ChargeAsync),
            new(CaseNames.StockGrain, 100, (caller, number) => stock[(caller + (number * 7)) % stock.Length].ChargeAsync(1_234)),
            new(CaseNames.PostgreSqlCharge, 1_000, sessions.ChargeAsync),
            new(CaseNames.PostgreSqlReserveSettle, 1_000, sessions.ReserveAndSettleAsync),
            new(CaseNames.OneStatement, 1_000, user.ChargeAsync),
            new(CaseNames.StockGrain, 1_000, (caller, number) => stock[(caller + (number * 7)) % stock.Length].ChargeAsync(1_234)),
            new(CaseNames.PostgreSqlHot, 100, hot.ChargeAsync),
            new(CaseNames.RowLock, 100, user.ChargeHotWithRowLockAsync),
        ];
        return new PostgreSqlCases(silo, user, sessions, all);
    }

    public Task<LoadResult> OpenLoopAsync()
    {
        Console.Error.WriteLine("open loop: 10,000 charges a second on PostgreSQL");
        return OpenLoop.RunAsync(OpenLoopRate, OpenLoopDuration, sessions.ChargeAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await user.DisposeAsync();
        await silo.DisposeAsync();
    }
}

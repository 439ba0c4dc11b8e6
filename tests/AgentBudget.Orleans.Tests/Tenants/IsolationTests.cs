using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>
/// L10: nothing of one tenant is seen by another. Everything that a tenant is called by, says or is told carries a canary; what its
/// neighbour is answered, as it goes over the wire, what is logged and what is measured must not.
/// </summary>
public sealed class IsolationTests : IAsyncDisposable
{
    private const string Canary = "canary";

    private readonly LogBook log = new();
    private readonly MeterListener meters = new();
    private readonly ConcurrentBag<string> tags = [];
    private readonly Serializer serializer = new ServiceCollection()
        .AddSerializer()
        .BuildServiceProvider()
        .GetRequiredService<Serializer>();

    private LedgerCluster? cluster;

    public async ValueTask DisposeAsync()
    {
        meters.Dispose();
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Answers_ToATenant_HoldNothingOfItsNeighbour()
    {
        await StartAsync(metricLevels: 0);
        var neighbour = await MakeNeighbourAsync();
        Assert.True(Has(await neighbour.ReportAsync(new ReportQuery { Events = 100 })), "The canary is not where it is looked for.");

        foreach (var (what, answer) in await EverythingAcmeIsToldAsync())
            Assert.False(Has(answer), $"{what} holds something of the neighbour.");
        Assert.DoesNotContain(log.Lines, line => line.Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(
            tags,
            tag => tag.Contains(Canary, StringComparison.Ordinal) || tag.Contains("acme", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Opening_AsATenant_OfAnotherTenantsId_IsAnsweredTheSameWhetherItIsThereOrNot()
    {
        await StartAsync(metricLevels: 0);
        await MakeNeighbourAsync();
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), Tenant = TenantPath.Parse("acme") },
        };
        var there = await cluster!.Session($"{Canary}-inc@{Canary}-ticket").OpenAsync(open);
        var notThere = await cluster.Session($"{Canary}-inc@none").OpenAsync(open);
        Assert.Equal(RefusalReason.OtherTenant, there.Refusal?.Reason);
        // Where it stands, what is available in it: nothing of that.
        Assert.Equal(notThere, there);

        var parent = await cluster.OpenAsync("acme@parent");
        foreach (var id in new[] { $"{Canary}-inc@{Canary}-ticket", $"{Canary}-inc@none" })
        {
            var child = await parent.OpenCarvedChildAsync(id, "0.10", key: null);
            Assert.Equal(RefusalReason.OtherTenant, child.Refusal?.Reason);
        }
    }

    [Theory]
    [InlineData(1, "acme")]
    [InlineData(2, "acme/research")]
    [InlineData(8, "acme/research/alice")]
    public async Task Metrics_OfATenant_CarryAsManyNamesAsAnOperatorSays(int levels, string expected)
    {
        await StartAsync(levels);
        var session = await cluster!.OpenAsync("acme/research/alice@1");
        await session.ChargeAsync("0.10").GrantedAsync();
        Assert.Contains(tags, tag => tag == $"agentbudget.spent tenant={expected}");
        Assert.DoesNotContain(tags, tag => tag.StartsWith("agentbudget.writer", StringComparison.Ordinal));
    }

    [Fact]
    public void Metrics_OfMoreTenantsThanAreToldApart_SayOther()
    {
        var tenants = new AgentBudget.Orleans.Telemetry.TenantTags(1);
        for (var i = 0; i < AgentBudget.Orleans.Telemetry.TenantTags.Most; i++)
            Assert.Equal($"t{i}", tenants.NameOf($"t{i}@1"));
        Assert.Equal("other", tenants.NameOf("one-more@1"));
        Assert.Equal("t7", tenants.NameOf("t7/below@1"));
        Assert.Null(tenants.NameOf("of-nobody"));
    }

    private async Task<List<(string What, object? Answer)>> EverythingAcmeIsToldAsync()
    {
        var acme = Tenant("acme/research");
        var session = cluster!.Session("acme/research@1");
        var directory = cluster.Grains.GetGrain<ISessionDirectory>(0);
        List<(string, object?)> told =
        [
            ("set", await acme.SetAsync(new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.Parse("0.50") } })),
            ("open", await OpenAsync(session, "5.00")),
            ("reserve too much", await session.ReserveAsync("6.00")),
            ("charge", await session.ChargeAsync("0.60")),
            ("reserve exhausted", await session.ReserveAsync("0.10")),
            ("open exhausted", await OpenAsync(cluster.Session("acme/research@2"), "5.00")),
            ("top up", await acme.TopUpAsync(new TopUpTenantCommand { Amount = Money.Parse("1.00") })),
            ("pause", await acme.PauseAsync(new PauseCommand())),
            ("reserve paused", await session.ReserveAsync("0.10")),
            ("resume", await acme.ResumeAsync(new ResumeCommand())),
            ("unknown", await cluster.Session("acme/research@none").ReserveAsync("0.10")),
            ("report", await session.ReportAsync(new ReportQuery { Events = 100 })),
            ("timeline", await session.TimelineAsync(1, 100)),
            ("tenant report", await acme.ReportAsync()),
            ("tenant timeline", await acme.TimelineAsync(1, 100)),
            ("above", await Tenant("acme").ReportAsync()),
            ("sessions", await directory.ListAsync(new SessionsQuery { Tenant = TenantPath.Parse("acme") })),
            ("stop", await acme.StopAsync(new StopTenantCommand())),
        ];
        return told;
    }

    // Its paths begin as acme's do, or sort beside them, and there is money of it everywhere.
    private async Task<IBudgetSession> MakeNeighbourAsync()
    {
        var settings = new TenantSettings { TotalLimit = Money.Parse("7.77"), TagNames = [$"{Canary}-tag"] };
        foreach (var path in new[] { $"{Canary}-inc", $"acme-{Canary}", $"acme.{Canary}/research" })
        {
            await Tenant(path)
                .SetAsync(
                    new SetTenantCommand
                    {
                        Settings = settings,
                        By = $"{Canary}-by",
                        Reason = $"{Canary}-reason",
                    }
                );
            await OpenNeighboursAsync(cluster!.Session($"{path}@{Canary}-ticket"));
        }

        return cluster!.Session($"{Canary}-inc@{Canary}-ticket");
    }

    private static async Task OpenNeighboursAsync(IBudgetSession session)
    {
        var options = new BudgetSessionOptions
        {
            Budget = Money.Parse("5.00"),
            Agent = $"{Canary}-agent",
            Tags = new Dictionary<string, string> { [$"{Canary}-tag"] = $"{Canary}-value" },
        };
        await session.OpenAsync(new OpenCommand { Options = options }).GrantedAsync();
        await session.ChargeAsync(new ChargeCommand { Cost = Money.Parse("0.10"), Call = Call.Model($"{Canary}-model") }).GrantedAsync();
    }

    private async Task StartAsync(int metricLevels)
    {
        cluster = await LedgerCluster.StartAsync(
            new InMemoryLedgerStore(),
            configure: options => options.Tenants.MetricLevels = metricLevels,
            configureSilo: silo => silo.ConfigureLogging(logging => logging.AddProvider(log).AddFilter("AgentBudget", LogLevel.Trace))
        );
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == LedgerMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((instrument, _, given, _) => Note(instrument, given));
        meters.SetMeasurementEventCallback<double>((instrument, _, given, _) => Note(instrument, given));
        meters.Start();
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> given)
    {
        foreach (var (name, value) in given)
            tags.Add($"{instrument.Name} {name}={value}");
    }

    private bool Has(object? answer) =>
        Encoding.UTF8.GetString(serializer.SerializeToArray(answer)).Contains(Canary, StringComparison.Ordinal);

    private static Task<SessionAnswer> OpenAsync(IBudgetSession session, string budget) =>
        session.OpenAsync(
            new OpenCommand
            {
                Options = new BudgetSessionOptions { Budget = Money.Parse(budget), Loops = LoopPolicy.Off },
            }
        );

    private ITenantBudget Tenant(string path) => cluster!.Grains.GetGrain<ITenantBudget>(path);

    private sealed class LogBook : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = [];

        public IReadOnlyCollection<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("AgentBudget", StringComparison.Ordinal)
                ? this
                : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}

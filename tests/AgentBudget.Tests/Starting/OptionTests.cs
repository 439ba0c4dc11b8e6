namespace AgentBudget.Tests.Starting;

/// <summary>Bad options: an ArgumentException that names the option, and a folder that is free afterwards.</summary>
public sealed class OptionTests : IDisposable
{
    private static readonly Dictionary<string, Action<EmbeddedOptions>> Bad = new()
    {
        ["Retention"] = options => options.ConfigureLedger = ledger => ledger.Retention = TimeSpan.Zero,
        ["SweepInterval"] = options => options.ConfigureLedger = ledger => ledger.SweepInterval = TimeSpan.FromDays(1),
        ["WriterQueueSessions"] = options => options.ConfigureLedger = ledger => ledger.WriterQueueSessions = 0,
        ["WriterQueueEntriesPerSession"] = options => options.ConfigureLedger = ledger => ledger.WriterQueueEntriesPerSession = -1,
        ["WriterBatchEntries"] = options => options.ConfigureLedger = ledger => ledger.WriterBatchEntries = 0,
        ["RecentKeys"] = options => options.ConfigureLedger = ledger => ledger.RecentKeys = 0,
        ["RetryFor"] = options => options.ConfigureClient = client => client.RetryFor = TimeSpan.FromHours(1),
        ["WaitForMoney"] = options => options.ConfigureClient = client => client.WaitForMoney = TimeSpan.FromDays(1),
        ["ReservationTimeToLive"] = options => options.ConfigureClient = client => client.ReservationTimeToLive = TimeSpan.Zero,
        ["Prices"] = options => options.ConfigureClient = client => client.Prices = null!,
        ["OnFailedCall"] = options => options.ConfigureClient = client => client.OnFailedCall = null!,
        ["Time"] = options => options.Time = null!,
        ["Path"] = options => options.Path = " ",
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => new(Bad.Keys);

    [Theory, MemberData(nameof(Names))]
    public async Task Start_OptionOutOfRange_IsNamedAndTheFolderIsFree(string name)
    {
        var refused = await Assert.ThrowsAnyAsync<ArgumentException>(() =>
            EmbeddedAgentBudget.StartAsync(
                options =>
                {
                    options.Path = folder.Path;
                    Bad[name](options);
                },
                TestContext.Current.CancellationToken
            )
        );
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_WithoutConfiguration_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentNullException>(() =>
            EmbeddedAgentBudget.StartAsync((Action<EmbeddedOptions>)null!, TestContext.Current.CancellationToken)
        );

    [Fact]
    public async Task Start_Cancelled_LeavesTheFolderFree()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedAgentBudget.StartAsync(folder.Path, new CancellationToken(canceled: true))
        );
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(nameof(EmbeddedOptions.ConfigureClient))]
    [InlineData(nameof(EmbeddedOptions.ConfigureLedger))]
    [InlineData(nameof(EmbeddedOptions.ConfigureLogging))]
    [InlineData(nameof(EmbeddedOptions.ConfigureSilo))]
    public async Task Start_ConfigurationThatThrows_FailsWithItAndLeavesTheLedgerFree(string name)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"agentbudget-{Guid.CreateVersion7():N}");
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            EmbeddedAgentBudget.StartAsync(
                options =>
                {
                    options.Path = folder;
                    if (name == nameof(options.ConfigureClient))
                        options.ConfigureClient = _ => throw new InvalidDataException(name);
                    if (name == nameof(options.ConfigureLedger))
                        options.ConfigureLedger = _ => throw new InvalidDataException(name);
                    if (name == nameof(options.ConfigureLogging))
                        options.ConfigureLogging = _ => throw new InvalidDataException(name);
                    if (name == nameof(options.ConfigureSilo))
                        options.ConfigureSilo = _ => throw new InvalidDataException(name);
                },
                TestContext.Current.CancellationToken
            )
        );
        // Nothing is held on to: a start that is set right finds the ledger free.
        await using (await EmbeddedAgentBudget.StartAsync(options => options.Path = folder, TestContext.Current.CancellationToken)) { }
        Directory.Delete(folder, recursive: true);
    }
}

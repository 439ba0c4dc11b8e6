using AgentBudget.Ledger.Tenants;
using AgentBudget.Orleans.Sessions;
using AgentBudget.Orleans.Tenants;
using AgentBudget.Orleans.Tests.Sessions;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Tenants;

/// <summary>What is read of a tenant's spend while its entries are on their way to the store.</summary>
public sealed class SpendReaderTests : IAsyncDisposable
{
    private const string Session = "acme@1";

    private readonly LoneSession lone = new();
    private readonly SessionExecutor tenant;
    private readonly TenantSpendReader reader;
    private Money granted;
    private Money spent;
    private long told;

    public SpendReaderTests()
    {
        tenant = lone.NewExecutor(lone.End, "~acme");
        reader = new TenantSpendReader(tenant);
    }

    public ValueTask DisposeAsync() => lone.DisposeAsync();

    // What is decided while somebody waits for the store is in no page of it yet, and was counted as read.
    [Fact]
    public async Task Spend_AskedForWhileAnAppendIsHeldBack_HasItTheNextTime()
    {
        await AdmitAsync();
        var first = lone.Store.BlockNext();
        var reporting = SpendAsync("0.10");
        await first.ReachedAsync();
        var asking = ReadAsync();
        var later = SpendAsync("0.20");
        var second = lone.Store.BlockNext();
        first.Open();
        await reporting.InTimeAsync();
        var seen = await asking.InTimeAsync();
        await second.ReachedAsync();
        second.Open();
        await later.InTimeAsync();

        Assert.Equal(Money.Parse("0.10"), seen.Spent);
        Assert.Equal(Money.Parse("0.30"), (await ReadAsync()).Spent);
    }

    [Fact]
    public async Task Spend_ThatWasReadBeforeTheLedgerWasLoadedAnew_IsReadAgain()
    {
        await AdmitAsync();
        await SpendAsync("0.10");
        Assert.Equal(Money.Parse("0.10"), (await ReadAsync()).Spent);
        lone.Store.OnAppend = _ => Fault.Away(FaultMoment.BeforeWrite);
        await Assert.ThrowsAsync<BudgetUnavailableException>(() => SpendAsync("0.20"));
        lone.Store.Heal();
        await tenant.LedgerAsync();

        var before = lone.Store.EntriesRead;
        Assert.Equal(Money.Parse("0.10"), (await ReadAsync()).Spent);
        Assert.True(lone.Store.EntriesRead > before);
    }

    private async Task<TenantSpend> ReadAsync() => (await reader.ReadAsync(new TenantSpendQuery()))!;

    private async Task AdmitAsync()
    {
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Money.Parse("8.00"), Loops = LoopPolicy.Off },
        };
        var request = SessionLedger.New(Session).RequestFor(open, mustBeSet: false, lone.Clock.GetUtcNow())!;
        granted = Assert.IsType<Invitation>(await tenant.ReceiveAsync(request)).Granted;
    }

    // The session has spent so much more, and says so.
    private async Task SpendAsync(string amount)
    {
        var more = Money.Parse(amount);
        var report = new HolderReport
        {
            From = told,
            To = told + 1,
            Epoch = 0,
            SpentUp = more,
            SpentAfter = spent + more,
            Breakdown = Breakdown.Empty.Add(Call.Tool("x"), more),
            ByQuarter = [new QuarterSum(QuarterSum.Of(lone.Clock.GetUtcNow()), more)],
        };
        (spent, told) = (spent + more, told + 1);
        var row = (await tenant.LedgerAsync()).OpenHolders[Session];
        await tenant.ReceiveAsync(
            new HolderWord
            {
                HolderId = Session,
                HolderLife = 7,
                ParentId = "~acme",
                ParentLife = TenantLedgers.Life,
                RowMark = row.Mark,
                Time = lone.Clock.GetUtcNow(),
                Granted = granted,
                Spent = spent,
                Policy = HolderPolicy.Sliced,
                Report = report,
            }
        );
    }
}

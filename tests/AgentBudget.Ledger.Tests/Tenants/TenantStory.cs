using AgentBudget.Ledger.Between;
using AgentBudget.Ledger.Tenants;
using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests.Tenants;

/// <summary>A tenant's ledger and what its sessions say to it.</summary>
internal sealed class TenantStory
{
    private readonly Dictionary<string, (Money Granted, Money Spent, long Through)> said = [];

    public DateTimeOffset Now { get; set; } = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);

    public SessionLedger Ledger { get; } = SessionLedger.New("~acme");

    public List<Entry> Entries { get; } = [];

    public TenantReport Report => TenantReport.Of(Ledger.Head)!;

    public void Set(TenantSettings settings) => Do(new SetTenantCommand { Settings = settings });

    public void Do(SessionCommand command) => Entries.AddRange(Ledger.Execute(command, LookUps.None, Now).Entries);

    public void PassTo(DateTimeOffset time)
    {
        Now = time;
        Entries.AddRange(Ledger.ExpireDue(Now));
    }

    /// <summary>Admits a session.</summary>
    public void Open(string name, string budget)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        var request = SessionLedger.New($"acme@{name}").RequestFor(open, mustBeSet: false, Now)!;
        var received = Ledger.Receive(request, Evidence.None, Now);
        Entries.AddRange(received.Entries);
        said[name] = (Assert.IsType<Invitation>(received.Reply).Granted, Money.Zero, 0);
    }

    /// <summary>A session has spent so much more, and, where it says so, asks for more money.</summary>
    public void Spend(string name, string amount, string? atLeast = null)
    {
        var (_, before, through) = said[name];
        var (row, spent) = (Ledger.OpenHolders[$"acme@{name}"], before + Usd(amount));
        said[name] = (row.Granted, spent, through + 1);
        var word = Word(row, spent) with
        {
            AtLeast = atLeast is null ? Money.Zero : Usd(atLeast),
            Amount = atLeast is null ? Money.Zero : Usd(atLeast),
            Report = new HolderReport
            {
                From = through,
                To = through + 1,
                Epoch = 0,
                SpentUp = Usd(amount),
                SpentAfter = spent,
                Breakdown = Breakdown.Empty.Add(Call.Tool("x"), Usd(amount)),
                ByQuarter = [new QuarterSum(QuarterSum.Of(Now), Usd(amount))],
            },
        };
        Entries.AddRange(Ledger.Receive(word, Evidence.None, Now).Entries);
    }

    /// <summary>A session asks for money, and may answer a recall with it.</summary>
    public ParentWord Ask(string name, string atLeast, string amount, long recalled = 0)
    {
        var word = Word(Ledger.OpenHolders[$"acme@{name}"], said[name].Spent) with
        {
            Ask = 1,
            AtLeast = Usd(atLeast),
            Amount = Usd(amount),
            Since = Now,
            Recalled = recalled,
        };
        return Assert.IsType<ParentWord>(Ledger.Receive(word, Evidence.None, Now).Reply);
    }

    /// <summary>A session ends, and gives back what it has.</summary>
    public void End(string name)
    {
        var (_, spent, through) = said[name];
        var row = Ledger.OpenHolders[$"acme@{name}"];
        var word = Word(row, spent) with
        {
            Report = new HolderReport
            {
                From = through,
                To = through + 1,
                Epoch = 0,
                GivenBack = row.Granted - spent,
                SpentAfter = spent,
                IsSealed = true,
            },
        };
        Entries.AddRange(Ledger.Receive(word, Evidence.None, Now).Entries);
    }

    /// <summary>What was written down of soft limits since the last look.</summary>
    public string Crossed()
    {
        var crossed = Entries
            .Where(entry => entry.Kind == EntryKind.SoftLimitReached)
            .Select(entry => $"{entry.Window} {string.Join(' ', Fractions(entry))} of {entry.Requested}")
            .ToArray();
        Entries.Clear();
        return string.Join("; ", crossed);
    }

    private HolderWord Word(HolderRow row, Money spent) =>
        new()
        {
            HolderId = row.HolderId,
            HolderLife = 7,
            ParentId = "~acme",
            ParentLife = TenantLedgers.Life,
            RowMark = row.Mark,
            Time = Now,
            Granted = row.Granted,
            Spent = spent,
            Policy = HolderPolicy.Sliced,
        };

    private IReadOnlyList<decimal> Fractions(Entry entry) => TenantSoftLimits.Fractions(Report.Settings, entry.SoftLimitsCrossed);
}

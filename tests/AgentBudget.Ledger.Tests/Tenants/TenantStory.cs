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
    public void Open(string name, string budget) => said[name] = (Assert.IsType<Invitation>(Admit(name, budget)).Granted, Money.Zero, 0);

    /// <summary>Why a session is not admitted.</summary>
    public RefusalReason? Refused(string name, string budget) => Assert.IsType<ParentWord>(Admit(name, budget)).Refused;

    /// <summary>A tenant below reports for the first time.</summary>
    public void AddTenantBelow(string name)
    {
        var below = SessionLedger.New($"~acme/{name}");
        var set = new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Usd("5.00") } };
        var word = below.WordForParent(below.Execute(set, LookUps.None, Now).Entries, Now);
        Entries.AddRange(Ledger.Receive(word, new Evidence { IsProven = true, AsOf = Ledger.Head.Sequence }, Now).Entries);
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
    public ParentWord Ask(string name, string atLeast, string amount, long recalled = 0, string? wish = null)
    {
        var word = Word(Ledger.OpenHolders[$"acme@{name}"], said[name].Spent) with
        {
            Ask = 1,
            AtLeast = Usd(atLeast),
            Wish = wish is null ? Money.Zero : Ledger.OpenHolders[$"acme@{name}"].Granted + Usd(atLeast) + Usd(wish),
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

    private LedgerMessage? Admit(string name, string budget)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Usd(budget) } };
        var request = SessionLedger.New($"acme@{name}").RequestFor(open, mustBeSet: false, Now)!;
        var received = Ledger.Receive(request, Evidence.None, Now);
        Entries.AddRange(received.Entries);
        return received.Reply;
    }

    /// <summary>Who has not been told of a recall yet, and of which; they are told by that.</summary>
    public Dictionary<string, long> Recalled() =>
        Ledger
            .OpenHolders.Values.Select(row => (Name: row.HolderId.Split('@')[1], WordFor(row).Recall))
            .Where(told => told.Recall > 0)
            .ToDictionary(told => told.Name, told => told.Recall);

    /// <summary>A session gives back what it has, for a recall.</summary>
    public void GiveBack(string name, long round)
    {
        var (_, spent, through) = said[name];
        var row = Ledger.OpenHolders[$"acme@{name}"];
        said[name] = (row.Granted, spent, through + 1);
        var word = Word(row, spent) with
        {
            Recalled = round,
            Report = new HolderReport
            {
                From = through,
                To = through + 1,
                Epoch = 0,
                GivenBack = row.Granted - spent,
                SpentAfter = spent,
            },
        };
        Entries.AddRange(Ledger.Receive(word, Evidence.None, Now).Entries);
    }

    private ParentWord WordFor(HolderRow row) =>
        Assert.IsType<ParentWord>(Ledger.WordForHolder(row, Now, wantsAnswer: true, wantsProof: false));

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

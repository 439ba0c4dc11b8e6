using AgentBudget.Ledger.Tenants;

namespace AgentBudget.Simulation;

/// <summary>What in worlds of tenants costs time and order alone, which no law counts: with the fault and without it.</summary>
public sealed class TenantDirectedTests
{
    private readonly SessionLedger tenant = SessionLedger.New("~acme");
    private DateTimeOffset now = World.Start;

    // The older call's word is under way for five seconds.
    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.AgesInsteadOfInstants))]
    public void WhoeverHasWaitedLongest_IsServedFirst_HoweverLongItsWordWasUnderWay(string? plant)
    {
        var plants = Planted(plant);
        Limit(1);
        Open("old");
        Open("young");
        Open("rich");
        Hear(Ask("rich", 0.9m), plants);
        var late = Ask("old", 0.9m);
        now = now.AddSeconds(2);
        Hear(Ask("young", 0.9m), plants);
        now = now.AddSeconds(3);
        Hear(late, plants);
        now = now.AddSeconds(1);
        Hear(GivesBack("rich", 0.9m), plants);
        Assert.Equal(plants == Plants.None, GrantedTo("old") > Money.Zero);
        Assert.Equal(plants != Plants.None, GrantedTo("young") > Money.Zero);
    }

    // All of its money is with those who could give it back, and still the call would be too much.
    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.ExhaustedByWhatIsLacking))]
    public void CallThatIsTooMuchWithWhatItsSessionHas_IsRefusedForGood(string? plant)
    {
        var plants = Planted(plant);
        Limit(1);
        Open("other");
        Open("one");
        Hear(Ask("other", 0.3m), plants);
        Hear(Spent("other", 0.3m), plants);
        Hear(Ask("one", 0.6m), plants);
        var told = Hear(Ask("one", 0.8m), plants);
        Assert.Equal(plants == Plants.None, told.Refused == RefusalReason.TenantExhausted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.RecallForTheLeast))]
    public void Recall_IsForAllThatWaits_AndGoesToAsManyAsThatTakes(string? plant)
    {
        var plants = Planted(plant);
        Limit(20);
        for (var i = 0; i < 20; i++)
        {
            Open($"{i}");
            Hear(Ask($"{i}", 1), plants);
        }

        Open("one");
        Hear(Ask("one", 0.1m) with { All = Money.FromDollars(10) }, plants);
        Assert.Equal(plants == Plants.None ? 20 : 8, tenant.OpenHolders.Keys.Count(IsRecalled));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.RoundAnsweredEarly))]
    public void TenantBelow_AnswersARecallWhenThoseBelowItHave_AndNobodyIsRefusedBefore(string? plant)
    {
        var plants = Planted(plant);
        Limit(10);
        var below = new HolderWord
        {
            HolderId = "~acme/r",
            HolderLife = TenantLedgers.Life,
            ParentId = "~acme",
            ParentLife = TenantLedgers.Life,
            RowMark = 0,
            Time = now,
            Policy = HolderPolicy.Sliced,
            Report = new HolderReport
            {
                From = 0,
                To = 1,
                Epoch = 0,
                SpentAfter = Money.Zero,
            },
        };
        Hear(below, plants);
        Hear(WithAsk(below with { Report = null, RowMark = tenant.OpenHolders["~acme/r"].Mark }, 10), plants);
        Assert.Equal(Money.FromDollars(10), tenant.OpenHolders["~acme/r"].Granted);
        Open("one");
        Assert.True(Hear(Ask("one", 5), plants).IsPending);

        // It has something to say before its own sessions have answered it.
        Hear(below with { Report = null, RowMark = tenant.OpenHolders["~acme/r"].Mark, Granted = Money.FromDollars(10) }, plants);
        var word = Assert.IsType<ParentWord>(tenant.WordForHolder(tenant.OpenHolders["acme@one"], now));
        Assert.Equal(plants != Plants.None, word.Refused == RefusalReason.InsufficientNow);
    }

    private static Plants Planted(string? name) => name is null ? Plants.None : Enum.Parse<Plants>(name);

    private void Limit(decimal dollars) =>
        tenant.Execute(
            new SetTenantCommand { Settings = new TenantSettings { TotalLimit = Money.FromDollars(dollars) } },
            LookUps.None,
            now
        );

    // With so small a budget there is no first slice to speak of.
    private void Open(string name)
    {
        var open = new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.FromNanoDollars(8) } };
        var request = SessionLedger.New($"acme@{name}").RequestFor(open, mustBeSet: false, now)!;
        Assert.IsType<Invitation>(tenant.Receive(request, Evidence.None, now).Reply);
        Hear(Word(name), Plants.None);
    }

    private Money GrantedTo(string name) =>
        tenant.OpenHolders[$"acme@{name}"].Granted is var granted && granted > Money.FromDollars(0.01m) ? granted : Money.Zero;

    private bool IsRecalled(string id) => tenant.WordForHolder(tenant.OpenHolders[id], now) is ParentWord { Recall: > 0 };

    private HolderWord Ask(string name, decimal dollars) => WithAsk(Word(name), dollars);

    private HolderWord WithAsk(HolderWord word, decimal dollars) =>
        word with
        {
            Ask = 1,
            AtLeast = Money.FromDollars(dollars),
            All = Money.FromDollars(dollars),
            Amount = Money.FromDollars(dollars),
            Since = now,
            IsPatient = true,
        };

    private HolderWord GivesBack(string name, decimal dollars) =>
        Word(name) with
        {
            Report = new HolderReport
            {
                From = 0,
                To = 1,
                Epoch = 0,
                SpentAfter = Money.Zero,
                GivenBack = Money.FromDollars(dollars),
            },
        };

    private HolderWord Spent(string name, decimal dollars) =>
        Word(name) with
        {
            Spent = Money.FromDollars(dollars),
            Report = new HolderReport
            {
                From = 0,
                To = 1,
                Epoch = 0,
                SpentUp = Money.FromDollars(dollars),
                SpentAfter = Money.FromDollars(dollars),
                Breakdown = Breakdown.Empty.Add(Call.Tool("t"), Money.FromDollars(dollars)),
                ByQuarter = [new QuarterSum(QuarterSum.Of(now), Money.FromDollars(dollars))],
            },
        };

    private HolderWord Word(string name)
    {
        var row = tenant.OpenHolders[$"acme@{name}"];
        return new HolderWord
        {
            HolderId = row.HolderId,
            HolderLife = 7,
            ParentId = "~acme",
            ParentLife = TenantLedgers.Life,
            RowMark = row.Mark,
            Time = now,
            Granted = row.Granted,
            Spent = row.Spent,
            Policy = HolderPolicy.Sliced,
        };
    }

    private ParentWord Hear(HolderWord word, Plants plants)
    {
        var taken = PlantedMessages.Taken(word, plants, tenant, now);
        var proven = new Evidence { IsProven = true, AsOf = tenant.Head.Sequence };
        return Assert.IsType<ParentWord>(tenant.Receive(taken, proven, now).Reply);
    }
}

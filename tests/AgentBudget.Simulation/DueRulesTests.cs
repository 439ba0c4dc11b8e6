namespace AgentBudget.Simulation;

/// <summary>When a ledger is to be tended.</summary>
public sealed class DueRulesTests
{
    private static readonly DueSpans Spans = DueSpans.With(TimeSpan.FromDays(90));

    private readonly Family family = new();

    public DueRulesTests() => family.Run("p", new OpenCommand { Options = Options(1m) });

    [Fact]
    public void Parent_WhoseChildHasNotRegistered_IsDueWithinAMinute()
    {
        family.Start("p", Open());
        Assert.Equal(family["p"].Head.LastEntryAt + TimeSpan.FromMinutes(1), DueRules.Next(family["p"], Spans));
    }

    [Fact]
    public void Parent_WhoseMoneyIsOutWithAChildThatIsWell_IsDueInFiveMinutes()
    {
        family.Run("p", Open());
        Assert.Equal(family["p"].Head.LastEntryAt + TimeSpan.FromMinutes(5), DueRules.Next(family["p"], Spans));
        Assert.False(DueRules.IsUnfinished(family["c"].Head));
    }

    [Fact]
    public void Child_ThatWaitsForItsParent_IsDueWithinAMinute()
    {
        family.Run("p", Open());
        family.Start("c", new TopUpCommand { Amount = Money.FromDollars(0.1m), Key = "t" });
        Assert.Equal(family["c"].Head.LastEntryAt + TimeSpan.FromMinutes(1), DueRules.Next(family["c"], Spans));
    }

    [Fact]
    public void EndedChild_ThatItsParentHasNotBooked_IsDueWithinAMinuteAndAfterwardsForItsPurge()
    {
        family.Run("p", Open());
        family.Start("c", new CloseCommand());
        Assert.Equal(family["c"].Head.LastEntryAt + TimeSpan.FromMinutes(1), DueRules.Next(family["c"], Spans));
        family.Talk();
        Assert.Equal(family["c"].Head.EndedAt!.Value + TimeSpan.FromDays(90), DueRules.Next(family["c"], Spans));
        family.Start("c", new ChargeCommand { Cost = Money.FromDollars(0.1m), Call = Call.Tool("t") });
        Assert.Equal(family["c"].Head.LastEntryAt + TimeSpan.FromMinutes(1), DueRules.Next(family["c"], Spans));
    }

    [Fact]
    public void Parent_ThatWasTendedAndIsAsItWas_IsDueAgain()
    {
        family.Run("p", Open());
        var now = family.Now + TimeSpan.FromHours(1);
        Assert.Equal(now + TimeSpan.FromMinutes(5), DueRules.AfterTending(family["p"], Spans, now));
    }

    private static OpenCarvedChildCommand Open() =>
        new()
        {
            Child = "c",
            Options = Options(0.5m),
            Key = "k",
        };

    private static BudgetSessionOptions Options(decimal budget) => new() { Budget = Money.FromDollars(budget), Loops = LoopPolicy.Off };
}

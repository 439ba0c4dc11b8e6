namespace AgentBudget.Simulation;

/// <summary>Operations of a child that wait for its parent at the same time, and sums at the edge of what can be counted.</summary>
public sealed class PendingBudgetTests
{
    private readonly Family family = new();

    [Fact]
    public void SetBudget_OvertakenByATopUp_StandsAsItWasAskedFor()
    {
        Open(10m, 0.5m);
        var topUp = family.Start("c", new TopUpCommand { Amount = Dollars(0.6m), Key = "a" });
        var set = family.Start("c", new SetBudgetCommand { Budget = Dollars(0.9m), Key = "b" });

        Assert.True(family.Finish("c", topUp).IsGranted);
        Assert.True(family.Finish("c", set).IsGranted);

        Assert.Equal(Dollars(0.9m), family["c"].Head.Budget);
        Assert.Equal((Dollars(0.9m), Dollars(9.1m)), (family["p"].Head.Reserved, family["p"].Head.Budget - family["p"].Head.Reserved));
        Assert.Equal(Dollars(0.9m), Assert.Single(family.Entries("c"), entry => entry.Key == "b").Amount);
    }

    [Fact]
    public void SetBudget_OvertakenByAHigherOne_IsTheLastWord()
    {
        Open(10m, 0.5m);
        var high = family.Start("c", new SetBudgetCommand { Budget = Dollars(1.5m), Key = "a" });
        var low = family.Start("c", new SetBudgetCommand { Budget = Dollars(0.9m), Key = "b" });

        Assert.Equal(Dollars(1.5m), family.Finish("c", high).Standing.Budget);
        Assert.Equal(Dollars(0.9m), family.Finish("c", low).Standing.Budget);
        Assert.Equal((Dollars(0.9m), Dollars(0.9m)), (family["c"].Head.Budget, family["p"].Head.Reserved));
    }

    [Fact]
    public void SetBudget_ToLessThanIsSetAsideWhenItsTurnComes_IsRefusedAndBindsNoKey()
    {
        Open(10m, 0.5m);
        family.Run("c", new ReserveCommand { Amount = Dollars(0.5m), Call = Call.Tool("t") });
        var topUp = family.Start("c", new TopUpCommand { Amount = Dollars(1m), Key = "a" });
        var set = family.Start("c", new SetBudgetCommand { Budget = Dollars(0.9m), Key = "b" });
        Assert.True(family.Finish("c", topUp).IsGranted);
        family.Run("c", new ReserveCommand { Amount = Dollars(1m), Call = Call.Tool("t") });

        family.Finish("c", set);

        Assert.True(family.Run("c", new TopUpCommand { Amount = Dollars(0.1m), Key = "d" }).IsGranted);
        var head = family["c"].Head;
        Assert.True(head.Reserved <= head.Budget, $"{head.Reserved} is set aside of {head.Budget}.");
    }

    [Fact]
    public void TopUps_ThatTogetherAreBeyondTheLargestBudget_AreRefusedAndTheChildGoesOn()
    {
        Open(10m, 0.5m);
        var most = Dollars(999_999_990m);
        var answers = Enumerable
            .Range(0, 12)
            .Select(i => family.Start("c", new TopUpCommand { Amount = most, Key = $"t{i}" }))
            .ToArray()
            .Select(decision => family.Finish("c", decision))
            .ToArray();
        Assert.All(answers, answer => Assert.False(answer.IsGranted));
        Assert.Contains(answers, answer => answer.Refusal!.Reason == RefusalReason.OutOfRange);
        Assert.True(family.Run("c", new ChargeCommand { Cost = Dollars(0.1m), Call = Call.Tool("t") }).IsGranted);
        family.Talk();
        Assert.Equal(Dollars(0.1m), family["p"].Head.Spent);
    }

    [Fact]
    public void BudgetOfAChild_SetUpAndDownForEver_IsRefusedBeforeItsSumsOverflow()
    {
        Open(1_000_000_000m, 0.5m);
        SessionAnswer? refused = null;
        for (var i = 0; i < 20 && refused is null; i++)
        {
            var up = family.Run("c", new SetBudgetCommand { Budget = Dollars(999_999_999m), Key = $"u{i}" });
            refused = up.IsGranted ? null : up;
            family.Run("c", new SetBudgetCommand { Budget = Dollars(0.5m), Key = $"d{i}" });
        }

        Assert.Equal(RefusalReason.OutOfRange, refused!.Refusal!.Reason);
        family.Run("c", new ChargeCommand { Cost = Dollars(0.1m), Call = Call.Tool("t") });
        family.Talk();
        Assert.Equal((Dollars(0.1m), Dollars(0.4m)), (family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Corrections_UpAndDownForEver_ReachTheParent(bool isToldEachTime)
    {
        Open(10m, 0.5m);
        var charge = family.Run("c", new ChargeCommand { Cost = Dollars(0.1m), Call = Call.Tool("t") });
        for (var i = 0; i < 24; i++)
        {
            var difference = Dollars(1_000_000_000m);
            var correct = new CorrectCommand
            {
                EntrySequence = charge.EntrySequence,
                Difference = i % 2 == 0 ? difference : -difference,
                Reason = "again",
                Key = $"c{i}",
            };
            Assert.True(family.Start("c", correct).Answer.IsGranted);
            if (isToldEachTime)
                family.Talk();
        }

        family.Talk();
        Assert.Equal((Dollars(0.1m), Dollars(0.1m)), (family["c"].Head.Spent, family["p"].Head.Spent));
        Assert.True(family.Run("p", new CloseCommand { Key = "close" }).IsGranted);
    }

    [Fact]
    public void Close_ThatJoinsAnother_IsAnsweredThatItIsSoAndBindsNoKey()
    {
        Open(10m, 0.5m);
        var first = family.Start("p", new CloseCommand { Key = "k1" });
        var second = family.Start("p", new CloseCommand { Key = "k2" });

        Assert.NotEqual(0, family.Finish("p", first).EntrySequence);
        var joined = family.Finish("p", second);

        Assert.True(joined is { IsGranted: true, IsUnchanged: true, IsReplay: false, EntrySequence: 0 });
        Assert.Equal(EndReason.Closed, joined.Standing.End);
    }

    private void Open(decimal parent, decimal child)
    {
        family.Run("p", new OpenCommand { Options = Options(parent) });
        Assert.True(
            family
                .Run(
                    "p",
                    new OpenCarvedChildCommand
                    {
                        Child = "c",
                        Options = Options(child),
                        Key = "k",
                    }
                )
                .IsGranted
        );
    }

    private static BudgetSessionOptions Options(decimal dollars) => new() { Budget = Dollars(dollars) };

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}

namespace AgentBudget.Simulation;

/// <summary>What once made or lost money between a parent and a carved child with ordinary calls, on the machine.</summary>
public sealed class FamilyTests
{
    private readonly Family family = new();

    public FamilyTests() => family.Run("p", new OpenCommand { Options = Options(1m) });

    [Fact]
    public void OpenChild_SameKeyWithOtherTags_IsAConflictAndTheCarveStays()
    {
        Assert.True(family.Run("p", Open(0.8m, "k")).IsGranted);
        var other = Options(0.8m) with { Tags = new Dictionary<string, string> { ["a"] = "b" } };
        Assert.Equal(
            RefusalReason.KeyConflict,
            family
                .Run(
                    "p",
                    new OpenCarvedChildCommand
                    {
                        Child = "c",
                        Options = other,
                        Key = "k",
                    }
                )
                .Refusal!.Reason
        );
        Assert.Equal((Dollars(0.8m), Dollars(0.8m)), (family["p"].Head.Reserved, family["c"].Head.Budget));
    }

    [Fact]
    public void EndedChild_ChargedTwentyTimesAtOnce_IsBookedInTheParentToTheLast()
    {
        family.Run("p", Open(1m, "k"));
        family.Run("c", new CloseCommand());
        for (var i = 0; i < 20; i++)
            family.Start(
                "c",
                new ChargeCommand
                {
                    Cost = Dollars(0.1m),
                    Call = Call.Tool("t"),
                    Key = $"c{i}",
                }
            );
        family.Talk();
        Assert.Equal((Dollars(2m), Dollars(2m)), (family["c"].Head.Spent, family["p"].Head.Spent));
    }

    [Fact]
    public void ChildTopUp_UnderAKeyOfSomethingElse_DoesNotDebitTheParent()
    {
        family.Run("p", Open(0.5m, "k"));
        family.Run(
            "c",
            new ChargeCommand
            {
                Cost = Dollars(0.1m),
                Call = Call.Tool("t"),
                Key = "x",
            }
        );
        Assert.Equal(RefusalReason.KeyConflict, family.Run("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "x" }).Refusal!.Reason);
        Assert.Equal(Dollars(0.5m), family["p"].OpenHolders["c"].Granted);
    }

    [Theory]
    [InlineData("return:3")]
    [InlineData("late:3:4")]
    public void Parent_KeysThatLookLikeAProtocols_AreTheCallersOwn(string key)
    {
        family.Run(
            "p",
            new ChargeCommand
            {
                Cost = Money.Zero,
                Call = Call.Tool("t"),
                Key = key,
            }
        );
        family.Run("p", Open(0.5m, "k"));
        family.Run("c", new CloseCommand());
        family.Run("c", new ChargeCommand { Cost = Dollars(0.1m), Call = Call.Tool("t") });
        Assert.Equal((Money.Zero, Dollars(0.1m)), (family["p"].Head.Reserved, family["p"].Head.Spent));
    }

    [Fact]
    public void CloseParent_UnderAUsedKey_LeavesItsChildrenAlone()
    {
        family.Run("p", Open(0.5m, "k"));
        Assert.Equal(RefusalReason.KeyConflict, family.Run("p", new CloseCommand { Key = "k" }).Refusal!.Reason);
        Assert.Equal(EndReason.None, family["c"].Head.End);
    }

    [Fact]
    public void ChildTopUps_EightAtOnce_EachStandsUnderItsKeyOnce()
    {
        family.Run("p", Open(0.1m, "k"));
        var started = Enumerable
            .Range(0, 8)
            .Select(i => family.Start("c", new TopUpCommand { Amount = Dollars(0.1m), Key = $"t{i}" }))
            .ToArray();
        Assert.All(started, decision => Assert.True(family.Finish("c", decision).IsGranted));
        Assert.Equal(8, family.Entries("c").Count(entry => entry.Kind == EntryKind.ToppedUp && entry.Key is not null));
        Assert.Equal(Dollars(0.9m), family["c"].Head.Budget);
    }

    [Fact]
    public void ChildTopUp_ThatTheParentRefuses_IsAnsweredWithTheChildsStandingAndBindsNoKey()
    {
        family.Run("p", Open(0.5m, "k"));
        var refused = family.Run("c", new TopUpCommand { Amount = Dollars(2m), Key = "t" });
        Assert.Equal((RefusalReason.ParentRefused, Dollars(0.5m)), (refused.Refusal!.Reason, refused.Standing.Budget));
        Assert.True(family.Run("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "t" }).IsGranted);
    }

    [Fact]
    public void ParentsReport_WhileItsChildSpends_SaysWhatWasSpent()
    {
        family.Run("p", Open(0.5m, "k"));
        family.Run("c", new ChargeCommand { Cost = Dollars(0.2m), Call = Call.Tool("t") });
        Assert.Equal((Dollars(0.2m), Dollars(0.3m)), (family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Fact]
    public void OpenChild_OfAnotherTenant_IsRefused()
    {
        var command = new OpenCarvedChildCommand { Child = "c", Options = Options(0.5m) with { Tenant = TenantPath.Parse("else") } };
        Assert.Equal(RefusalReason.OtherTenant, family.Run("p", command).Refusal!.Reason);
    }

    [Fact]
    public void Correction_OfAnEndedChild_ReachesTheParentAndCannotBeMadeThere()
    {
        family.Run("p", Open(0.5m, "k"));
        var charge = family.Run("c", new ChargeCommand { Cost = Dollars(0.2m), Call = Call.Tool("t") });
        family.Run("c", new CloseCommand());
        Assert.True(
            family
                .Run(
                    "c",
                    new CorrectCommand
                    {
                        EntrySequence = charge.EntrySequence,
                        Difference = -Dollars(0.1m),
                        Reason = "invoice",
                    }
                )
                .IsGranted
        );
        Assert.Equal((Dollars(0.1m), Dollars(0.1m)), (family["c"].Head.Spent, family["p"].Head.Spent));
        var booked = family.Entries("p").First(entry => entry.Kind == EntryKind.HolderReported && entry.Amount > Money.Zero);
        var there = family.Run(
            "p",
            new CorrectCommand
            {
                EntrySequence = booked.Sequence,
                Difference = -Dollars(0.1m),
                Reason = "invoice",
            }
        );
        Assert.Equal(RefusalReason.NotCorrectable, there.Refusal!.Reason);
    }

    [Fact]
    public void SetBudget_OfACarvedChild_AsksForMoreAndGivesBack()
    {
        family.Run("p", Open(0.5m, "k"));
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(0.9m), Key = "more" }).IsGranted);
        Assert.Equal((Dollars(0.9m), Dollars(0.9m)), (family["c"].Head.Budget, family["p"].Head.Reserved));
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(0.2m), Key = "less" }).IsGranted);
        Assert.Equal((Dollars(0.2m), Dollars(0.2m)), (family["c"].Head.Budget, family["p"].Head.Reserved));
    }

    [Fact]
    public void OpenChild_InObserveModeBeyondTheBudget_IsOpenedAndSaysWhyItWouldHaveBeenRefused()
    {
        var observed = Observed(spent: 0.5m);
        var opened = observed.Run("p", Open(0.8m, "k"));
        Assert.Equal((true, RefusalReason.BudgetExhausted), (opened.IsGranted, opened.WouldRefuse));
        var (parent, row) = (observed["p"].Head, observed["p"].OpenHolders["c"]);
        Assert.Equal((Dollars(0.8m), Dollars(0.5m), Dollars(0.3m)), (observed["c"].Head.Budget, parent.Reserved, row.Uncovered));
        Assert.Equal(Money.Zero, parent.Standing.Overage);
    }

    [Fact]
    public void ChildTopUp_WhoseParentObserves_IsGrantedBeyondTheBudget()
    {
        var observed = Observed(spent: 0.5m);
        observed.Run("p", Open(0.3m, "k"));
        observed.Run("p", new PauseCommand());
        Assert.True(observed.Run("c", new TopUpCommand { Amount = Dollars(2m), Key = "t" }).IsGranted);
        var granted = observed.Entries("p").Single(entry => entry.Kind == EntryKind.HolderGranted);
        Assert.Equal(RefusalReason.Paused, granted.WouldRefuse);
        Assert.Equal((Dollars(2.3m), Dollars(1.8m)), (observed["c"].Head.Budget, observed["p"].OpenHolders["c"].Uncovered));
    }

    [Fact]
    public void ChildTopUp_ThatItsParentGrantsLater_CountsAsUseWhenItWasAskedFor()
    {
        family.Run("p", Open(0.5m, "k"));
        var asked = family.Start("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "t" });
        // Some time passes.
        family.Start("p", new ChargeCommand { Cost = Money.Zero, Call = Call.Tool("t") });
        Assert.True(family.Finish("c", asked).IsGranted);
        var granted = family.Entries("c")[^1];
        Assert.True(granted.At > asked.Entries[0].At);
        Assert.Equal(asked.Entries[0].At, family["c"].Head.LastActivityAt);
    }

    [Fact]
    public void LateCost_OfAnEndedChild_IsNoUseOfItsParent()
    {
        family.Run("p", Open(0.5m, "k"));
        family.Run("c", new CloseCommand());
        var before = family["p"].Head.LastActivityAt;
        family.Run("c", new ChargeCommand { Cost = Dollars(0.2m), Call = Call.Tool("t") });
        Assert.Equal((Dollars(0.2m), before), (family["p"].Head.Spent, family["p"].Head.LastActivityAt));
    }

    private static Family Observed(decimal spent)
    {
        var observed = new Family();
        observed.Run("p", new OpenCommand { Options = Options(1m) with { Mode = SessionMode.Observe } });
        observed.Run("p", new ChargeCommand { Cost = Dollars(spent), Call = Call.Tool("t") });
        return observed;
    }

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);

    private static BudgetSessionOptions Options(decimal budget) =>
        new()
        {
            Budget = Dollars(budget),
            Loops = LoopPolicy.Off,
            LatchWhenExhausted = false,
        };

    private static OpenCarvedChildCommand Open(decimal budget, string key) =>
        new()
        {
            Child = "c",
            Options = Options(budget),
            Key = key,
        };
}

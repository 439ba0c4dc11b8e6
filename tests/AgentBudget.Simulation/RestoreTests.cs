namespace AgentBudget.Simulation;

/// <summary>
/// A store goes back to an earlier moment, and one of two ledgers with it. What then grows on the two sides has to become one again,
/// whichever of them has forgotten, and however far it has grown since.
/// </summary>
public sealed class RestoreTests
{
    private readonly Family family = new();

    public RestoreTests()
    {
        family.Run("p", new OpenCommand { Options = Options(2m) });
        family.Run(
            "p",
            new OpenCarvedChildCommand
            {
                Child = "c",
                Options = Options(1m),
                Key = "k",
            }
        );
    }

    [Fact]
    public void Holder_BehindWhatIsBooked_IsBookedAsItStands()
    {
        var before = Sequence("c");
        Spend("c", 0.2m);
        family.Talk();
        family.Restore("c", before);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Money.Zero, family["p"].Head.Spent);
    }

    [Fact]
    public void Holder_GrownAnewToTheVeryEntryThatIsBooked_IsBookedAsItStands()
    {
        var before = Sequence("c");
        Spend("c", 0.2m);
        family.Talk();
        var booked = Sequence("c");
        family.Restore("c", before);
        Spend("c", 0.3m);
        Assert.Equal(booked, Sequence("c"));
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.3m), family["p"].Head.Spent);
    }

    [Fact]
    public void Holder_GrownPastWhatIsBookedWithoutNews_IsBookedAsItStands()
    {
        var before = Sequence("c");
        Spend("c", 0.2m);
        family.Talk();
        var booked = Sequence("c");
        family.Restore("c", before);
        for (var i = 0; i < 3; i++)
            family.Start("c", new ReserveCommand { Amount = Dollars(0.1m), Call = Call.Tool("t") });
        Assert.True(Sequence("c") > booked);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Money.Zero, family["p"].Head.Spent);
    }

    [Fact]
    public void Holder_GrownPastWhatIsBookedWithOtherNews_IsBookedAsItStands()
    {
        var before = Sequence("c");
        Spend("c", 0.2m);
        family.Talk();
        family.Restore("c", before);
        for (var i = 0; i < 3; i++)
            Spend("c", 0.1m);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.3m), family["p"].Head.Spent);
    }

    [Theory]
    [InlineData(0.4, 0.7)]
    [InlineData(0.7, 0.4)]
    public void Holder_ThatGaveBackAnotherAmountInTheVeryEntryThatIsBooked_HoldsWhatItsParentSetsAside(double first, double second)
    {
        var before = Sequence("c");
        family.Run("c", new SetBudgetCommand { Budget = Dollars((decimal)first) });
        family.Restore("c", before);
        family.Start("c", new SetBudgetCommand { Budget = Dollars((decimal)second) });
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars((decimal)second), family["p"].Head.Reserved);
    }

    // The report begins after the entry that gave back: it has to say the total all the same.
    [Fact]
    public void Holder_ThatGaveBackBeforeWhatIsBookedAndSpentTheSame_HoldsWhatItsParentSetsAside()
    {
        var before = Sequence("c");
        Spend("c", 0.1m);
        Spend("c", 0.1m);
        family.Talk();
        family.Restore("c", before);
        family.Start("c", new SetBudgetCommand { Budget = Dollars(0.5m) });
        Spend("c", 0.2m);
        Spend("c", 0.1m);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal((Dollars(0.3m), Dollars(0.2m)), (family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Fact]
    public void Holder_RestoredToBeforeItsEnd_EndsAgainAndKeepsNothing()
    {
        var before = Sequence("c");
        family.Run("c", new CloseCommand());
        family.Restore("c", before);
        Spend("c", 0.1m);
        family.Sweep();
        EnsureAgreed();
        Assert.NotEqual(EndReason.None, family["c"].Head.End);
        Assert.Equal((Dollars(0.1m), Money.Zero), (family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Fact]
    public void Parent_RestoredToBeforeAReport_BooksItOnceMore()
    {
        var before = Sequence("p");
        Spend("c", 0.2m);
        family.Talk();
        family.Restore("p", before);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.2m), family["p"].Head.Spent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parent_RestoredToBeforeItsChildWasOpened_TakesItUpAgain(bool hasEnded)
    {
        Spend("c", 0.2m);
        if (hasEnded)
            family.Run("c", new CloseCommand());
        family.Talk();
        family.Restore("p", 1);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.2m), family["p"].Head.Spent);
    }

    [Fact]
    public void Parent_RestoredToBeforeAGrantThatItHasSpentSince_SaysTheOverage()
    {
        var before = Sequence("p");
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(1.8m) }).IsGranted);
        family.Restore("p", before);
        Spend("p", 0.9m);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal((Dollars(1.8m), Dollars(0.7m)), (family["p"].Head.Reserved, family["p"].Head.Standing.Overage));
    }

    [Fact]
    public void Parent_RestoredToBeforeAGrantThatItHasReservedSince_SaysWhatIsNotCovered()
    {
        var before = Sequence("p");
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(1.8m) }).IsGranted);
        family.Restore("p", before);
        Assert.True(family.Start("p", new ReserveCommand { Amount = Dollars(0.9m), Call = Call.Tool("t") }).Answer.IsGranted);
        family.Sweep();
        var row = family["p"].OpenHolders["c"];
        Assert.Equal((Dollars(1.8m), Dollars(0.7m)), (row.Out, row.Uncovered));
    }

    [Theory]
    [InlineData("0.90", "0.70")]
    [InlineData("0.50", "0.30")]
    [InlineData("0.00", "0.00")]
    public void Money_ThatComesFreeAfterARestore_CoversWhatIsOutBeforeItIsGivenOutAgain(string cost, string uncovered)
    {
        var before = Sequence("p");
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(1.8m) }).IsGranted);
        family.Restore("p", before);
        var reserve = new ReserveCommand { Amount = Dollars(0.9m), Call = Call.Tool("t") };
        var reserved = family.Start("p", reserve).Answer.ReservationId;
        family.Sweep();
        Assert.Equal(Dollars(0.7m), family["p"].OpenHolders["c"].Uncovered);

        family.Start("p", new SettleCommand { ReservationId = reserved, Cost = Money.Parse(cost) });
        Assert.Equal(Money.Parse(uncovered), family["p"].OpenHolders["c"].Uncovered);
        Assert.Equal(Dollars(1.8m) - Money.Parse(uncovered), family["p"].Head.Reserved);
        Assert.Equal(Money.Zero, family["p"].Head.Standing.Overage);
        Assert.Equal(uncovered == "0.00", family.Start("p", reserve with { Amount = Dollars(0.2m) }).Answer.IsGranted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parent_GoneAndThereAgain_HearsWhatWasSpentMeanwhile(bool isRowGone)
    {
        var entries = family.Purge("p");
        family.Sweep();
        Assert.True(family["c"].Head.Link!.IsParentGone);
        Spend("c", 0.2m);
        family.Restore("p", isRowGone ? entries[..1] : entries);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.2m), family["p"].Head.Spent);
    }

    [Fact]
    public void EndedHolder_WhoseParentIsRestored_CannotBePurgedBeforeThatHasHeardOfItAgain()
    {
        var before = Sequence("p");
        Spend("c", 0.2m);
        family.Run("c", new CloseCommand());
        Assert.True(family["c"].IsSettledBetween);
        family.Restore("p", before);
        family["c"].DoubtParent();
        Assert.False(family["c"].IsSettledBetween);
        family.Talk();
        Assert.True(family["c"].IsSettledBetween);
        Assert.Equal(Dollars(0.2m), family["p"].Head.Spent);
    }

    [Fact]
    public void Holder_LostWithItsStore_GivesItsParentBackWhatItIsNotKnownToHaveSpent()
    {
        Spend("c", 0.2m);
        family.Talk();
        Spend("c", 0.3m);
        family.Purge("c");
        family.Sweep();
        var row = family.Entries("p")[^1].Holder!.Row;
        Assert.Equal((HolderEnd.Lost, Dollars(0.2m), Money.Zero), (row.End, family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Fact]
    public void ParentAndHolder_RestoredToDifferentMoments_AgreeAgain()
    {
        Spend("c", 0.1m);
        family.Talk();
        var (parent, holder) = (Sequence("p"), Sequence("c"));
        Spend("c", 0.2m);
        family.Talk();
        Spend("c", 0.3m);
        family.Talk();
        family.Restore("p", parent + 1);
        family.Restore("c", holder);
        Spend("c", 0.4m);
        family.Sweep();
        EnsureAgreed();
        Assert.Equal(Dollars(0.5m), family["p"].Head.Spent);
    }

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);

    private static BudgetSessionOptions Options(decimal budget) =>
        new()
        {
            Budget = Dollars(budget),
            Loops = LoopPolicy.Off,
            LatchWhenExhausted = false,
        };

    private long Sequence(string id) => family[id].Head.Sequence;

    private void Spend(string id, decimal dollars) =>
        Assert.True(family.Start(id, new ChargeCommand { Cost = Dollars(dollars), Call = Call.Tool("t") }).Answer.IsGranted);

    private void EnsureAgreed()
    {
        var (parent, holder) = (family["p"].Head, family["c"].Head);
        var row = family.Entries("p").Select(entry => entry.Holder?.Row).Last(row => row?.HolderId == "c")!;
        Assert.Equal((holder.Spent, holder.End != EndReason.None), (row.Spent, !row.IsOpen));
        if (row.IsOpen)
            Assert.Equal((holder.Link!.Granted, holder.Link.GivenBack), (row.Granted, row.GivenBack));
        var own = family
            .Entries("p")
            .Where(entry => entry.Kind == EntryKind.Charged)
            .Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);
        Assert.Equal((own + row.Spent, row.SetAside), (parent.Spent, parent.Reserved));
        Assert.False(family["c"].OwesParent);
    }
}

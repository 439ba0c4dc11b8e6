namespace AgentBudget.Simulation;

/// <summary>What is too rare to be met by chance, step by step, with the fault and without it.</summary>
public sealed class DirectedTests
{
    private static readonly DateTimeOffset Now = World.Start;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChildOfAnEarlierLifeOfItsParent_AsksTheNextOne_GetsNothing(bool isPlanted)
    {
        // The first life sets money aside for the child, which registers and is not heard; then the parent ends and is purged.
        var first = Opened("p", Now);
        var invitation = Assert.IsType<Invitation>(OpenChild(first, Now.AddMinutes(1)));
        var child = SessionLedger.New("c");
        var late = Assert.IsType<HolderWord>(child.Receive(invitation, Evidence.None, Now.AddMinutes(1)).Reply);

        // The next life of the same id, on a clock that is behind, sets money aside for a child of that name: same number, same instant.
        var next = Opened("p", Now.AddSeconds(30));
        Assert.Equal(invitation.RowNumber, Assert.IsType<Invitation>(OpenChild(next, Now.AddMinutes(1))).RowNumber);

        var plants = isPlanted ? Plants.ChildWithoutParentLife : Plants.None;
        var taken = PlantedMessages.Taken(late, plants, next);
        var proven = new Evidence { IsProven = true, AsOf = next.Head.Sequence };
        var reply = Assert.IsType<ParentWord>(next.Receive(taken, proven, Now.AddMinutes(1)).Reply);
        child.Receive(PlantedMessages.Taken(reply, plants, child), proven, Now.AddMinutes(1));

        Assert.Equal(isPlanted ? Money.FromDollars(1) : Money.Zero, child.Head.Budget);
        Assert.Equal(isPlanted, child.Head.End == EndReason.None);
        Assert.Equal(isPlanted, next.OpenHolders["c"].HolderLife != 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LetGoThatComesAfterTheNextHold_LeavesTheChildHeld(bool isPlanted)
    {
        var family = WithChild();
        family.Start("p", new PauseCommand());
        family.Start("p", new ResumeCommand());
        var late = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now);
        family.Run("p", new PauseCommand());
        family.Deliver(PlantedMessages.Taken(late, isPlanted ? Plants.StaleHold : Plants.None, family["c"]));
        Assert.Equal(!isPlanted, family["c"].Head.Breaker.PausedBy.HasFlag(PauseSources.Parent));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ParentThatCrashesBeforeTheRowIsDurable_HasSaidNothingOfMoney(bool isPlanted)
    {
        var parent = Opened("p", Now);
        var invitation = Assert.IsType<Invitation>(OpenChild(parent, Now));
        var durable = (parent.Head, Rows: parent.OpenHolders.Values.ToArray());
        var child = SessionLedger.New("c");
        var asks = Assert.IsType<HolderWord>(child.Receive(invitation, Evidence.None, Now).Reply);
        var grant = Assert.IsType<ParentWord>(parent.Receive(asks, Evidence.None, Now).Reply);

        // That the child has registered is in memory only: with the fault it has been told all the same.
        parent = SessionLedger.Restore(durable.Head, [], durable.Rows, []);
        if (isPlanted)
            child.Receive(grant, Evidence.None, Now);
        parent.Execute(new CloseCommand(), LookUps.None, Now);
        Assert.Equal((EndReason.Closed, Money.Zero), (parent.Head.End, parent.Head.Reserved));
        Assert.Equal(isPlanted ? Money.FromDollars(1) : Money.Zero, child.Head.Budget);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ActivationFromBeforeTheChildWasOpened_DoesNotSayThatItIsUnknown(bool isPlanted)
    {
        var family = WithChild();
        var stale = SessionLedger.New("c");
        var word = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now, wantsAnswer: true);
        var memory = isPlanted ? new Evidence { IsProven = true, AsOf = long.MaxValue } : Evidence.None;
        var received = stale.Receive(word, memory, family.Now);
        Assert.Equal(!isPlanted, received.NeedsEvidence);
        if (received.Reply is { } unknown)
            family.Deliver(unknown);
        // With the fault the child's money is its parent's again, and the child has it still.
        Assert.Equal(isPlanted ? Money.Zero : Money.FromDollars(1), family["p"].Head.Reserved);
        Assert.Equal(Money.FromDollars(1), family["c"].Head.Budget);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ChildWhoseClockIsAhead_IsBookedNoEarlierThanItSpent(bool isPlanted)
    {
        var family = WithChild();
        var ahead = family.Now.AddSeconds(5);
        var charge = new ChargeCommand { Cost = Money.FromDollars(0.1m), Call = Call.Tool("t") };
        var spent = family["c"].Execute(charge, LookUps.None, ahead).Entries[^1];
        var report = family["c"].WordForParent([spent], ahead) with { };
        report = report with { Report = report.Report! with { From = 0 } };
        var taken = PlantedMessages.Taken(report, isPlanted ? Plants.NoTimeUpward : Plants.None, family["p"]);
        var booked = family["p"].Receive(taken, Evidence.None, family.Now).Entries.Single(entry => entry.Kind == EntryKind.HolderReported);
        Assert.Equal(isPlanted, booked.At < spent.At);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ParentOfAnOpenChild_IsNotPurgedBeforeTheChildIsBooked(bool isPlanted)
    {
        var family = WithChild();
        family.Start("p", new CloseCommand());
        Assert.False(family["p"].IsSettledBetween);
        var entries = isPlanted ? family.Purge("p") : [];
        family.Start("c", new ChargeCommand { Cost = Money.FromDollars(0.1m), Call = Call.Tool("t") });
        family.Sweep();
        if (isPlanted)
            family.Restore("p", entries);
        Assert.Equal(isPlanted ? Money.Zero : Money.FromDollars(0.1m), family["p"].Head.Spent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HoldOfAGrandparent_IsToldToAllOnlyWhenTheGrandchildHasWrittenIt(bool isPlanted)
    {
        var family = WithChild();
        var open = new OpenCarvedChildCommand { Child = "g", Options = Options(0.5m) };
        family.Run("c", open);
        family.Start("p", new PauseCommand());
        var word = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now, wantsAnswer: true);
        var written = family.Answer(word)!;
        Assert.False(family["g"].Head.Breaker.PausedBy.HasFlag(PauseSources.Parent));
        family.Answer(PlantedMessages.Taken(written, isPlanted ? Plants.HoldSpreadEarly : Plants.None, family["p"]));
        Assert.Equal(isPlanted ? 0 : 1, family["p"].HoldersNotTold);
    }

    private static Family WithChild()
    {
        var family = new Family();
        family.Run("p", new OpenCommand { Options = Options(5) });
        family.Run(
            "p",
            new OpenCarvedChildCommand
            {
                Child = "c",
                Options = Options(1),
                Key = "k",
            }
        );
        return family;
    }

    private static BudgetSessionOptions Options(decimal dollars) => new() { Budget = Money.FromDollars(dollars) };

    private static SessionLedger Opened(string id, DateTimeOffset now)
    {
        var ledger = SessionLedger.New(id);
        ledger.Execute(new OpenCommand { Options = new BudgetSessionOptions { Budget = Money.FromDollars(5) } }, LookUps.None, now);
        return ledger;
    }

    private static LedgerMessage OpenChild(SessionLedger parent, DateTimeOffset now)
    {
        var open = new OpenCarvedChildCommand
        {
            Child = "c",
            Options = new BudgetSessionOptions { Budget = Money.FromDollars(1) },
            Key = "k",
        };
        Assert.NotEqual(0, parent.Execute(open, LookUps.None, now).Awaited);
        return parent.WordForHolder(parent.OpenHolders["c"], now);
    }
}

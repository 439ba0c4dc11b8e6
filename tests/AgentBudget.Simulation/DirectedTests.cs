namespace AgentBudget.Simulation;

/// <summary>What is too rare to be met by chance, step by step, with the fault and without it.</summary>
public sealed class DirectedTests
{
    private static readonly DateTimeOffset Now = World.Start;

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.ChildWithoutParentLife))]
    public void ChildOfAnEarlierLifeOfItsParent_AsksTheNextOne_GetsNothing(string? plant)
    {
        var plants = Planted(plant);
        // The first life sets money aside for the child, which registers and is not heard; then the parent ends and is purged.
        var first = Opened("p", Now);
        var invitation = Assert.IsType<Invitation>(OpenChild(first, Now.AddMinutes(1)));
        var child = SessionLedger.New("c");
        var late = Assert.IsType<HolderWord>(child.Receive(invitation, Evidence.None, Now.AddMinutes(1)).Reply);

        // The next life of the same id, on a clock that is behind, sets money aside for a child of that name: same number, same instant.
        var next = Opened("p", Now.AddSeconds(30));
        Assert.Equal(invitation.RowMark, Assert.IsType<Invitation>(OpenChild(next, Now.AddMinutes(1))).RowMark);

        var taken = PlantedMessages.Taken(late, plants, next);
        var proven = new Evidence { IsProven = true, AsOf = next.Head.Sequence };
        var reply = Assert.IsType<ParentWord>(next.Receive(taken, proven, Now.AddMinutes(1)).Reply);
        child.Receive(PlantedMessages.Taken(reply, plants, child), proven, Now.AddMinutes(1));

        Assert.Equal(plants != Plants.None ? Money.FromDollars(1) : Money.Zero, child.Head.Budget);
        Assert.Equal(plants != Plants.None, child.Head.End == EndReason.None);
        Assert.Equal(plants != Plants.None, next.OpenHolders["c"].HolderLife != 0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.StaleHold))]
    public void LetGoThatComesAfterTheNextHold_LeavesTheChildHeld(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        family.Start("p", new PauseCommand());
        family.Start("p", new ResumeCommand());
        var late = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now);
        family.Run("p", new PauseCommand());
        family.Deliver(PlantedMessages.Taken(late, plants, family["c"]));
        Assert.Equal(plants == Plants.None, family["c"].Head.Breaker.PausedBy.HasFlag(PauseSources.Parent));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.RowInMemoryOnly))]
    public void ParentThatCrashesBeforeTheRowIsDurable_HasSaidNothingOfMoney(string? plant)
    {
        var plants = Planted(plant);
        var parent = Opened("p", Now);
        var invitation = Assert.IsType<Invitation>(OpenChild(parent, Now));
        var durable = (parent.Head, Rows: parent.OpenHolders.Values.ToArray());
        var child = SessionLedger.New("c");
        var asks = Assert.IsType<HolderWord>(child.Receive(invitation, Evidence.None, Now).Reply);
        var registered = parent.Receive(asks, Evidence.None, Now);
        var grant = Assert.IsType<ParentWord>(registered.Reply);

        // That the child has registered is in memory only: with the fault it has been told all the same.
        parent = SessionLedger.Restore(durable.Head, [], durable.Rows, []);
        if (PlantedDriver.IsSaidEarly(plants, registered.Entries))
            child.Receive(grant, Evidence.None, Now);
        parent.Execute(new CloseCommand(), LookUps.None, Now);
        Assert.Equal((EndReason.Closed, Money.Zero), (parent.Head.End, parent.Head.Reserved));
        Assert.Equal(plants != Plants.None ? Money.FromDollars(1) : Money.Zero, child.Head.Budget);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.UnknownFromMemory))]
    public void ActivationFromBeforeTheChildWasOpened_DoesNotSayThatItIsUnknown(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        var stale = SessionLedger.New("c");
        var word = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now, wantsAnswer: true);
        var memory = PlantedDriver.FromMemory(plants) ?? Evidence.None;
        var received = stale.Receive(word, memory, family.Now);
        Assert.Equal(plants == Plants.None, received.NeedsEvidence);
        if (received.Reply is { } unknown)
            family.Deliver(unknown);
        // With the fault the child's money is its parent's again, and the child has it still.
        Assert.Equal(plants != Plants.None ? Money.Zero : Money.FromDollars(1), family["p"].Head.Reserved);
        Assert.Equal(Money.FromDollars(1), family["c"].Head.Budget);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.NoTimeUpward))]
    public void ChildWhoseClockIsAhead_IsBookedNoEarlierThanItSpent(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        var ahead = family.Now.AddSeconds(5);
        var charge = new ChargeCommand { Cost = Money.FromDollars(0.1m), Call = Call.Tool("t") };
        var spent = family["c"].Execute(charge, LookUps.None, ahead).Entries[^1];
        var report = family["c"].WordForParent([spent], ahead) with { };
        report = report with { Report = report.Report! with { From = 0 } };
        var taken = PlantedMessages.Taken(report, plants, family["p"]);
        var booked = family["p"].Receive(taken, Evidence.None, family.Now).Entries.Single(entry => entry.Kind == EntryKind.HolderReported);
        Assert.Equal(plants != Plants.None, booked.At < spent.At);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.PurgeWithOpenRows))]
    public void ParentOfAnOpenChild_IsNotPurgedBeforeTheChildIsBooked(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        family.Start("p", new CloseCommand());
        Assert.False(family["p"].IsSettledBetween);
        var isPurged = PlantedDriver.IsPurgedEarly(plants, family["p"].Head, isOld: true);
        var entries = isPurged ? family.Purge("p") : [];
        family.Start("c", new ChargeCommand { Cost = Money.FromDollars(0.1m), Call = Call.Tool("t") });
        family.Sweep();
        if (isPurged)
            family.Restore("p", entries);
        Assert.Equal(plants != Plants.None ? Money.Zero : Money.FromDollars(0.1m), family["p"].Head.Spent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.HoldSpreadEarly))]
    public void HoldOfAGrandparent_IsToldToAllOnlyWhenTheGrandchildHasWrittenIt(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        var open = new OpenCarvedChildCommand { Child = "g", Options = Options(0.5m) };
        family.Run("c", open);
        family.Start("p", new PauseCommand());
        var word = family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now, wantsAnswer: true);
        var written = family.Answer(word)!;
        Assert.False(family["g"].Head.Breaker.PausedBy.HasFlag(PauseSources.Parent));
        family.Answer(PlantedMessages.Taken(written, plants, family["p"]));
        Assert.Equal(plants == Plants.None ? 1 : 0, family["p"].HoldersNotTold);
    }

    // Nobody calls it, its parent has no open row for it, and its activation is gone.
    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.FirstGrantNotDue))]
    public void ChildWhoseParentEndedBeforeItWasHeard_IsTendedAndEnds(string? plant)
    {
        var plants = Planted(plant);
        var family = new Family();
        family.Run("p", new OpenCommand { Options = Options(5) });
        family.Start("p", new OpenCarvedChildCommand { Child = "c", Options = Options(1) });
        // It registers, and what it says is lost.
        family.Answer(family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now));
        family.Start("p", new CloseCommand());
        Assert.Equal((EndReason.Closed, EndReason.None), (family["p"].Head.End, family["c"].Head.End));
        family.Restart("c");

        var seen = PlantedDriver.SeenByTheRule(plants, family["c"].Head);
        if (DueRules.IsUnfinished(seen))
            family.Sweep();
        Assert.Equal(plants == Plants.None, family["c"].Head.End != EndReason.None);
        var next = DueRules.Next(seen, family["c"].NextDue, hasHoldersToTell: false, DueSpans.With(TimeSpan.FromDays(90)));
        Assert.Equal(plants == Plants.None, next < family.Now + TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.PurgeOnOldWord))]
    public void EndedChildWhoseParentWasRestored_IsNotPurgedOnWhatThatSaidBefore(string? plant)
    {
        var plants = Planted(plant);
        var family = WithChild();
        var before = family["p"].Head.Sequence;
        family.Start("c", new ChargeCommand { Cost = Money.FromDollars(0.2m), Call = Call.Tool("t") });
        family.Run("c", new CloseCommand());
        family.Restore("p", before);

        if (!PlantedDriver.IsOldWordTaken(plants))
            family["c"].DoubtParent(isPurgeDue: true);
        if (family["c"].IsSettledBetween)
            family.Purge("c");
        family.Sweep();
        Assert.Equal(plants == Plants.None ? Money.FromDollars(0.2m) : Money.Zero, family["p"].Head.Spent);
    }

    // Money comes back in the very word that asks for more, while another holder's money is not covered.
    [Theory]
    [InlineData(null)]
    [InlineData(nameof(Plants.CoverAfterGrant))]
    public void HolderThatGivesBackAndAsksInOneWord_GetsNothingBeforeWhatIsOutIsCovered(string? plant)
    {
        var plants = Planted(plant);
        var family = Uncovered();
        Assert.Equal(Money.FromDollars(0.7m), family["p"].OpenHolders["c"].Uncovered);
        family.Restart("p", plants);
        family.Start("d", new SetBudgetCommand { Budget = Money.FromDollars(0.1m), Key = "less" });
        family.Start("d", new TopUpCommand { Amount = Money.FromDollars(0.2m), Key = "more" });
        family.Deliver(family.WordForParent("d"));
        Assert.Equal(Money.FromDollars(plants != Plants.None ? 0.3m : 0.1m), family["d"].Head.Budget);
        family.Sweep();
        Assert.Equal(Money.FromDollars(plants != Plants.None ? 0.7m : 0.5m), family["p"].OpenHolders["c"].Uncovered);
    }

    // The parent forgets what it granted the first child, and gives it out again.
    private static Family Uncovered()
    {
        var family = new Family();
        family.Run("p", new OpenCommand { Options = Options(2) });
        family.Run("p", Carve("c", 0.5m));
        family.Run("p", Carve("d", 0.3m));
        var before = family["p"].Head.Sequence;
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Money.FromDollars(1.2m) }).IsGranted);
        family.Restore("p", before);
        var reserve = new ReserveCommand { Amount = Money.FromDollars(1.2m), Call = Call.Tool("t") };
        Assert.True(family.Start("p", reserve).Answer.IsGranted);
        family.Sweep();
        return family;
    }

    private static OpenCarvedChildCommand Carve(string child, decimal budget) => new() { Child = child, Options = Options(budget) };

    private static Plants Planted(string? name) => name is null ? Plants.None : Enum.Parse<Plants>(name);

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

namespace AgentBudget.Simulation;

/// <summary>What was said is lost with the memory of those who said it, or comes again long after it was true.</summary>
public sealed class LateAndLostTests
{
    private Family family = new();

    [Fact]
    public void OpenChild_RepeatedAfterTheChildIsPurged_IsAnsweredAsBeforeAndOpensNothing()
    {
        Begin();
        var open = Open(0.8m, "k");
        var first = family.Run("p", open);
        var invitation = new Invitation
        {
            HolderId = "c",
            ParentId = "p",
            ParentLife = family["p"].Head.Life,
            RowMark = family.Entries("p").First(entry => entry.Kind == EntryKind.HolderOpened).Holder!.Row.Mark,
            Time = family.Now,
            Options = open.Options,
        };
        Spend("c", 0.3m);
        family.Run("c", new CloseCommand());
        family.Purge("c");

        var again = family.Run("p", open);
        Assert.Equal((true, first.EntrySequence), (again.IsReplay, again.EntrySequence));
        Assert.False(family["c"].Head.IsOpened);
        // The invitation of then comes once more, and opens a ledger that gets nothing and ends.
        family.Deliver(invitation);
        family.Sweep();
        Assert.Equal((Money.Zero, true), (family["c"].Head.Budget, family["c"].Head.End != EndReason.None));
        Assert.Equal((Dollars(0.3m), Money.Zero), (family["p"].Head.Spent, family["p"].Head.Reserved));
    }

    [Theory]
    [InlineData("c")]
    [InlineData("p")]
    [InlineData("c", "p")]
    public void ChildTopUp_KilledBetweenTheParentsGrantAndTheChildsAcceptance_Arrives(params string[] killed)
    {
        Begin();
        family.Run("p", Open(0.5m, "k"));
        var started = family.Start("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "t" });
        GrantUnheard("c");
        foreach (var id in killed)
            family.Restart(id);
        Assert.Equal((Dollars(0.5m), Dollars(0.7m)), (family["c"].Head.Budget, family["p"].Head.Reserved));

        Assert.True(family.Finish("c", started).IsGranted);
        Assert.Equal((Dollars(0.7m), Dollars(0.7m)), (family["c"].Head.Budget, family["p"].Head.Reserved));
    }

    [Fact]
    public void ParentsHolds_OutOfOrder_LeaveTheChildAsTheLastOneSays()
    {
        Begin();
        family.Run("p", Open(0.5m, "k"));
        var words = new List<LedgerMessage>();
        foreach (var command in new SessionCommand[] { new PauseCommand(), new ResumeCommand(), new PauseCommand() })
        {
            family.Start("p", command);
            words.Add(family["p"].WordForHolder(family["p"].OpenHolders["c"], family.Now));
        }

        words.Reverse();
        foreach (var word in words)
        {
            family.Deliver(word);
            Assert.True(family["c"].Head.Breaker.PausedBy.HasFlag(PauseSources.Parent));
        }
    }

    [Fact]
    public void Refusal_ThatComesOnceMore_IsNotMeantForTheNextAskOfThatAmount()
    {
        Begin();
        family.Run("p", Open(0.5m, "k"));
        family.Run("p", Open(0.5m, "other", "d"));
        family.Start("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "t" });
        var refusal = Assert.IsType<ParentWord>(family.Answer(family.WordForParent("c")));
        Assert.NotNull(refusal.Refused);
        family.Deliver(refusal);

        family.Run("d", new CloseCommand());
        var again = family.Start("c", new TopUpCommand { Amount = Dollars(0.2m), Key = "t" });
        family.Deliver(refusal);
        Assert.True(family.Finish("c", again).IsGranted);
    }

    [Fact]
    public void AnyMessage_LostWithTheMemoryOfBothSides_ChangesNothingInTheEnd()
    {
        for (var lost = 1; ; lost++)
        {
            family = new Family { LoseAt = lost };
            Begin();
            family.Run("p", Open(0.5m, "k"));
            family.Run("c", new TopUpCommand { Amount = Dollars(0.3m), Key = "t" });
            Spend("c", 0.1m);
            family.Run("c", new SetBudgetCommand { Budget = Dollars(0.6m), Key = "s" });
            Assert.Equal(Dollars(0.5m), family["p"].Head.Reserved);
            family.Run("p", new CloseCommand());
            Spend("c", 0.2m);
            family.Sweep();

            var (parent, child) = (family["p"].Head, family["c"].Head);
            Assert.Equal((Dollars(0.3m), Dollars(0.3m), Money.Zero), (parent.Spent, child.Spent, parent.Reserved));
            Assert.Equal((EndReason.Closed, EndReason.Stopped), (parent.End, child.End));
            Assert.True(family["c"].IsSettledBetween && family["p"].IsSettledBetween);
            if (family.Sent < lost)
                break;
        }
    }

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);

    private static BudgetSessionOptions Options(decimal budget) =>
        new()
        {
            Budget = Dollars(budget),
            Loops = LoopPolicy.Off,
            LatchWhenExhausted = false,
        };

    private static OpenCarvedChildCommand Open(decimal budget, string key, string child = "c") =>
        new()
        {
            Child = child,
            Options = Options(budget),
            Key = key,
        };

    private void Begin() => family.Run("p", new OpenCommand { Options = Options(1m) });

    private void Spend(string id, decimal dollars)
    {
        Assert.True(family.Start(id, new ChargeCommand { Cost = Dollars(dollars), Call = Call.Tool("t") }).Answer.IsGranted);
        family.Talk();
    }

    private void GrantUnheard(string id) => Assert.Null(Assert.IsType<ParentWord>(family.Answer(family.WordForParent(id))).Refused);
}

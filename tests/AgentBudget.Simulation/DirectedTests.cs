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

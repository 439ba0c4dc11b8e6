namespace AgentBudget.Simulation;

/// <summary>Money that comes free covers what is out without cover before it is given out again.</summary>
public sealed class CoverTests
{
    private readonly Family family = new();

    [Fact]
    public void Money_ThatComesFreeInTheTurnOfAHoldersWord_CoversWhatIsOutBeforeItIsGrantedAgain()
    {
        family.Run("p", new OpenCommand { Options = Options(2m) });
        Open("c", 0.5m);
        Open("d", 0.3m);
        var before = family["p"].Head.Sequence;
        Assert.True(family.Run("c", new SetBudgetCommand { Budget = Dollars(1.2m) }).IsGranted);
        family.Restore("p", before);
        Assert.True(Reserve(1.2m).IsGranted);
        family.Sweep();
        Assert.Equal(Dollars(0.7m), family["p"].OpenHolders["c"].Uncovered);

        Assert.True(family.Start("d", new SetBudgetCommand { Budget = Dollars(0.1m), Key = "less" }).Answer.IsGranted);
        var more = family.Start("d", new TopUpCommand { Amount = Dollars(0.2m), Key = "more" });

        Assert.Equal(RefusalReason.ParentRefused, family.Finish("d", more).Refusal!.Reason);
        Assert.Equal(Dollars(0.5m), family["p"].OpenHolders["c"].Uncovered);
        Assert.Equal(Dollars(2m), family["p"].Head.Reserved);
    }

    [Fact]
    public void TopUp_OfAnObservingParentWithAThousandUncoveredChildren_CoversThemTurnByTurn()
    {
        var parent = ParentOf(children: 1_000);
        var topUp = Execute(parent, new TopUpCommand { Amount = Dollars(2_000m), Key = "top" });
        Assert.True(topUp.Answer.IsGranted);
        Assert.InRange(topUp.Entries.Count, 2, 257);
        var turns = 0;
        while (Uncovered(parent) > 0 && ++turns < 10)
            Assert.InRange(Execute(parent, Charge()).Entries.Count, 1, 257);
        Assert.Equal((3, 0, Dollars(1_000m)), (turns, Uncovered(parent), parent.Head.Reserved));
    }

    [Fact]
    public void Money_ThatHasMoreToCoverThanOneTurnMay_IsGivenToNobodyElseBefore()
    {
        family.Run("p", new OpenCommand { Options = Options(600m) });
        for (var i = 0; i < 600; i++)
            family.Start("p", Opening($"c{i}", 0.5m));
        family.Talk();
        var before = family["p"].Head.Sequence;
        for (var i = 0; i < 600; i++)
            family.Start($"c{i}", new SetBudgetCommand { Budget = Dollars(1m) });
        family.Talk();
        family.Restore("p", before);
        var reserved = Reserve(300m).ReservationId;
        family.Sweep();
        Assert.Equal(600, Uncovered(family["p"]));

        Assert.Equal(257, family.Start("p", new ReleaseCommand { ReservationId = reserved }).Entries.Count);
        Assert.Equal(RefusalReason.InsufficientNow, Reserve(0.1m).Refusal!.Reason);
        Assert.Equal(600 - (2 * 256), Uncovered(family["p"]));
        Reserve(0.1m);
        Assert.Equal((0, Dollars(600m)), (Uncovered(family["p"]), family["p"].Head.Reserved));
    }

    private static SessionLedger ParentOf(int children)
    {
        var parent = SessionLedger.New("p");
        Execute(parent, new OpenCommand { Options = Options(1m) with { Mode = SessionMode.Observe, CarvedChildren = children } });
        Execute(parent, Charge());
        for (var i = 0; i < children; i++)
            Execute(parent, Opening($"c{i}", 1m));
        Assert.Equal(children, Uncovered(parent));
        return parent;
    }

    private static Decision Execute(SessionLedger ledger, SessionCommand command) => ledger.Execute(command, LookUps.None, World.Start);

    private static int Uncovered(SessionLedger ledger) => ledger.OpenHolders.Values.Count(row => row.Uncovered > Money.Zero);

    private static ChargeCommand Charge() => new() { Cost = Dollars(1m), Call = Call.Tool("t") };

    private static OpenCarvedChildCommand Opening(string child, decimal budget) =>
        new()
        {
            Child = child,
            Options = Options(budget),
            Key = child,
        };

    private void Open(string child, decimal budget) => Assert.True(family.Run("p", Opening(child, budget)).IsGranted);

    private SessionAnswer Reserve(decimal amount) =>
        family.Start("p", new ReserveCommand { Amount = Dollars(amount), Call = Call.Tool("t") }).Answer;

    private static BudgetSessionOptions Options(decimal dollars) =>
        new()
        {
            Budget = Dollars(dollars),
            Loops = LoopPolicy.Off,
            LatchWhenExhausted = false,
            CarvedChildren = 1_000,
        };

    private static Money Dollars(decimal dollars) => Money.FromDollars(dollars);
}

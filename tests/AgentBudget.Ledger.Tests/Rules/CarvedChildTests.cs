using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class CarvedChildTests
{
    // The ancestor lets two children of $0.80 under a parent of $1.00 spend $1.60.
    [Fact]
    public void Carve_TwoChildren_CanNeverHaveMoreThanTheParent()
    {
        var shell = Opened("1.00");
        Assert.True(shell.Carve("one", "0.80").IsGranted);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Carve("two", "0.80").Reason());
        Assert.True(shell.Carve("two", "0.20").IsGranted);
        Assert.Equal(Money.Zero, shell.Standing.Available);
    }

    [Fact]
    public void Return_UnspentMoney_ComesBackAndSpendIsBooked()
    {
        var shell = Opened("1.00");
        var carve = shell.Carve("kid", "0.50");
        Assert.Equal(2, shell.Carve("kid", "0.20", topUp: true).CarveNumber);
        Assert.Equal(Usd("0.70"), shell.Standing.Reserved);

        var answer = shell.Return("kid", carve.EntrySequence, "0.60");

        Assert.Equal((Usd("0.60"), Money.Zero, Usd("0.40")), (answer.Standing.Spent, answer.Standing.Reserved, answer.Standing.Available));
        Assert.Equal((Usd("0.70"), carve.EntrySequence), (shell.Last.Requested, shell.Last.Related));
        Assert.Equal("search", Assert.Single(shell.Head.Breakdown.Categories).Name);
        Assert.True(shell.Return("kid", carve.EntrySequence, "0.60").IsUnchanged);
        Assert.Equal(Usd("0.60"), shell.Standing.Spent);
    }

    [Fact]
    public void Return_ChildSpentMoreThanItHad_CountsAsWell()
    {
        var shell = Opened("1.00");
        shell.Charge("0.60");
        var answer = shell.Return("kid", shell.Carve("kid", "0.30").EntrySequence, "0.50");
        Assert.Equal((Usd("1.00"), Usd("0.10")), (answer.Standing.Settled, answer.Standing.Overage));
        Assert.True(answer.Signals.HasFlag(EntrySignals.BreakerOpened));
    }

    [Fact]
    public void Return_OfAnotherCarve_IsRefused()
    {
        var shell = Opened("1.00");
        var carve = shell.Carve("kid", "0.30");
        Assert.Equal(RefusalReason.ChildUnknown, shell.Return("kid", carve.EntrySequence + 1, "0.10").Reason());
        Assert.Equal(RefusalReason.ChildUnknown, shell.Return("other", carve.EntrySequence, "0.10").Reason());
    }

    [Fact]
    public void Carve_PausedParent_GivesNothing()
    {
        var shell = Opened("1.00");
        shell.Pause();
        Assert.Equal(RefusalReason.Paused, shell.Carve("kid", "0.30").Reason());
    }

    [Fact]
    public void Carve_FinalizationReserve_IsNotForChildren()
    {
        var shell = Opened("1.00", options => options with { FinalizationReserve = 0.2m });
        Assert.Equal(RefusalReason.TooLarge, shell.Carve("kid", "0.81").Reason());
        Assert.True(shell.Carve("kid", "0.80").IsGranted);
    }

    [Fact]
    public void Correct_WhatAChildSpent_StandsUnderItsName()
    {
        var shell = Opened("1.00");
        var back = shell.Return("kid", shell.Carve("kid", "0.30").EntrySequence, "0.20");
        Assert.Equal(Usd("0.15"), shell.Correct(back.EntrySequence, "-0.05").Standing.Spent);
        Assert.Equal(Usd("0.15"), Assert.Single(shell.Head.Children).Spent);
        Assert.Equal(shell.Standing.Spent, shell.Head.Breakdown.Total);
    }

    // Regression: carving again for a name that had been returned set money aside for a closed child. It could never come back, and the
    // session could not be loaded any more (L6). For a shared child's name it made a second account that no return could find.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Carve_NameTaken_IsRefusedAndStrandsNothing(bool byShared)
    {
        var shell = Opened();
        if (byShared)
            shell.OpenShared("kid");
        else
            shell.Return("kid", shell.Carve("kid", "0.20").EntrySequence, "0.05");

        Assert.Equal(RefusalReason.AlreadyOpen, shell.Carve("kid", "0.30").Reason());
        Assert.Equal(RefusalReason.ChildUnknown, shell.Carve("kid", "0.30", topUp: true).Reason());
        Assert.Equal(Money.Zero, shell.Standing.Reserved);
        shell.Reload();
    }

    // Regression: what had been charged on a carved child's name before its money came back was lost from its account.
    [Fact]
    public void Return_AfterAChargeOnTheChildsName_AddsToItsAccount()
    {
        var shell = Opened();
        var carve = shell.Carve("kid", "0.20");
        shell.Charge("0.03", child: "kid");
        shell.Return("kid", carve.EntrySequence, "0.05");

        Assert.Equal(Usd("0.08"), Assert.Single(shell.Head.Children).Spent);
        Assert.Equal(Usd("0.08"), shell.Standing.Spent);
    }

    // Regression: a breakdown of another sum was written, and the session could never be loaded again (L1).
    [Fact]
    public void Return_BreakdownOfAnotherSum_IsRefusedAtTheDoor()
    {
        var command = new ReturnCarveCommand
        {
            Child = "kid",
            CarveId = 2,
            Spent = Usd("0.05"),
            Breakdown = Breakdown.Empty,
        };
        Assert.Throws<ArgumentException>(command.Validate);
        Assert.Throws<ArgumentException>((command with { Spent = Usd("-0.05") }).Validate);
    }

    // Regression: sums beyond the range of money threw OverflowException.
    [Fact]
    public void Return_SumOutOfRange_IsRefused()
    {
        var shell = Opened();
        var carve = shell.Carve("kid", "0.20");
        for (var i = 0; i < 9; i++)
            shell.Charge("1000000000");

        Assert.Equal(RefusalReason.OutOfRange, shell.Return("kid", carve.EntrySequence, "300000000").Reason());
        Assert.Equal(Usd("0.20"), shell.Standing.Reserved);
    }
}

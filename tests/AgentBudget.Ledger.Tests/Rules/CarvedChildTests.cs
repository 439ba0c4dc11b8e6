using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class CarvedChildTests
{
    // Regression: carving again for a name that had been returned set money aside for a closed child. It could never come back, and the
    // session could not be loaded any more (L6). For a shared child's name it made a second account that no return could find.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Carve_NameTaken_IsRefusedAndStrandsNothing(bool byShared)
    {
        var shell = Opened();
        if (byShared) shell.OpenShared("kid");
        else shell.Return("kid", shell.Carve("kid", "0.20").EntrySequence, "0.05");

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
        var command = new ReturnCarveCommand { Child = "kid", CarveId = 2, Spent = Usd("0.05"), Breakdown = Breakdown.Empty };
        Assert.Throws<ArgumentException>(command.Validate);
        Assert.Throws<ArgumentException>((command with { Spent = Usd("-0.05") }).Validate);
    }

    // Regression: sums beyond the range of money threw OverflowException.
    [Fact]
    public void Return_SumOutOfRange_IsRefused()
    {
        var shell = Opened();
        var carve = shell.Carve("kid", "0.20");
        for (var i = 0; i < 9; i++) shell.Charge("1000000000");

        Assert.Equal(RefusalReason.OutOfRange, shell.Return("kid", carve.EntrySequence, "300000000").Reason());
        Assert.Equal(Usd("0.20"), shell.Standing.Reserved);
    }
}

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
}

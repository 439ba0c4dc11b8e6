using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>Carved children as one ledger decides them; what two do together is tried in the simulation.</summary>
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

    // Regression: the same key with other tags took the money of the open child back.
    [Fact]
    public void Carve_SameKeyAndOtherOptions_IsAConflictAndChangesNothing()
    {
        var shell = Opened("1.00");
        shell.Carve("kid", "0.80", key: "k");
        var options = new BudgetSessionOptions
        {
            Budget = Usd("0.80"),
            Tags = new Dictionary<string, string> { ["run"] = "2" },
        };
        var other = new OpenCarvedChildCommand
        {
            Child = "kid",
            Options = options,
            Key = "k",
        };
        Assert.Equal(RefusalReason.KeyConflict, shell.Run(other).Reason());
        Assert.True(shell.Carve("kid", "0.80", key: "k").IsGranted);
        Assert.Equal((Usd("0.80"), 2), (shell.Standing.Reserved, shell.Timeline.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Carve_NameTaken_IsRefusedAndStrandsNothing(bool byShared)
    {
        var shell = Opened();
        if (byShared)
            shell.OpenShared("kid");
        else
            shell.Carve("kid", "0.20");
        var before = shell.Standing.Reserved;
        Assert.Equal(RefusalReason.AlreadyOpen, shell.Carve("kid", "0.30").Reason());
        Assert.Equal(before, shell.Standing.Reserved);
        shell.Reload();
    }

    [Fact]
    public void Carve_ItsOwnId_IsRefused()
    {
        var shell = Opened("1.00");
        Assert.Equal(RefusalReason.AlreadyOpen, shell.Carve(shell.Head.SessionId, "0.10").Reason());
        Assert.Equal(Money.Zero, shell.Standing.Reserved);
    }

    [Fact]
    public void Carve_ForAnotherTenant_IsRefused()
    {
        var shell = OpenedUnder("acme", "1.00");
        var command = new OpenCarvedChildCommand
        {
            Child = "kid",
            Options = new BudgetSessionOptions { Budget = Usd("0.10"), Tenant = TenantPath.Parse("other") },
        };
        Assert.Equal(RefusalReason.OtherTenant, shell.Run(command).Reason());
    }
}

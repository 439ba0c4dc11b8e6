using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

/// <summary>The carved child's own side of the protocol in design.md.</summary>
public sealed class SealedChildTests
{
    private static readonly CarveOrigin Origin = new() { ParentId = "parent", CarveId = 7 };

    [Fact]
    public void Child_ToppedUp_AcceptsCarvesInOrderAndOnce()
    {
        var shell = Child();
        Assert.Equal(RefusalReason.ParentRefused, shell.TopUp("0.10", carveNumber: 3).Reason());
        Assert.True(shell.TopUp("0.10", carveNumber: 2).IsGranted);
        Assert.Equal(RefusalReason.ParentRefused, shell.TopUp("0.10", carveNumber: 2).Reason());
        Assert.Equal((Usd("0.60"), 2), (shell.Standing.Budget, shell.Head.Origin!.AcceptedNumber));
    }

    [Fact]
    public void Child_ItsBudget_IsTheParentsToChange()
    {
        var shell = Child();
        Assert.Equal(RefusalReason.NotForCarvedChild, shell.TopUp("0.10").Reason());
        Assert.Equal(RefusalReason.NotForCarvedChild, shell.SetBudget("0.10").Reason());
        Assert.Equal(RefusalReason.NotForCarvedChild, shell.Correct(1, "0.10").Reason());
        Assert.True(shell.Correct(shell.Charge("0.10").EntrySequence, "-0.05").IsGranted);
    }

    [Fact]
    public void Child_Ended_TakesNoCorrection()
    {
        var shell = Child();
        var charge = shell.Charge("0.10");
        shell.Close();
        Assert.Equal(RefusalReason.NotForCarvedChild, shell.Correct(charge.EntrySequence, "-0.05").Reason());
    }

    [Theory]
    [InlineData(true, EndReason.Stopped)]
    [InlineData(false, EndReason.None)]
    public void Seal_OpenChild_EndsItOnlyWhenTheParentEnds(bool evenIfOpen, EndReason end)
    {
        var shell = Child();
        shell.Reserve("0.10");
        Assert.Equal(end, Seal(shell, evenIfOpen).Standing.End);
    }

    [Fact]
    public void Seal_NeverOpened_IsATombstoneThatRefusesALaterOpen()
    {
        var shell = new SessionShell();
        Assert.Equal(EndReason.Stopped, Seal(shell).Standing.End);
        Assert.True(Seal(shell).IsUnchanged);
        Assert.Equal(RefusalReason.SessionEnded, shell.Open("0.50", origin: Origin).Reason());
        Assert.Equal(RefusalReason.SessionEnded, shell.Charge("0.10").Reason());
        shell.Reload();
        Assert.True(shell.Head.IsTombstone);
    }

    [Fact]
    public void Seal_SomebodyElsesSession_IsLeftAlone()
    {
        var shell = Opened();
        Assert.Equal(RefusalReason.ChildUnknown, Seal(shell, evenIfOpen: true).Reason());
        Assert.Equal(EndReason.None, shell.Standing.End);
        var other = Child();
        Assert.Equal(
            RefusalReason.ChildUnknown,
            other
                .Run(
                    new SealCommand
                    {
                        ParentId = "parent",
                        CarveId = 8,
                        EvenIfOpen = true,
                    }
                )
                .Reason()
        );
    }

    [Fact]
    public void Child_Ended_HasNewsUntilTheParentAcknowledges()
    {
        var shell = Child();
        Assert.False(shell.Head.Origin!.HasNewsForParent(shell.Standing.End));
        shell.Run(new AcknowledgeReturnCommand());
        shell.Close();
        Assert.True(shell.Head.Origin!.HasNewsForParent(shell.Standing.End));
        shell.Run(new AcknowledgeReturnCommand());
        Assert.False(shell.Head.Origin!.HasNewsForParent(shell.Standing.End));
        Assert.True(shell.Run(new AcknowledgeReturnCommand()).IsUnchanged);
    }

    [Fact]
    public void Child_ChargedLate_HasNewsUntilItIsForwarded()
    {
        var shell = Child();
        shell.Close();
        shell.Run(new AcknowledgeReturnCommand());
        var late = shell.Charge("0.10");
        Assert.True(shell.Head.Origin!.HasNewsForParent(shell.Standing.End));
        shell.Run(new ForwardedCommand { ThroughSequence = late.EntrySequence });
        Assert.False(shell.Head.Origin!.HasNewsForParent(shell.Standing.End));
        Assert.True(shell.Run(new ForwardedCommand { ThroughSequence = late.EntrySequence }).IsUnchanged);
    }

    [Fact]
    public void Child_Expired_IsSealedByItself()
    {
        var shell = Child();
        shell.Wait(TimeSpan.FromHours(24));
        Assert.Equal(EndReason.Expired, Seal(shell).Standing.End);
    }

    private static SessionShell Child()
    {
        var shell = new SessionShell();
        Assert.True(shell.Open("0.50", origin: Origin).IsGranted);
        return shell;
    }

    private static SessionAnswer Seal(SessionShell shell, bool evenIfOpen = false) =>
        shell.Run(
            new SealCommand
            {
                ParentId = Origin.ParentId,
                CarveId = Origin.CarveId,
                EvenIfOpen = evenIfOpen,
            }
        );
}

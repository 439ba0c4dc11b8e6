using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class SharedChildTests
{
    [Fact]
    public void SharedChild_Reserving_DrawsOnTheParentsMoney()
    {
        var shell = Opened("1.00");
        shell.OpenShared("one");
        shell.OpenShared("two");
        Assert.True(shell.Reserve("0.80", child: "one").IsGranted);
        Assert.Equal(RefusalReason.InsufficientNow, shell.Reserve("0.80", child: "two").Reason());
    }

    [Fact]
    public void SharedChild_HasAReportOfItsOwn()
    {
        var shell = Opened("1.00");
        shell.OpenShared("kid");
        shell.Charge("0.10");
        shell.Settle(shell.Reserve("0.30", child: "kid", call: Call.Model("gpt-5")).ReservationId, "0.20");
        shell.Reserve("0.05", child: "kid");

        var report = shell.Report("kid");

        Assert.Equal(("kid", Usd("0.20"), Usd("0.05")), (report.Child, report.TotalSpent, report.Reserved));
        Assert.Equal("gpt-5", Assert.Single(report.Breakdown.Categories).Name);
        Assert.All(report.Events, entry => Assert.Equal("kid", entry.Child));
        Assert.Equal(Usd("0.30"), shell.Report().TotalSpent);
        Assert.Null(SessionReport.Of(shell.Ledger, "nobody", [], shell.Now));
    }

    [Fact]
    public void SharedChild_Closed_ReleasesOnlyItsOwn()
    {
        var shell = Opened("1.00");
        shell.OpenShared("kid");
        shell.Reserve("0.30", child: "kid");
        shell.Reserve("0.20");
        Assert.Equal(Usd("0.20"), shell.CloseShared("kid").Standing.Reserved);
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("0.10", child: "kid").Reason());
        Assert.True(shell.CloseShared("kid").IsUnchanged);
    }

    [Fact]
    public void SharedChild_LateSettle_GoesToItsAccount()
    {
        var shell = Opened("1.00");
        shell.OpenShared("kid");
        var reserved = shell.Reserve("0.30", child: "kid");
        shell.CloseShared("kid");
        shell.Settle(reserved.ReservationId, "0.25");
        Assert.Equal(Usd("0.25"), shell.Report("kid").TotalSpent);
    }

    [Fact]
    public void SharedChild_OpenedAgain_AnswersTheSameUntilItIsClosed()
    {
        var shell = Opened();
        var first = shell.OpenShared("kid");
        Assert.Equal((first.EntrySequence, true), (shell.OpenShared("kid").EntrySequence, shell.OpenShared("kid").IsUnchanged));
        shell.CloseShared("kid");
        Assert.Equal(RefusalReason.AlreadyOpen, shell.OpenShared("kid").Reason());
    }

    [Fact]
    public void SharedChild_Unknown_TakesNoMoney()
    {
        var shell = Opened();
        Assert.Equal(RefusalReason.ChildUnknown, shell.Reserve("0.10", child: "kid").Reason());
        Assert.Equal(RefusalReason.ChildUnknown, shell.CloseShared("kid").Reason());
        shell.Carve("carved", "0.10");
        Assert.Equal(RefusalReason.ChildUnknown, shell.Reserve("0.10", child: "carved").Reason());
        Assert.Equal(RefusalReason.ChildUnknown, shell.CloseShared("carved").Reason());
    }

    [Fact]
    public void Children_BeyondTheBoundOfOpenOnes_AreRefused()
    {
        var shell = Opened();
        for (var i = 0; i < Bounds.OpenChildren; i++)
            Assert.True(shell.OpenShared($"kid-{i}").IsGranted);
        Assert.Equal(RefusalReason.TooManyChildren, shell.OpenShared("more").Reason());
        Assert.True(shell.Carve("carved", "0.10").IsGranted);
        shell.CloseShared("kid-7");
        Assert.True(shell.OpenShared("more").IsGranted);
    }

    [Fact]
    public void Children_ManyClosed_AreForgottenInOrderAndStillCounted()
    {
        var shell = Opened();
        for (var i = 0; i < 100; i++)
        {
            shell.OpenShared($"kid-{i}");
            shell.CloseShared($"kid-{i}");
        }

        Assert.Equal((Bounds.RememberedChildren, 100L), (shell.Head.Children.Count, shell.Head.ChildrenTotal));
        Assert.Equal("kid-99", shell.Head.Children[^1].Name);
    }
}

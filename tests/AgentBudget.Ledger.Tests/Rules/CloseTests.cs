using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class CloseTests
{
    [Theory]
    [InlineData(false, EndReason.Closed)]
    [InlineData(true, EndReason.Stopped)]
    public void Close_Open_ReleasesWhatIsReservedAndEnds(bool stop, EndReason end)
    {
        var shell = Opened("1.00");
        shell.Reserve("0.30");
        shell.Reserve("0.20");
        var answer = shell.Close(stop);
        Assert.Equal((end, Money.Zero), (answer.Standing.End, answer.Standing.Reserved));
        Assert.Equal([EntryKind.Released, EntryKind.Released, EntryKind.Ended], shell.Timeline.Skip(3).Select(entry => entry.Kind));
    }

    [Fact]
    public void Close_Twice_AnswersAsItIs()
    {
        var shell = Opened();
        shell.Close();
        Assert.True(shell.Close(stop: true).IsUnchanged);
        Assert.Equal(EndReason.Closed, shell.Standing.End);
    }

    [Fact]
    public void Close_Ended_TakesNoNewMoney()
    {
        var shell = Opened();
        shell.Close();
        Assert.Equal(RefusalReason.SessionEnded, shell.Reserve("0.10", final: true).Reason());
        Assert.Equal(RefusalReason.SessionEnded, shell.Carve("kid", "0.10").Reason());
        Assert.Equal(RefusalReason.SessionEnded, shell.OpenShared("kid").Reason());
    }

    [Fact]
    public void Close_ChildThatHasNotRegistered_BringsItsMoneyBackAndEnds()
    {
        var shell = Opened("1.00");
        shell.Carve("kid", "0.40");
        shell.Close();
        Assert.Equal((Money.Zero, EndReason.Closed), (shell.Standing.Reserved, shell.Standing.End));
    }
}

using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class TerminatedByTests
{
    [Fact]
    public void TerminatedBy_Running_IsNull() => Assert.Null(Opened().Report().TerminatedBy);

    [Fact]
    public void TerminatedBy_ClosedByItsOwner_IsNull() => Assert.Null(After(shell => shell.Close()));

    [Fact]
    public void TerminatedBy_Exhausted_SaysSo() => Assert.Equal("budget_exhausted", After(shell => shell.Charge("2.00")));

    [Fact]
    public void TerminatedBy_ExhaustedAndThenClosed_KeepsWhatStoppedTheAgent() =>
        Assert.Equal(
            "budget_exhausted",
            After(shell =>
            {
                shell.Charge("2.00");
                shell.Close();
            })
        );

    [Fact]
    public void TerminatedBy_Resumed_IsNullAgain() =>
        Assert.Null(
            After(shell =>
            {
                shell.Charge("2.00");
                shell.TopUp("2.00");
            })
        );

    [Fact]
    public void TerminatedBy_Loop_SaysSo() =>
        Assert.Equal(
            "loop_detected",
            After(shell =>
            {
                for (var i = 0; i < 10; i++)
                    shell.Charge("0", call: Call.Tool("t", "{}"));
            })
        );

    [Fact]
    public void TerminatedBy_Stopped_SaysSo() => Assert.Equal("stopped", After(shell => shell.Close(stop: true)));

    [Fact]
    public void TerminatedBy_Paused_IsStopped() => Assert.Equal("stopped", After(shell => shell.Pause()));

    [Fact]
    public void TerminatedBy_Expired_SaysSo() =>
        Assert.Equal(
            "expired",
            After(shell =>
            {
                shell.Wait(TimeSpan.FromHours(24));
                shell.Sweep();
            })
        );

    [Fact]
    public void TerminatedBy_TenantExhausted_HasItsWord() => Assert.Equal("tenant_exhausted", Words.Of(OpenReason.TenantExhausted));

    private static string? After(Action<SessionShell> act)
    {
        var shell = Opened("1.00");
        act(shell);
        return shell.Report().TerminatedBy;
    }
}

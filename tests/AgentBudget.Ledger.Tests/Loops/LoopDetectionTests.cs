using static AgentBudget.Ledger.Tests.SessionScript;

namespace AgentBudget.Ledger.Tests;

public sealed class LoopDetectionTests
{
    private static readonly Call Search = Call.Tool("search", """{"q":"orleans"}""");

    // Regression: a reservation that was settled after it had expired counted twice, once as reserved and once as charged late.
    [Fact]
    public void Loop_ReservationSettledLate_CountsOnce()
    {
        var shell = WithLoop(calls: 3);
        var reserved = shell.Reserve("0.01", timeToLive: Seconds(1), call: Search);
        shell.WaitSeconds(2);
        shell.Sweep();
        shell.Settle(reserved.ReservationId, "0.01");

        Assert.True(shell.Reserve("0.01", call: Search).IsGranted);
        Assert.Equal(3, shell.Reserve("0.01", call: Search).Refusal!.Loop!.Count);
    }

    private static SessionShell WithLoop(int calls, int windowSeconds = 60) =>
        Opened("100", options => options with { Loops = new LoopPolicy { Rule = new LoopRule { Calls = calls, Window = Seconds(windowSeconds) } } });
}

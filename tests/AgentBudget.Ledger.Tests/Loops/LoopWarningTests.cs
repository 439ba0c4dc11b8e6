namespace AgentBudget.Ledger.Tests;

/// <summary>Each rule warns for itself, and once a loop.</summary>
public sealed class LoopWarningTests
{
    [Fact]
    public void Warning_OfMoney_DoesNotSwallowTheOneOfARow()
    {
        var agent = new Agent();
        for (var i = 0; i < 11; i++)
            Assert.True(agent.Tool("read", $"{i}", $"{i}", cost: "4.5").IsGranted);
        // The twelfth call spends half of the budget, and is the first of a row.
        for (var i = 0; i < 5; i++)
            Assert.True(agent.Tool("ask", "the same", "the same", cost: i == 0 ? "4.5" : "0").IsGranted);
        Assert.Equal([(LoopKind.Spend, 12), (LoopKind.Row, 4)], agent.Warnings.Select(loop => (loop.Rule, loop.Count)));
        Assert.Equal(LoopKind.Row, agent.Tool("ask", "the same", "the same").Refusal!.Loop!.Rule);
    }

    [Fact]
    public void Warning_OfAWait_DoesNotSwallowTheOneOfMoney()
    {
        var agent = new Agent(LoopPolicy.Default with { Spend = new SpendRule { Window = TimeSpan.FromHours(1) } });
        for (var i = 0; i < 12; i++)
        {
            Assert.True(agent.Tool("ask", "the same", "the same", label: "poller").IsGranted);
            Assert.True(agent.Tool("read", $"{i}", $"{i}", cost: "5", label: "worker").IsGranted);
            agent.Shell.WaitSeconds(60);
        }

        Assert.Contains(agent.Warnings, loop => loop.Rule == LoopKind.Spend);
    }

    [Fact]
    public void Warning_OfMoney_IsGivenOnceASession()
    {
        var agent = new Agent();
        for (var i = 0; i < 14; i++)
            Assert.True(agent.Tool("read", $"{i}", $"{i}", cost: "4.5", label: $"agent {i % 2}").IsGranted);
        Assert.Equal(LoopKind.Spend, Assert.Single(agent.Warnings).Rule);
    }

    [Fact]
    public void Warning_OfTheSameLoop_IsGivenOnce()
    {
        var agent = new Agent();
        Assert.Equal(6, agent.UntilTripped(10, _ => ("the same", "the same")));
        Assert.Equal(LoopKind.Row, Assert.Single(agent.Warnings).Rule);
    }
}

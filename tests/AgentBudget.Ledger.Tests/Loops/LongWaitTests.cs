namespace AgentBudget.Ledger.Tests;

/// <summary>Waits that go on for longer than the rules look back: by whom, how often, and for how much.</summary>
public sealed class LongWaitTests
{
    private static readonly LoopPolicy NoMoney = LoopPolicy.Default with { Spend = new SpendRule { Enabled = false } };

    [Theory]
    [InlineData(30)]
    [InlineData(60)]
    [InlineData(300)]
    public void Wait_AsShipped_TripsAtTheCountItNames(int seconds)
    {
        var agent = new Agent();
        Assert.Equal(WaitingRule.Default.Calls, CallsUntilTripped(agent, seconds));
        Assert.Equal((LoopKind.Row, WaitingRule.Default.Calls), (agent.Tripped!.Rule, agent.Tripped.Count));
        Assert.Equal(4, agent.Warnings[0].Count);
        Assert.True(agent.Warnings.Count < 30, $"{agent.Warnings.Count} warnings");
    }

    [Fact]
    public void Wait_WithASleepBetween_TripsAtTheCountToo()
    {
        var agent = new Agent();
        var polls = 0;
        while (polls < 1000 && agent.Tool("sleep", "60", "").IsGranted)
        {
            agent.Shell.WaitSeconds(60);
            polls++;
            if (!agent.Tool("http_get", "job 7", "running").IsGranted)
                break;
        }

        Assert.InRange(polls, WaitingRule.Default.Calls - 15, WaitingRule.Default.Calls);
    }

    [Fact]
    public void Wait_InAnActivationThatBeganLater_IsCountedOn()
    {
        var agent = new Agent();
        Assert.Equal(WaitingRule.Default.Calls, CallsUntilTripped(agent, 60, everyTime: agent.Shell.Reload));
    }

    [Fact]
    public void Wait_ThatGotItsAnswer_BeginsAnew()
    {
        var agent = new Agent();
        for (var i = 0; i < 4 * WaitingRule.Default.Calls; i++)
        {
            var result = i % 200 == 199 ? $"done {i}" : "running";
            Assert.True(agent.Tool("http_get", "job 7", result).IsGranted);
            agent.Shell.WaitSeconds(59);
        }
    }

    [Fact]
    public void Wait_OtherAgentsMoney_IsNotItsOwn()
    {
        var agent = new Agent(NoMoney);
        for (var i = 0; i < 90; i++)
        {
            Assert.True(agent.Tool("http_get", "job 7", "running", label: "poller").IsGranted);
            Assert.True(agent.Tool("write_file", $"{i}", $"{i}", cost: "1", label: "worker").IsGranted);
            agent.Shell.WaitSeconds(58);
        }
    }

    [Fact]
    public void Wait_OwnMoneyAmongOthers_TripsAtAQuarterOfTheBudget()
    {
        var agent = new Agent(NoMoney);
        var polls = 0;
        while (agent.Tool("http_get", "job 7", "running", cost: "1", label: "poller").IsGranted)
        {
            polls++;
            Assert.True(agent.Tool("write_file", $"{polls}", $"{polls}", cost: "1", label: "worker").IsGranted);
            agent.Shell.WaitSeconds(58);
        }

        // The fourth was warned about, and from it on 25 of them cost a quarter of the $100.
        Assert.Equal((28, Money.Parse("25")), (polls, agent.Tripped!.Spent));
    }

    private static int CallsUntilTripped(Agent agent, int seconds, Action? everyTime = null)
    {
        for (var calls = 1; calls <= 1000; calls++)
        {
            if (!agent.Tool("http_get", "job 7", "running").IsGranted)
                return calls;
            agent.Shell.WaitSeconds(seconds - 1);
            everyTime?.Invoke();
        }

        return 0;
    }
}

namespace AgentBudget.Tests.Processes;

/// <summary>A session that one process has opened and another takes up, by its id alone.</summary>
public sealed class TakenUpTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    // 500 x 100 and 100 x 1,000 millionths. The second process refused what the first one took: the policy was the opener's alone.
    [Theory]
    [InlineData(UnknownModelPolicy.Fallback, "charged $0.15")]
    [InlineData(UnknownModelPolicy.Reject, "refused")]
    public async Task Session_TakenUpByASecondProcess_TreatsUnknownModelsAsItWasOpened(UnknownModelPolicy policy, string said)
    {
        await using (var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken))
        {
            var options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), UnknownModels = policy };
            await budget.OpenAsync(options, "session", cancellationToken: TestContext.Current.CancellationToken);
        }

        await using var second = ChildProgram.Start("take-up", folder.Path);

        Assert.Equal(0, await second.EndAsync());
        Assert.Equal([said], second.Lines);
    }

    public void Dispose() => folder.Dispose();
}

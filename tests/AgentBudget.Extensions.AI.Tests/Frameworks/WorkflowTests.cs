using AgentBudget.Extensions.AI.Tests.Ways;
using AgentBudget.Http.Tests.Ledgers;
using FakeProvider;
using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;

namespace AgentBudget.Extensions.AI.Tests.Frameworks;

/// <summary>Branches of a workflow of the Agent Framework that run side by side on one budget.</summary>
public sealed class WorkflowTests(SharedLedger ledger)
{
    private const int Branches = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Branches_SideBySide_AreEachOneChargeOfTheOneBudget(bool isEntered)
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        // None is answered before all have come.
        var (come, all) = (0, new TaskCompletionSource());
        provider.Always = Script.Normal with
        {
            Before = (piece, gone) =>
            {
                if (piece < 0 && Interlocked.Increment(ref come) == Branches)
                    all.SetResult();
                return all.Task.WaitAsync(Patience, gone);
            },
        };
        await using var session = await ledger.OpenAsync("1.00");

        using (isEntered ? session.Enter() : null)
            await RunAsync(Enumerable.Range(0, Branches).Select(i => Branch(i, isEntered ? null : session, provider)));

        Assert.Equal(Branches, provider.Calls.Count);
        var settled = await session.EntriesAsync(EntryKind.Settled);
        Assert.Equal(Branches, settled.Count);
        if (!isEntered)
            Assert.Equal(["branch-0", "branch-1", "branch-2", "branch-3"], settled.Select(entry => entry.Call!.Agent).Order());
        Assert.Equal(await provider.BillAsync(), await session.SpentAsync());
        Assert.Equal(Money.Zero, (await session.ReportAsync(cancellationToken: Stop)).Standing.Reserved);
    }

    // More at once than there is money for: what does not fit is not sent.
    [Fact]
    public async Task Branches_ThatDoNotFitTogether_SpendNoMoreThanThereIs()
    {
        await using var provider = await LoopbackProvider.StartAsync(Stop);
        provider.Always = Script.OfTokens(500);
        // Two calls of 500 tokens, and no third.
        await using var session = await ledger.OpenAsync("0.012");

        await RunAsync(Enumerable.Range(0, Branches).Select(i => Branch(i, session, provider)));

        var standing = (await session.ReportAsync(cancellationToken: Stop)).Standing;
        Assert.Equal(2, provider.Calls.Count);
        Assert.Equal((Money.Zero, Money.Zero), (standing.Reserved, standing.Overage));
        Assert.Equal(await provider.BillAsync(), standing.Spent);
    }

    private static ChatClientAgent Branch(int number, BudgetSession? session, LoopbackProvider provider)
    {
        var bare = ChatWay.OpenAiChat.Bare(provider.Address);
        var client = session is null
            ? bare.AsBuilder().UseAgentBudget().Build()
            : bare.WithBudget(session.ForAgent($"branch-{number}"), new AgentBudgetChatOptions { Clamps = false });
        var options = new ChatClientAgentOptions { Name = $"branch-{number}", ChatOptions = ChatWay.Options(500) };
        return new ChatClientAgent(client, options);
    }

    private static async Task RunAsync(IEnumerable<AIAgent> branches)
    {
        var workflow = AgentWorkflowBuilder.BuildConcurrent([.. branches]);
        var question = new List<ChatMessage> { new(ChatRole.User, "Say hello.") };
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, question, cancellationToken: Stop);
        await run.TrySendMessageAsync(new TurnToken(emitEvents: true));
        await foreach (var _ in run.WatchStreamAsync(Stop))
            continue;
    }
}

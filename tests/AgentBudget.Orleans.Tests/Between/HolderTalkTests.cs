using AgentBudget.Orleans.Between;
using AgentBudget.StoreContract.Clusters;
using Microsoft.Extensions.Time.Testing;

namespace AgentBudget.Orleans.Tests.Between;

/// <summary>What a ledger says to many holders, some of which do not answer.</summary>
public sealed class HolderTalkTests : IPeers
{
    private const int Children = 200;

    private readonly LedgerSession parent = new("parent");
    private readonly Dictionary<string, LedgerSession> children = [];
    private readonly Gate gate = new();
    private readonly HolderTalk talk;
    private string? silent;

    public HolderTalkTests() =>
        talk = new HolderTalk(parent, this, new BackOff(TimeProvider.System), new FakeTimeProvider(), new TaskCompletionSource().Task);

    [Fact]
    public async Task Hold_WithAChildThatDoesNotAnswer_IsToldToAllOthersMeanwhile()
    {
        parent.Execute(new OpenCommand { Options = Options("10.00") });
        for (var i = 0; i < Children; i++)
            await OpenAsync($"parent/{i}");
        silent = "parent/0";
        parent.Execute(new PauseCommand());
        var telling = talk.TellOwedAsync();
        await gate.ReachedAsync();
        await Patience.UntilAsync(() => Task.FromResult(parent.Ledger.HoldersNotTold == 1));
        Assert.Equal([silent], children.Values.Where(child => !IsHeld(child)).Select(child => child.SessionId));
        gate.Open();
        await telling.InTimeAsync();
        Assert.True(IsHeld(children[silent]));
    }

    async Task<LedgerMessage?> IPeers.SayAsync(string ledgerId, LedgerMessage message)
    {
        if (ledgerId == silent)
            await gate.PassAsync();
        return await children[ledgerId].ReceiveAsync(message);
    }

    private static bool IsHeld(LedgerSession child) => child.Ledger.Head.Breaker.PausedBy.HasFlag(PauseSources.Parent);

    private static BudgetSessionOptions Options(string budget) => new() { Budget = Money.Parse(budget), Loops = LoopPolicy.Off };

    private async Task OpenAsync(string id)
    {
        children[id] = new LedgerSession(id);
        parent.Execute(new OpenCarvedChildCommand { Child = id, Options = Options("0.01") });
        await talk.TellAsync(id);
        Assert.Equal(Money.Parse("0.01"), children[id].Ledger.Head.Budget);
    }
}

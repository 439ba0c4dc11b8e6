using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>A call that is given up before it has its place in the line.</summary>
public sealed class GivenUpWaitTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task StopWaiting_WhileTheKeyOfTheCallIsLookedUp_IsNotForgotten()
    {
        var session = await fixture.OpenAsync();
        var held = await session.ReserveAsync("1.00").GrantedAsync();
        var (asked, gate) = (NewSignal(), NewSignal());
        fixture.Store.OnFindByKey = () =>
        {
            asked.TrySetResult();
            return gate.Task;
        };
        var command = new ReserveCommand
        {
            Amount = Money.Parse("0.20"),
            Call = Call.Tool("x"),
            Key = "given-up",
        };
        var waiting = session.ReserveWaitingAsync(command, TimeSpan.FromSeconds(20), isAgain: false);
        await asked.Task.InTimeAsync();
        await session.StopWaitingAsync("given-up").InTimeAsync();
        gate.SetResult();

        var answer = await waiting.InTimeAsync();
        Assert.Equal((false, RefusalReason.InsufficientNow), (answer.IsWaiting, answer.Answer.Refusal?.Reason));
        await session.ReleaseAsync(new ReleaseCommand { ReservationId = held.ReservationId }).GrantedAsync();
        Assert.Equal(Money.Zero, (await session.StandingAsync().InTimeAsync()).Reserved);
        // The key is free: whoever asks again with it is a caller as any.
        Assert.True((await session.ReserveWaitingAsync(command, TimeSpan.Zero, isAgain: false).InTimeAsync()).Answer.IsGranted);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>What the caller did not hear.</summary>
public enum Loss
{
    /// <summary>The store failed before it wrote.</summary>
    BeforeWrite,

    /// <summary>The store wrote, and failed before it said so.</summary>
    AfterWrite,

    /// <summary>The session answered, and the answer was lost on its way.</summary>
    Answer,
}

/// <summary>Where the retry arrives.</summary>
public enum Arrival
{
    /// <summary>Where the session was, if it still is there.</summary>
    Same,

    /// <summary>At a fresh activation.</summary>
    Fresh,

    /// <summary>At another silo.</summary>
    Moved,
}

/// <summary>Each operation, lost in each way, sent again to each place: the same answer, applied once (L4).</summary>
public sealed class LostResponseTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    public static TheoryData<string, Loss, Arrival> Cases
    {
        get
        {
            var cases = new TheoryData<string, Loss, Arrival>();
            foreach (var name in Operation.Names)
            {
                foreach (var loss in Enum.GetValues<Loss>())
                {
                    foreach (var arrival in Enum.GetValues<Arrival>())
                        cases.Add(name, loss, arrival);
                }
            }

            return cases;
        }
    }

    public void Dispose() => fixture.Store.Heal();

    [Theory, MemberData(nameof(Cases))]
    public async Task Operation_WhoseResponseWasLost_IsAppliedOnceAndAnswersTheSame(string name, Loss loss, Arrival arrival)
    {
        var operation = Operation.Named(name);
        var session = fixture.Cluster.Session(fixture.NewId());
        await operation.PrepareAsync(session);
        var unseen = await LoseAsync(() => operation.SendAsync(session, "key"), loss);
        var wasWritten = (await fixture.Store.LawfulAsync(session.Id())).Any(entry => entry.Key == "key");
        // An operation that another ledger has a part in stands under its key when that has done it.
        Assert.Equal(operation.Kind == EntryKind.HolderRegistered ? loss == Loss.Answer : loss != Loss.BeforeWrite, wasWritten);
        if (arrival == Arrival.Fresh)
            await fixture.Cluster.ForgetAsync(session.Id());
        if (arrival == Arrival.Moved)
            await fixture.Cluster.MoveAsync(session.Id());

        var known = await Patience.UntilKnownAsync(() => operation.SendAsync(session, "key"));
        var again = await Patience.UntilKnownAsync(() => operation.SendAsync(session, "key"));

        Assert.True(known.IsGranted, $"{known.Refusal}");
        Assert.Equal(wasWritten, known.IsReplay);
        Assert.True(again.IsReplay);
        Assert.Equal(known with { IsReplay = true }, again);
        if (unseen is not null)
            Assert.Equal(unseen, known with { IsReplay = false });
        var timeline = await fixture.Store.LawfulAsync(session.Id());
        Assert.Equal(operation.Kind, timeline.Of("key").Kind);
        Assert.Single(timeline, entry => entry.Kind == operation.Kind);
    }

    /// <summary>
    /// A store that fails in a way nobody expects is tried again at once, session by session: what it had written is recognised by its id.
    /// </summary>
    [Theory]
    [InlineData(FaultMoment.BeforeWrite)]
    [InlineData(FaultMoment.AfterWrite)]
    public async Task Operation_WhoseBatchFailedOnce_IsWrittenOnceAndAnswered(FaultMoment moment)
    {
        var session = await fixture.OpenAsync();
        var come = 0;
        fixture.Store.OnAppend = _ => ++come == 1 ? new Fault(moment, new InvalidOperationException("Nobody expected this.")) : null;
        var answer = await session.ChargeAsync("0.25", "key").GrantedAsync();
        Assert.Equal((2, 2L, false), (come, answer.EntrySequence, answer.IsReplay));
        Assert.Equal(2, (await fixture.Store.LawfulAsync(session.Id())).Count);
        Assert.Equal(3, (await session.ChargeAsync("0.25", "next").GrantedAsync()).EntrySequence);
    }

    private async Task<SessionAnswer?> LoseAsync(Func<Task<SessionAnswer>> send, Loss loss)
    {
        if (loss == Loss.Answer)
            return await send().GrantedAsync();
        fixture.Store.FailAt(1, loss == Loss.BeforeWrite ? FaultMoment.BeforeWrite : FaultMoment.AfterWrite);
        await send().AssertUnavailableAsync();
        fixture.Store.Heal();
        return null;
    }
}

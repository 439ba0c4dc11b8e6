using AgentBudget.Orleans.Storage.InMemory;
using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Writing;

/// <summary>The writer of one silo: what gathers while it writes, what one bad session does to the others, what a store does that is
/// away.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private readonly ControlledStore store = new(new InMemoryLedgerStore());
    private LedgerCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await LedgerCluster.StartAsync(store);

    public ValueTask DisposeAsync()
    {
        store.Heal();
        return cluster.DisposeAsync();
    }

    [Fact]
    public async Task Sessions_ThatDecideWhileABatchIsWritten_ShareTheNextOne()
    {
        var sessions = await OpenAsync(20);
        var gate = store.Block();
        var before = store.Batches.Length;
        var first = sessions[0].ChargeAsync("0.01");
        await gate.ReachedAsync();
        var turns = sessions.Skip(1).Select(session => cluster.TurnsOf(session.Id())).ToArray();
        var others = sessions.Skip(1).SelectMany(session => new[] { session.ChargeAsync("0.01"), session.ReserveAsync("0.02") }).ToArray();
        foreach (var turn in turns)
            await turn.TakenAsync(2);
        Assert.DoesNotContain(others, other => other.IsCompleted);
        gate.Open();
        await Task.WhenAll(others.Append(first).Select(answer => answer.GrantedAsync()));

        var batches = store.Batches[before..];
        Assert.Equal([1, 19], batches.Select(batch => batch.Count));
        Assert.All(batches[1], append => Assert.Equal(2, append.Entries.Count));
    }

    [Fact]
    public async Task Session_ThatCannotBeWritten_FailsAloneAndReloads()
    {
        var sessions = await OpenAsync(5);
        var poisoned = sessions[2];
        store.OnAppend = append =>
            append.Entries.Any(entry => entry.Key == "poison")
                ? new Fault(FaultMoment.BeforeWrite, new InvalidOperationException("A bad row."))
                : null;
        var gate = store.Block();
        var first = sessions[0].ChargeAsync("0.01");
        await gate.ReachedAsync();
        var turns = sessions.Skip(1).Select(session => cluster.TurnsOf(session.Id())).ToArray();
        var poison = poisoned.ChargeAsync("0.10", "poison");
        var neighbours = sessions
            .Skip(1)
            .Where(session => session != poisoned)
            .Select(session => session.ChargeAsync("0.10", "good"))
            .ToArray();
        foreach (var turn in turns)
            await turn.TakenAsync();
        // Decided on top of the bad entry, in the same batch.
        var later = poisoned.ChargeAsync("0.20", "later");
        await turns[1].TakenAsync();
        gate.Open();

        foreach (var good in neighbours.Append(first))
            await good.GrantedAsync();
        await poison.AssertUnavailableAsync();
        await later.AssertUnavailableAsync();
        var answer = await Patience.UntilKnownAsync(() => poisoned.ChargeAsync("0.20", "later"));
        Assert.Equal((false, 2L, Money.Parse("0.20")), (answer.IsReplay, answer.EntrySequence, answer.Standing.Spent));
        Assert.Equal(2, (await store.LawfulAsync(poisoned.Id())).Count);
    }

    [Fact]
    public async Task Session_WhoseWriteFailed_FailsWhatWasDecidedOnTopOfIt()
    {
        var session = (await OpenAsync(1))[0];
        var gate = store.Block();
        store.FailAt(1, FaultMoment.BeforeWrite);
        var turns = cluster.TurnsOf(session.Id());
        var first = session.ChargeAsync("0.10", "first");
        await gate.ReachedAsync();
        var second = session.ChargeAsync("0.20", "second");
        await turns.TakenAsync(2);
        gate.Open();
        await first.AssertUnavailableAsync();
        await second.AssertUnavailableAsync();
        // The store was well when the second would have come: it was never sent, for it stood on the first.
        Assert.Single(await store.LawfulAsync(session.Id()));
        Assert.Equal(2, (await Patience.UntilKnownAsync(() => session.ChargeAsync("0.20", "second"))).EntrySequence);
        Assert.Equal(3, (await Patience.UntilKnownAsync(() => session.ChargeAsync("0.10", "first"))).EntrySequence);
    }

    [Theory]
    [InlineData(FaultMoment.BeforeWrite)]
    [InlineData(FaultMoment.AfterWrite)]
    public async Task Store_ThatIsAway_FailsEveryCallerAndServiceResumesByItself(FaultMoment moment)
    {
        var sessions = await OpenAsync(4);
        store.OnAppend = _ => Fault.Away(moment);
        await Task.WhenAll(sessions.Select((session, i) => session.ChargeAsync("0.10", $"key-{i}").AssertUnavailableAsync()));
        store.IsAway = true;
        var unavailable = await sessions[0].ChargeAsync("0.10", "key-0").AssertUnavailableAsync();
        Assert.Contains("The store is away; wait for it.", unavailable.Message, StringComparison.Ordinal);
        await sessions[1].ReportAsync().AssertUnavailableAsync();
        await sessions[2].StandingAsync().AssertUnavailableAsync();

        store.Heal();
        for (var i = 0; i < sessions.Length; i++)
        {
            var answer = await Patience.UntilKnownAsync(() => sessions[i].ChargeAsync("0.10", $"key-{i}"));
            Assert.Equal((moment == FaultMoment.AfterWrite, 2L), (answer.IsReplay, answer.EntrySequence));
            Assert.Equal(2, (await store.LawfulAsync(sessions[i].Id())).Count);
        }
    }

    [Theory]
    [InlineData("key")]
    [InlineData("timeline")]
    [InlineData("events")]
    [InlineData("related")]
    public async Task Store_ThatCannotBeRead_IsToldAsUnavailable(string what)
    {
        var session = (await OpenAsync(1))[0];
        var reserved = await session.ReserveAsync("0.10", "reserve").GrantedAsync();
        await session.ReleaseAsync(new ReleaseCommand { ReservationId = reserved.ReservationId }).GrantedAsync();
        store.OnRead = _ => new LedgerStoreUnavailableException("The disk is gone; check it.");
        Task asked = what switch
        {
            "key" => session.ChargeAsync("0.10", "key-of-the-caller"),
            "timeline" => session.TimelineAsync(1, 10),
            "events" => session.ReportAsync(events: 10),
            _ => session.SettleAsync(reserved.ReservationId, "0.10"),
        };
        Assert.Contains("The disk is gone; check it.", (await asked.AssertUnavailableAsync()).Message, StringComparison.Ordinal);
        store.Heal();
        await session.ChargeAsync("0.10", "key-of-the-caller").GrantedAsync();
    }

    [Fact]
    public async Task Stop_WhileEntriesAreQueued_WritesThemAll()
    {
        var sessions = await OpenAsync(10);
        var gate = store.Block();
        var turns = sessions.Select(session => cluster.TurnsOf(session.Id())).ToArray();
        // Whether their answers still find a way out of a silo that stops is not the writer's business.
        _ = sessions.Select(session => session.ChargeAsync("0.10", "key")).ToArray();
        await gate.ReachedAsync();
        foreach (var turn in turns)
            await turn.TakenAsync();
        var stopping = cluster.StopSiloAsync(sessions[0].Id());
        gate.Open();
        await stopping.InTimeAsync();
        foreach (var session in sessions)
            Assert.Equal(2, (await store.LawfulAsync(session.Id())).Count);
    }

    private Task<IBudgetSession[]> OpenAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => cluster.OpenAsync($"session-{i}")));
}

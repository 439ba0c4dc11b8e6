using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Nothing is told before all that it stands on is durable; and what cannot become durable is not told at all.</summary>
public sealed class DurabilityTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>, IDisposable
{
    /// <summary>Calls that read what a charge of $0.90 under the key <c>charge</c> has decided.</summary>
    private static readonly Dictionary<string, Func<IBudgetSession, Task<object?>>> Readers = new()
    {
        ["replay"] = async session => await session.ChargeAsync("0.90", "charge"),
        ["refusal"] = async session => await session.ReserveAsync("0.20"),
        ["key conflict"] = async session => await session.ChargeAsync("0.80", "charge"),
        ["open again"] = async session =>
            await session.OpenAsync(
                new OpenCommand
                {
                    Options = new BudgetSessionOptions { Budget = Money.Parse("1.00"), Loops = LoopPolicy.Off },
                }
            ),
        ["unknown reservation"] = async session => await session.SettleAsync(17, "0.01"),
        ["report"] = async session => await session.ReportAsync(new ReportQuery()),
        ["timeline"] = async session => await session.TimelineAsync(1, 10),
        ["standing"] = async session => await session.StandingAsync(),
    };

    public static TheoryData<string> Names => new(Readers.Keys);

    public void Dispose() => fixture.Store.Heal();

    [Fact]
    public async Task Answer_WhileTheWriteIsUnderWay_IsNotGiven()
    {
        var session = await fixture.OpenAsync();
        var gate = fixture.Store.Block();
        var charge = session.ChargeAsync("0.90");
        await gate.ReachedAsync();
        Assert.False(charge.IsCompleted);
        gate.Open();
        await charge.GrantedAsync();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Reader_WhileWhatItReadIsBeingWritten_IsNotAnswered(string reader)
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var gate = fixture.Store.Block();
        var charge = session.ChargeAsync("0.90", "charge");
        await gate.ReachedAsync();
        await turns.TakenAsync();
        var reading = Readers[reader](session);
        await turns.TakenAsync();
        Assert.False(reading.IsCompleted);
        gate.Open();
        await charge.GrantedAsync();
        // The refusal opens the breaker, which is an entry of its own.
        Assert.Equal(reader == "refusal" ? 3 : 2, SequenceOf(await reading.InTimeAsync()));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Reader_WhenWhatItReadWasNotWritten_FailsInsteadOfTelling(string reader)
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var gate = fixture.Store.Block();
        fixture.Store.OnAppend = _ => Fault.Away(FaultMoment.BeforeWrite);
        var charge = session.ChargeAsync("0.90", "charge");
        await gate.ReachedAsync();
        await turns.TakenAsync();
        var reading = Readers[reader](session);
        await turns.TakenAsync();
        gate.Open();
        await charge.AssertUnavailableAsync();
        await reading.AssertUnavailableAsync();

        fixture.Store.Heal();
        var standing = await Patience.UntilKnownAsync(session.StandingAsync);
        Assert.Equal((1L, Money.Zero), (standing.Sequence, standing.Spent));
    }

    [Fact]
    public async Task Expiry_FoundByAReader_IsDurableBeforeItIsTold()
    {
        var session = await fixture.OpenAsync();
        await session.ReserveAsync("0.50", timeToLive: TimeSpan.FromMinutes(5)).GrantedAsync();
        fixture.Cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        var gate = fixture.Store.Block();
        var report = session.ReportAsync();
        await gate.ReachedAsync();
        Assert.False(report.IsCompleted);
        gate.Open();
        Assert.Equal(Money.Zero, (await report)!.Reserved);
        Assert.Equal(EntryKind.Expired, (await fixture.Store.LawfulAsync(session.Id()))[^1].Kind);
    }

    [Fact]
    public async Task Charges_WhileOneIsBeingWritten_AreDecidedAndWrittenTogether()
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var gate = fixture.Store.Block();
        var before = fixture.Store.Batches.Length;
        var charges = new List<Task<SessionAnswer>> { session.ChargeAsync("0.10", "charge-0") };
        await gate.ReachedAsync();
        await turns.TakenAsync();
        for (var i = 1; i < 6; i++)
            charges.Add(session.ChargeAsync("0.10", $"charge-{i}"));
        await turns.TakenAsync(5);
        // Decided on top of what is not written yet: $0.60 are gone.
        var refused = session.ReserveAsync("0.50");
        await turns.TakenAsync();
        Assert.DoesNotContain(charges, charge => charge.IsCompleted);
        gate.Open();
        var answers = await Task.WhenAll(charges).InTimeAsync();

        Assert.Equal([2L, 3, 4, 5, 6, 7], answers.Select(answer => answer.EntrySequence).Order());
        Assert.Equal(RefusalReason.BudgetExhausted, await refused.RefusedAsync());
        var appends = fixture
            .Store.Batches[before..]
            .SelectMany(batch => batch)
            .Where(append => append.Head.SessionId == session.Id())
            .ToArray();
        Assert.Equal([1, 6], appends.Select(append => append.Entries.Count));
    }

    [Fact]
    public async Task Cancellation_OfACallThatIsQueued_LosesNothing()
    {
        var session = await fixture.OpenAsync();
        var turns = fixture.Cluster.TurnsOf(session.Id());
        var gate = fixture.Store.Block();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var first = session.ChargeAsync("0.10", "first").WaitAsync(cancelled.Token);
        await gate.ReachedAsync();
        await turns.TakenAsync();
        var second = session.ChargeAsync("0.20", "second").WaitAsync(cancelled.Token);
        await turns.TakenAsync();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Open();

        Assert.True((await session.ChargeAsync("0.20", "second").GrantedAsync()).IsReplay);
        Assert.True((await session.ChargeAsync("0.10", "first").GrantedAsync()).IsReplay);
        Assert.Equal(Money.Parse("0.30"), (await session.StandingAsync()).Spent);
    }

    private static long SequenceOf(object? answer) =>
        answer switch
        {
            SessionAnswer given => given.Standing.Sequence,
            SessionReport report => report.Standing.Sequence,
            TimelinePage page => page.Total,
            Standing standing => standing.Sequence,
            _ => throw new InvalidOperationException($"{answer} is no answer."),
        };
}

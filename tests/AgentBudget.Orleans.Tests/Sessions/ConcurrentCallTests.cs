using AgentBudget.Orleans.Tests.Clusters;
using AgentBudget.StoreContract;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.Orleans.Tests.Sessions;

/// <summary>Many calls at once, and many entries: the limit holds, and no call costs more for it.</summary>
public sealed class ConcurrentCallTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private const int Calls = 100;

    [Fact]
    public async Task Reserve_HundredAtOnceOfFiveCentsOnADollar_TwentyAreGranted()
    {
        var session = await fixture.OpenAsync("1.00");
        var spent = await Task.WhenAll(
            Enumerable
                .Range(0, Calls)
                .Select(async i =>
                {
                    var reserved = await session.ReserveAsync("0.05", $"reserve-{i}").InTimeAsync();
                    if (!reserved.IsGranted)
                        return false;
                    await session.SettleAsync(reserved.ReservationId, "0.05", $"settle-{i}").GrantedAsync();
                    return true;
                })
        );

        Assert.Equal(20, spent.Count(wasMade => wasMade));
        var standing = await session.StandingAsync();
        Assert.Equal((Money.Parse("1.00"), Money.Zero, Money.Zero), (standing.Spent, standing.Reserved, standing.Overage));
        await fixture.Store.LawfulAsync(session.Id());
    }

    [Fact]
    public async Task Charge_HundredAtOnceOfFiveCentsOnADollar_AllAreRecordedAndTheRestIsOverage()
    {
        var session = await fixture.OpenAsync("1.00");
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => session.ChargeAsync("0.05", $"charge-{i}").GrantedAsync()));
        var standing = await session.StandingAsync();
        Assert.Equal((Money.Parse("5.00"), Money.Parse("1.00"), Money.Parse("4.00")), (standing.Spent, standing.Settled, standing.Overage));
        Assert.Equal(OpenReason.BudgetExhausted, standing.Breaker.OpenReason);
        Assert.Equal(Calls + 1, (await fixture.Store.LawfulAsync(session.Id())).Count);
    }

    [Fact]
    public async Task Charge_SameKeyHundredTimesAtOnce_IsRecordedOnce()
    {
        var session = await fixture.OpenAsync("1.00");
        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => session.ChargeAsync("0.05", "key").GrantedAsync()));
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Single(answers.Select(answer => answer.EntrySequence).Distinct());
        Assert.Equal(Money.Parse("0.05"), (await session.StandingAsync()).Spent);
    }

    [Fact]
    public async Task Activation_OfASessionOfAHundredThousandEntries_ReadsAFew()
    {
        var session = fixture.Cluster.Session(fixture.NewId());
        var stored = new GrowingSession(session.Id());
        await fixture.Store.Inner.AppendAsync([stored.Open()]);
        foreach (var keys in Enumerable.Range(0, 99_999).Select(i => $"key-{i}").Chunk(4_096))
            await fixture.Store.Inner.AppendAsync([stored.Charge(keys)]);

        var before = fixture.Store.EntriesRead;
        var answer = await session.ChargeAsync("0.01", "new").GrantedAsync();
        Assert.Equal(100_001, answer.EntrySequence);
        Assert.InRange(fixture.Store.EntriesRead - before, 1, 1_024);
        // A key far back is still known, and finding it reads one entry more at most.
        before = fixture.Store.EntriesRead;
        var old = new ChargeCommand
        {
            Cost = Money.Parse("0.01"),
            Call = Call.Tool("search"),
            Key = "key-17",
        };
        Assert.Equal(
            (true, 19L),
            ((await session.ChargeAsync(old).GrantedAsync()).IsReplay, (await session.ChargeAsync(old).GrantedAsync()).EntrySequence)
        );
        Assert.InRange(fixture.Store.EntriesRead - before, 0, 2);
    }
}

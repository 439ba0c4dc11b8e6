using Microsoft.Extensions.Hosting;

namespace AgentBudget.Orleans.PostgreSql.Tests.Clusters;

/// <summary>
/// The worst case of a session that is active twice: two clusters that know nothing of each other write one database. The fence alone
/// keeps the money right.
/// </summary>
public sealed class TwoClustersTests(SharedServer shared)
{
    private const int Sessions = 50;
    private const int CallersOfASession = 2;
    private static readonly Money Call = Money.Parse("0.10");

    [Theory(Timeout = 120_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sessions_ReservedAndSettledFromTwoClusters_EndAtExactlyTheirBudget(int partitions)
    {
        var ledger = await TestLedger.NewAsync(shared.Server, partitions);
        using var one = await TestCluster.StartAloneAsync(ledger, "one");
        using var two = await TestCluster.StartAloneAsync(ledger, "two");
        var ids = Enumerable.Range(0, Sessions).Select(i => $"session-{i:d2}").ToArray();
        foreach (var id in ids)
            Assert.True(
                (
                    await TestCluster.UntilKnownAsync(() =>
                        one.Session(id).OpenAsync(new OpenCommand { Options = TestCluster.Budget("5.00") })
                    )
                ).IsGranted
            );

        var settled = await Task.WhenAll(
            ids.SelectMany(id =>
                new[] { one, two }.SelectMany(host =>
                    Enumerable.Range(0, CallersOfASession).Select(caller => SpendAllAsync(host, id, $"{host.GetHashCode()}-{caller}"))
                )
            )
        );

        Assert.Equal(Sessions * 50, settled.Sum());
        using var store = await ledger.StartAsync();
        foreach (var id in ids)
        {
            var head = (await store.LoadAsync(id, TestContext.Current.CancellationToken))!.Head;
            Assert.Equal((Money.Parse("5.00"), Money.Zero, Money.Zero), (head.Spent, head.Reserved, head.Standing.Overage));
            var entries = await store.ReadAsync(id, 1, 1_000, TestContext.Current.CancellationToken);
            Assert.Equal(
                Enumerable.Range(1, (int)head.Sequence).Select(sequence => (long)sequence),
                entries.Select(entry => entry.Sequence)
            );
            Assert.Equal(50, entries.Count(entry => entry.Kind == EntryKind.Settled));
        }

        await Task.WhenAll(one.StopAsync(TestContext.Current.CancellationToken), two.StopAsync(TestContext.Current.CancellationToken));
    }

    // Reserves and settles one call after the other until it is refused; gives how many were settled. A refusal can be told by an
    // activation that the other cluster has overtaken, but what is spoken for never becomes less here, so it is right all the same.
    private static async Task<int> SpendAllAsync(IHost host, string sessionId, string caller)
    {
        var session = host.Session(sessionId);
        for (var (call, settled) = (0, 0); ; call++)
        {
            var reserve = new ReserveCommand
            {
                Amount = Call,
                Call = AgentBudget.Call.Tool("search"),
                Key = $"{caller}-{call}-reserve",
            };
            var reserved = await TestCluster.UntilKnownAsync(() => session.ReserveAsync(reserve));
            if (!reserved.IsGranted)
            {
                Assert.Contains(reserved.Refusal!.Reason, new[] { RefusalReason.InsufficientNow, RefusalReason.BudgetExhausted });
                return settled;
            }

            var settle = new SettleCommand
            {
                ReservationId = reserved.ReservationId,
                Cost = Call,
                Key = $"{caller}-{call}-settle",
            };
            Assert.True((await TestCluster.UntilKnownAsync(() => session.SettleAsync(settle))).IsGranted);
            settled++;
        }
    }
}

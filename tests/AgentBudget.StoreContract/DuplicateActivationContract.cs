using System.Collections.Concurrent;
using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract.Clusters;

namespace AgentBudget.StoreContract;

/// <summary>
/// Two clusters that know nothing of each other over one store: the worst case of two activations of a session. The store's fence alone
/// keeps the money.
/// </summary>
public abstract class DuplicateActivationContract : IAsyncLifetime
{
    private const int Sessions = 50;
    private const int CallsPerCluster = 14;

    private static readonly Money Budget = Money.Parse("5");
    private static readonly Money Cost = Money.Parse("0.25");

    private ILedgerStore? store;

    /// <summary>Makes an empty store; it is started once.</summary>
    protected abstract ValueTask<ILedgerStore> MakeAsync();

    /// <summary>What the clusters see of the store.</summary>
    protected virtual ILedgerStore Share(ILedgerStore store) => new ControlledStore(store);

    /// <summary>Clears away what <see cref="MakeAsync"/> set up, after the store was disposed of.</summary>
    protected virtual ValueTask ClearAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync() => store = await MakeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (store is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (store as IDisposable)?.Dispose();
        await ClearAsync();
    }

    [Fact]
    public async Task TwoClusters_SameSessions_AuthoriseEachBudgetExactlyOnce()
    {
        var shared = Share(store!);
        await using var left = await LedgerCluster.StartAsync(shared);
        await using var right = await LedgerCluster.StartAsync(shared);
        var acknowledged = new ConcurrentBag<(string Session, string Key, long Sequence)>();
        await Task.WhenAll(
            Ids.SelectMany(id =>
                new[] { left, right }.Select((cluster, side) => SpendAsync(cluster, id, side == 0 ? "left" : "right", acknowledged))
            )
        );

        foreach (var id in Ids)
        {
            var timeline = await shared.LawfulAsync(id);
            var head = (await shared.LoadAsync(id, TestContext.Current.CancellationToken))!.Head;
            Assert.Equal((Budget, Budget, Money.Zero, Money.Zero), (head.Budget, head.Spent, head.Reserved, head.Standing.Overage));
            Assert.Equal(
                Budget.NanoDollars,
                timeline.Where(entry => entry.Kind is EntryKind.Settled or EntryKind.Charged).Sum(entry => entry.Amount.NanoDollars)
            );
            foreach (var (_, key, sequence) in acknowledged.Where(answer => answer.Session == id))
                Assert.Equal(sequence, timeline.Of(key).Sequence);
        }
    }

    private static IEnumerable<string> Ids => Enumerable.Range(0, Sessions).Select(i => $"session-{i}");

    /// <summary>Twenty calls fit; each side tries fourteen, in turn reserved and settled, so that both sides meet the limit.</summary>
    private static async Task SpendAsync(LedgerCluster cluster, string id, string side, ConcurrentBag<(string, string, long)> acknowledged)
    {
        var session = cluster.Session(id);
        var open = new OpenCommand
        {
            Options = new BudgetSessionOptions { Budget = Budget, Loops = LoopPolicy.Off },
        };
        await Patience.UntilKnownAsync(() => session.OpenAsync(open));
        for (var call = 0; call < CallsPerCluster; call++)
        {
            var reserve = new ReserveCommand
            {
                Amount = Cost,
                Call = Call.Model("gpt-5"),
                Key = $"{side}-reserve-{call}",
            };
            var reserved = await Patience.UntilKnownAsync(() => session.ReserveAsync(reserve));
            if (!reserved.IsGranted)
            {
                Assert.True(
                    reserved.Refusal!.Reason is RefusalReason.BudgetExhausted or RefusalReason.InsufficientNow,
                    $"{reserved.Refusal}"
                );
                continue;
            }

            acknowledged.Add((id, reserve.Key, reserved.EntrySequence));
            var settle = new SettleCommand
            {
                ReservationId = reserved.ReservationId,
                Cost = Cost,
                Key = $"{side}-settle-{call}",
            };
            var settled = await Patience.UntilKnownAsync(() => session.SettleAsync(settle));
            Assert.True(settled.IsGranted, $"{settled.Refusal}");
            acknowledged.Add((id, settle.Key, settled.EntrySequence));
        }
    }
}

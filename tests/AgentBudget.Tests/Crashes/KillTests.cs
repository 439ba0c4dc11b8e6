using System.Globalization;
using AgentBudget.CrashProgram;
using AgentBudget.Orleans.Storage;
using AgentBudget.Tests.Processes;

namespace AgentBudget.Tests.Crashes;

/// <summary>
/// L3 Durability and L4 Once, over a real process that is killed in mid-load: what was acknowledged is there, once; what was not is
/// there once or not at all, and a retry makes it once.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Kill_InMidLoadAgainAndAgain_LosesNothingAndDoublesNothing()
    {
        var tried = new Dictionary<string, Operation>();
        var acknowledged = new HashSet<string>();
        int[] moments = [1, 40, 400, 1_500];
        for (var run = 0; run < moments.Length; run++)
        {
            await using var child = ChildProgram.Start("load", folder.Path, run.ToString(CultureInfo.InvariantCulture));
            await child.WhenAcknowledgedAsync(moments[run]);
            await child.KillAsync();
            Read(child.Lines, tried, acknowledged);
            Assert.True(acknowledged.Count < tried.Count, "the load had come to rest, so nothing was killed in mid-flight");
            await AssertLedgerHoldsAsync(tried, acknowledged);
        }
    }

    [Fact]
    public async Task Kill_WhileTheLedgerIsOpened_CanBeOpenedAgain()
    {
        using var watcher = new FileSystemWatcher(folder.Path);
        var isMade = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => isMade.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await using (var child = ChildProgram.Start("load", folder.Path, "0"))
        {
            // The first file is there, the schema may be half made.
            await isMade.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await child.KillAsync();
        }

        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken);
        await using var session = await budget.OpenAsync("1.00", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(0, await session.TrackAsync(0, "search", "0.10", cancellationToken: TestContext.Current.CancellationToken));
    }

    public void Dispose() => folder.Dispose();

    private async Task AssertLedgerHoldsAsync(Dictionary<string, Operation> tried, HashSet<string> acknowledged)
    {
        await using var budget = await EmbeddedAgentBudget.StartAsync(folder.Path, TestContext.Current.CancellationToken);
        for (var i = 0; i < Load.Sessions; i++)
        {
            var id = Load.SessionId(i);
            var mine = tried.Values.Where(operation => operation.SessionId == id).ToArray();
            await AssertTimelineAsync(budget, id, mine, acknowledged);
            var session = budget.Grains.GetGrain<IBudgetSession>(id);
            foreach (var operation in mine.Where(operation => !acknowledged.Contains(operation.Key)))
            {
                var first = await Load.SendAsync(session, operation.Command);
                var second = await Load.SendAsync(session, operation.Command);
                Assert.True(first.IsGranted && second.IsReplay, $"{operation} was answered with {first}, then {second}");
                Assert.Equal(first.EntrySequence, second.EntrySequence);
                acknowledged.Add(operation.Key);
            }

            await AssertTimelineAsync(budget, id, mine, acknowledged);
        }
    }

    private static async Task AssertTimelineAsync(EmbeddedAgentBudget budget, string id, Operation[] tried, HashSet<string> acknowledged)
    {
        var entries = new List<Entry>();
        await foreach (var entry in budget.Client.Get(id).TimelineAsync(cancellationToken: TestContext.Current.CancellationToken))
            entries.Add(entry);
        Assert.Equal(Enumerable.Range(1, entries.Count), entries.Select(entry => (int)entry.Sequence));

        var byKey = entries.Where(entry => entry.Key is not null).ToDictionary(entry => entry.Key!);
        Assert.DoesNotContain(tried, operation => acknowledged.Contains(operation.Key) && !byKey.ContainsKey(operation.Key));
        foreach (var operation in tried.Where(operation => byKey.ContainsKey(operation.Key)))
            operation.AssertIsRecordedBy(byKey[operation.Key]);
        Assert.Equal(byKey.Keys.Order(), byKey.Keys.Intersect(tried.Select(operation => operation.Key)).Order());

        await AssertHeadIsTheSumAsync(budget.Store, id, entries);
    }

    private static async Task AssertHeadIsTheSumAsync(ILedgerStore store, string id, List<Entry> entries)
    {
        var stored = await store.LoadAsync(id, TestContext.Current.CancellationToken);
        var spent = Sum(entries.Where(entry => entry.Kind is EntryKind.Charged or EntryKind.Settled));
        var open = entries.Where(entry => entry.Kind == EntryKind.Reserved).ToDictionary(entry => entry.Sequence);
        foreach (var entry in entries.Where(entry => entry.Kind is EntryKind.Settled or EntryKind.Released or EntryKind.Expired))
            Assert.True(open.Remove(entry.Related), $"reservation {entry.Related} of {id} ended twice");
        var head = stored!.Head;
        Assert.Equal((entries.Count, spent, Sum(open.Values)), ((int)head.Sequence, head.Spent, head.Reserved));
        Assert.Equal((spent, spent), (head.Breakdown.Total, entries[^1].After.Spent));
        Assert.Equal(open.Keys.Order(), stored.OpenReservations.Select(reservation => reservation.Id).Order());
    }

    private static Money Sum(IEnumerable<Entry> entries) => entries.Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);

    private static void Read(IEnumerable<string> lines, Dictionary<string, Operation> tried, HashSet<string> acknowledged)
    {
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            // The kill may have cut the last line off.
            if (
                fields is ["TRY", var id, var key, var kind, var amount, var reservation]
                && long.TryParse(reservation, CultureInfo.InvariantCulture, out var of)
            )
                tried[key] = new Operation(id, key, kind, long.Parse(amount, CultureInfo.InvariantCulture), of);
            else if (fields is ["ACK", _, var known, _, _, _])
                acknowledged.Add(known);
        }
    }

    private sealed record Operation(string SessionId, string Key, string Kind, long NanoDollars, long ReservationId)
    {
        public SessionCommand Command => Load.CommandOf(Key, Kind, NanoDollars, ReservationId);

        public void AssertIsRecordedBy(Entry entry)
        {
            var kind = Kind switch
            {
                "charge" => EntryKind.Charged,
                "reserve" => EntryKind.Reserved,
                "settle" => EntryKind.Settled,
                _ => EntryKind.Released,
            };
            Assert.Equal((kind, ReservationId), (entry.Kind, entry.Related));
            if (kind != EntryKind.Released)
                Assert.Equal(NanoDollars, entry.Amount.NanoDollars);
        }
    }
}

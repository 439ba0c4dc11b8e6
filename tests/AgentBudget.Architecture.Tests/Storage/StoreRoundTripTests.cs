using AgentBudget.Architecture.Tests.Samples;
using AgentBudget.Orleans.Sqlite;
using AgentBudget.Orleans.Storage;
using AgentBudget.Orleans.Storage.InMemory;
using Microsoft.Extensions.Options;

namespace AgentBudget.Architecture.Tests.Storage;

/// <summary>The stores give back what they were given: columns and JSON together.</summary>
public sealed class StoreRoundTripTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("agentbudget-architecture-");

    public static TheoryData<string, Filling> Cases
    {
        get
        {
            var data = new TheoryData<string, Filling>();
            foreach (var store in new[] { "memory", "sqlite" })
            {
                foreach (var filling in Enum.GetValues<Filling>())
                    data.Add(store, filling);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Store_EveryPropertySet_GivesBackHeadEntriesAndReservations(string kind, Filling filling)
    {
        var store = Make(kind);
        using var disposed = store as IDisposable;
        await store.StartAsync(TestContext.Current.CancellationToken);
        var opened = First(filling, EntryKind.Opened, 1) with { Holder = null };
        var reserved = First(filling, EntryKind.Reserved, 2) with
        {
            Call = Sample.Of<Call>(filling),
            ExpiresAt = opened.At.AddMinutes(15),
            Holder = null,
        };
        var holder = Sample.Of<HolderRow>(filling) with { Number = 3, End = HolderEnd.None };
        var held = First(filling, EntryKind.HolderOpened, 3) with { Holder = Sample.Of<HolderChange>(filling) with { Row = holder } };
        var reservation = new Reservation(2, reserved.Amount, reserved.Call!, reserved.Child, reserved.ExpiresAt!.Value);
        var stored = new StoredLedger(Sample.Of<SessionHead>(filling), [reservation], [holder], opened.At);
        var head = stored.Head with { Sequence = 3, Reserved = stored.Reserved };
        var outcomes = await store.AppendAsync([new LedgerAppend(1, 0, [opened, reserved, held], head, opened.At, IsDueChanged: true)]);

        Assert.Equal([AppendOutcome.Written], outcomes);
        var loaded = await store.LoadAsync(head.SessionId, TestContext.Current.CancellationToken);
        var entries = await store.ReadAsync(head.SessionId, 1, 10, TestContext.Current.CancellationToken);
        Assert.Empty(Difference.Between(stored with { Head = head }, loaded));
        Assert.Empty(Difference.Between(new[] { opened, reserved, held }, entries));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private ILedgerStore Make(string kind) =>
        kind == "memory"
            ? new InMemoryLedgerStore()
            : new SqliteLedgerStore(Options.Create(new SqliteLedgerOptions { Path = folder.FullName }));

    private static Entry First(Filling filling, EntryKind kind, long sequence)
    {
        var entry = Sample.Of<Entry>(filling);
        return entry with
        {
            Kind = kind,
            Sequence = sequence,
            Key = entry.Key is null ? null : $"{entry.Key}-{sequence}",
            After = entry.After with { Sequence = sequence },
        };
    }
}

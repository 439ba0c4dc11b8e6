using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.PostgreSql.Tests.Failures;

/// <summary>What the database refuses because of what is in it is not taken for a database that is away.</summary>
public sealed class PoisonTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_TextThatCannotBeStored_FailsTheBatchAndNothingIsWritten()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        GrowingSession[] sessions = [.. Enumerable.Range(0, 3).Select(i => new GrowingSession($"session-{i}"))];
        await store.AppendAsync([.. sessions.Select(session => session.Open())]);
        var poisoned = Poisoned(sessions[1].Charge(), "zero \0 byte");
        LedgerAppend[] batch = [sessions[0].Charge(), poisoned, sessions[2].Charge()];

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await store.AppendAsync(batch));
        Assert.IsNotType<LedgerStoreUnavailableException>(failure);
        foreach (var session in sessions)
            Assert.Equal(1, (await store.LoadAsync(session.Id, Token))!.Head.Sequence);

        // What the writer does then: each alone.
        Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([batch[0]])));
        failure = await Assert.ThrowsAnyAsync<Exception>(async () => await store.AppendAsync([poisoned]));
        Assert.IsNotType<LedgerStoreUnavailableException>(failure);
        Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([batch[2]])));
    }

    [Fact]
    public async Task Append_OneKeyTwiceInOneAppend_FailsAndIsNotFenced()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        var session = new GrowingSession("session");
        await store.AppendAsync([session.Open()]);
        var append = session.Charge(["one", "two"]);
        append = append with { Entries = [append.Entries[0], append.Entries[1] with { Key = "one" }] };
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await store.AppendAsync([append]));
        Assert.IsNotType<LedgerStoreUnavailableException>(failure);
        Assert.Equal(1, (await store.LoadAsync("session", Token))!.Head.Sequence);
    }

    private static LedgerAppend Poisoned(LedgerAppend append, string key) =>
        append with
        {
            Entries = [.. append.Entries.Select(entry => entry with { Key = key })],
        };
}

using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;

namespace AgentBudget.Orleans.Sqlite.Tests.Storage;

/// <summary>A ledger of an older schema is brought up to date when it is opened for writing, with everything that stands in it.</summary>
public sealed class UpgradeTests : IDisposable
{
    /// <summary>
    /// Puts a ledger back into its first schema: entries in order of arrival, with look-up tables beside them that had come as far as the
    /// fourth row.
    /// </summary>
    private const string BackToTheFirst = """
        DROP VIEW timeline;
        ALTER TABLE entry RENAME TO later_entry;
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT, session_no INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL,
            key TEXT, key_hash INTEGER, body_hash INTEGER NOT NULL, amount_nano_usd INTEGER NOT NULL, requested_nano_usd INTEGER NOT NULL,
            related INTEGER NOT NULL, budget_after_nano_usd INTEGER NOT NULL, spent_after_nano_usd INTEGER NOT NULL,
            reserved_after_nano_usd INTEGER NOT NULL, detail TEXT NOT NULL);
        INSERT INTO entry (session_no, sequence, at, kind, key, key_hash, body_hash, amount_nano_usd, requested_nano_usd, related,
                budget_after_nano_usd, spent_after_nano_usd, reserved_after_nano_usd, detail)
            SELECT session_no, sequence, at, kind, key, CASE WHEN key IS NULL THEN NULL ELSE length(key) END, body_hash, amount_nano_usd,
                requested_nano_usd, related, budget_after_nano_usd, spent_after_nano_usd, reserved_after_nano_usd, detail
            FROM later_entry ORDER BY sequence, session_no;
        CREATE TABLE entry_by_sequence (session_no INTEGER NOT NULL, sequence INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (session_no, sequence)) WITHOUT ROWID;
        INSERT INTO entry_by_sequence SELECT session_no, sequence, id FROM entry WHERE id <= 4;
        CREATE TABLE entry_by_key (session_no INTEGER NOT NULL, key_hash INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (session_no, key_hash, id)) WITHOUT ROWID;
        CREATE TABLE entry_by_related (session_no INTEGER NOT NULL, related INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (session_no, related, id)) WITHOUT ROWID;
        CREATE TABLE index_progress (indexed_through INTEGER NOT NULL);
        INSERT INTO index_progress VALUES (4);
        DROP TABLE later_entry;
        DROP TABLE entry_run;
        DROP TABLE entry_key;
        DROP TABLE entry_related;
        DROP TABLE journal;
        DROP TABLE set_aside;
        CREATE VIEW timeline AS SELECT h.session_id, e.sequence FROM entry e JOIN session_head h ON h.no = e.session_no;
        PRAGMA user_version = 1;
        """;

    private const string BackToTheSecond = """
        ALTER TABLE journal DROP COLUMN checksum;
        DROP TABLE set_aside;
        PRAGMA user_version = 2;
        """;

    private readonly LedgerFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_FirstSchema_IsUpgradedWithEverythingInIt()
    {
        var session = new GrowingSession("session", "acme");
        var other = new GrowingSession("other");
        await WriteFirstSchemaAsync(session, other);

        using var store = await folder.StartAsync();
        foreach (var known in new[] { session, other })
        {
            Assert.Equivalent(known.Head, (await store.LoadAsync(known.Id, Token))!.Head, strict: true);
            Assert.Equivalent(known.Entries, await store.ReadAsync(known.Id, 1, 100, Token), strict: true);
            foreach (var key in known.Entries.Select(entry => entry.Key).OfType<string>()) Assert.Equal(key, (await store.FindByKeyAsync(known.Id, key, Token))?.Key);
        }

        Assert.Equal(session.OpenReservations, (await store.LoadAsync("session", Token))!.OpenReservations);
        Assert.Equal(EntryKind.Corrected, Assert.Single(await store.FindRelatedAsync("session", 2, Token)).Kind);
        // A key stands once (L4), also one from before, whatever came after it.
        foreach (var key in new[] { "one", "two", "reserve" }) Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([session.Twin().Charge(key)]));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([session.Charge(["a-key", "zz-key"])]));
        foreach (var key in new[] { "one", "two", "a-key", "zz-key" }) Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([session.Twin().Charge(key)]));
        Assert.Equivalent(session.Entries, await store.ReadAsync("session", 1, 100, Token), strict: true);
    }

    [Fact]
    public async Task Start_FirstSchemaForReadingOnly_IsRefusedAndLeftAlone()
    {
        await WriteFirstSchemaAsync(new GrowingSession("session"), new GrowingSession("other"));
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(isReadOnly: true));
        Assert.Contains("older schema; open it once for writing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, folder.Scalar("PRAGMA user_version"));
    }

    /// <summary>A process of the second schema was killed: rows without a checksum wait in the journal.</summary>
    [Fact]
    public async Task Start_SecondSchemaWithAJournal_IsUpgradedWithEverythingInIt()
    {
        var session = new GrowingSession("session");
        (await folder.StartAsync()).Dispose();
        folder.LeaveInJournal(session.Open(), session.Charge(["one", "two"]), session.Reserve("reserve"));
        folder.Execute(BackToTheSecond);
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => folder.StartAsync(isReadOnly: true));
        Assert.Contains("older schema; open it once for writing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, folder.Scalar("SELECT count(*) FROM journal"));

        using var store = await folder.StartAsync();
        Assert.Equal(SqliteSchema.Version, folder.Scalar("PRAGMA user_version"));
        Assert.Equivalent(session.Head, (await store.LoadAsync("session", Token))!.Head, strict: true);
        Assert.Equivalent(session.Entries, await store.ReadAsync("session", 1, 100, Token), strict: true);
        Assert.Equal([AppendOutcome.Fenced], await store.AppendAsync([session.Twin().Charge("two")]));
        Assert.Equal([AppendOutcome.Written], await store.AppendAsync([session.Charge("three")]));
    }

    private async Task WriteFirstSchemaAsync(GrowingSession session, GrowingSession other)
    {
        using (var store = await folder.StartAsync())
        {
            await store.AppendAsync([session.Open(), other.Open()]);
            await store.AppendAsync([session.Charge(["one", "two"]), other.Charge("one")]);
            await store.AppendAsync([session.Do(new CorrectCommand { EntrySequence = 2, Difference = -Money.Parse("0.01"), Reason = "refund" })]);
            await store.AppendAsync([session.Reserve("reserve")]);
        }

        // Opened once more, so that all of it stands in the tables.
        (await folder.StartAsync()).Dispose();
        folder.Execute(BackToTheFirst);
    }
}

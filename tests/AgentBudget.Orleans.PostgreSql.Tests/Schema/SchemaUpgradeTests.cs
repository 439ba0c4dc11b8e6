using AgentBudget.Orleans.PostgreSql.Schema;
using AgentBudget.StoreContract;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Schema;

/// <summary>A schema is brought forward whole or not at all, once, and never back.</summary>
public sealed class SchemaUpgradeTests(SharedServer shared)
{
    private const string Name = "agentbudget";
    private const string AddNote = "ALTER TABLE ledger ADD COLUMN note text; UPDATE ledger SET note = ledger_id;";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_EmptyDatabase_MakesTheShippedVersion()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        using var store = await ledger.StartAsync();
        Assert.Equal(SchemaSteps.Ledger.Count, await ledger.ScalarAsync("SELECT max(version) FROM schema_version"));
    }

    [Fact]
    public async Task Start_SchemaThatIsThere_KeepsItsSessions()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        var session = new GrowingSession("session");
        using (var store = await ledger.StartAsync())
            await store.AppendAsync([session.Open()]);
        using var again = await ledger.StartAsync();
        Assert.Equivalent(session.Head, (await again.LoadAsync("session", Token))!.Head);
    }

    [Fact]
    public async Task Upgrade_ANewerStep_IsAppliedOverTheDataOfTheOlderOnes()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        var session = new GrowingSession("session");
        using (var store = await ledger.StartAsync())
            await store.AppendAsync([session.Open()]);

        await UpgradeAsync(ledger, [.. SchemaSteps.Ledger, AddNote]);
        await UpgradeAsync(ledger, [.. SchemaSteps.Ledger, AddNote]);

        Assert.Equal("session", await ledger.ScalarAsync("SELECT note FROM ledger"));
        Assert.Equal(SchemaSteps.Ledger.Count + 1L, await ledger.ScalarAsync("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public async Task Upgrade_AStepThatFails_LeavesTheVersionBefore()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await UpgradeAsync(ledger, SchemaSteps.Ledger);
        await Assert.ThrowsAsync<PostgresException>(() => UpgradeAsync(ledger, [.. SchemaSteps.Ledger, AddNote, "SELECT 1 / 0"]));
        Assert.Equal(SchemaSteps.Ledger.Count, await ledger.ScalarAsync("SELECT max(version) FROM schema_version"));
        Assert.Equal(
            0L,
            await ledger.ScalarAsync(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'agentbudget' AND column_name = 'note'"
            )
        );
    }

    [Fact]
    public async Task Upgrade_ManySilosAtOnce_IsDoneOnce()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => UpgradeAsync(ledger, [.. SchemaSteps.Ledger, AddNote]), Token))
        );
        Assert.Equal(SchemaSteps.Ledger.Count + 1L, await ledger.ScalarAsync("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public async Task Start_SchemaOfANewerVersion_IsRefused()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await UpgradeAsync(ledger, [.. SchemaSteps.Ledger, AddNote]);
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => ledger.StartAsync());
        Assert.Contains("Use a newer one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SchemaOfSomebodyElse_IsRefusedAndLeftAlone()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await ledger.ScalarAsync("CREATE SCHEMA agentbudget; CREATE TABLE agentbudget.session (theirs integer)");
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() => ledger.StartAsync());
        Assert.Contains("not ours", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1L, await ledger.ScalarAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'agentbudget'"));
    }

    [Fact]
    public async Task Timeline_View_TellsOfEntriesInPlainSql()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        var session = new GrowingSession("session", "acme");
        using var store = await ledger.StartAsync();
        await store.AppendAsync([session.Open()]);
        await store.AppendAsync([session.Charge("key", "0.25")]);
        Assert.Equal(
            "session acme 2 2026-01-01 00:00:00 250000000 search",
            await ledger.ScalarAsync(
                "SELECT concat_ws(' ', ledger_id, tenant, sequence, at AT TIME ZONE 'UTC', amount_nano_usd, detail -> 'call' ->> 'name') "
                    + "FROM timeline WHERE key = 'key'"
            )
        );
    }

    private static async Task UpgradeAsync(TestLedger ledger, IReadOnlyList<string> steps)
    {
        await using var connection = new NpgsqlConnection(ledger.ConnectionStrings[0] + ";Pooling=false");
        await connection.OpenAsync(Token);
        await SchemaUpgrade.RunAsync(connection, Name, steps, "test", Token);
    }
}

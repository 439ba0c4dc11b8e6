using AgentBudget.Orleans.Storage;
using AgentBudget.StoreContract;
using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Storage;

/// <summary>Details travel as the bytes of UTF-8, so a connection string may not have them taken for something else.</summary>
public sealed class ConnectionEncodingTests(SharedServer shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_OverAConnectionStringOfAnotherEncoding_IsReadAsItWasWritten()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        var latin = new NpgsqlConnectionStringBuilder(ledger.ConnectionStrings[0]) { ClientEncoding = "LATIN1", Encoding = "iso-8859-1" };
        using var store = await ledger.StartAsync(options => options.ConnectionStrings = [latin.ConnectionString]);
        var session = new GrowingSession("session");
        foreach (
            var append in new[] { session.Open(), session.Do(new ReserveCommand { Amount = Money.Parse("1"), Call = Call.Model("größe") }) }
        )
            Assert.Equal(AppendOutcome.Written, Assert.Single(await store.AppendAsync([append])));

        using var plain = await ledger.StartAsync();
        foreach (var reader in new[] { store, plain })
        {
            var stored = await reader.LoadAsync("session", Token);
            Assert.Equal("größe", Assert.Single(stored!.OpenReservations).Call.Name);
            Assert.Equivalent(session.Entries, await reader.ReadAsync("session", 1, 10, Token), strict: true);
        }
    }
}

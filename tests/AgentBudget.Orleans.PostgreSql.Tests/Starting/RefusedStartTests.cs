using Npgsql;

namespace AgentBudget.Orleans.PostgreSql.Tests.Starting;

/// <summary>What cannot be trusted with money is refused at the start, with a message that names the thing and the mend.</summary>
public sealed class RefusedStartTests(SharedServer shared)
{
    [Theory]
    [InlineData("ConnectionStrings has 0 entries")]
    [InlineData("ConnectionStrings:0 has no host", "Database=ledger")]
    [InlineData("ConnectionStrings:0 has no database", "Host=localhost")]
    [InlineData("ConnectionStrings:1 is not a connection string", "Host=a;Database=b", "Pasword=secret")]
    [InlineData("ConnectionStrings:1 names the database of an earlier partition", "Host=a;Database=b", "Host=A;Database=b;Username=c")]
    public void Store_ConnectionStringsThatCannotBe_AreNamed(string expected, params string[] connectionStrings)
    {
        var options = new PostgreSqlLedgerOptions { ConnectionStrings = connectionStrings };
        var problem = Assert.Throws<ArgumentException>(options.Validate).Message;
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 5, 3, "MaxConnections")]
    [InlineData(201, 5, 3, "MaxConnections")]
    [InlineData(16, 0, 3, "CommandTimeout")]
    [InlineData(16, 61, 3, "CommandTimeout")]
    [InlineData(16, 5, -1, "RetryFor")]
    [InlineData(16, 5, 31, "RetryFor")]
    public void Options_OutOfRange_AreNamed(int connections, int commandSeconds, int retrySeconds, string expected)
    {
        var options = new PostgreSqlLedgerOptions
        {
            ConnectionStrings = ["Host=a;Database=b"],
            MaxConnections = connections,
            CommandTimeout = TimeSpan.FromSeconds(commandSeconds),
            RetryFor = TimeSpan.FromSeconds(retrySeconds),
        };
        Assert.StartsWith(
            $"AgentBudget:PostgreSql:{expected}",
            Assert.Throws<ArgumentException>(options.Validate).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Start_NobodyListens_SaysThatItCannotBeReached() =>
        await AssertRefusedAsync("cannot be reached", Changed(settings => settings.Port = 1));

    [Fact]
    public async Task Start_WrongPassword_SaysSoAndGivesNoneAway()
    {
        var refused = await AssertRefusedAsync("Check user name and password", Changed(settings => settings.Password = "guessed"));
        Assert.DoesNotContain("guessed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoSuchDatabase_SaysSo() =>
        await AssertRefusedAsync("does not exist; create it", Changed(settings => settings.Database = "no_such"));

    [Fact]
    public async Task Start_MoreConnectionsThanTheServerTakes_SaysBothNumbers()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() =>
            ledger.StartAsync(options => options.MaxConnections = 200)
        );
        Assert.Contains("takes 197 connections, fewer than the 200", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CommitsThatDoNotWaitForTheDisk_AreRefused()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await ledger.ScalarAsync(
            $"ALTER DATABASE {new NpgsqlConnectionStringBuilder(ledger.ConnectionStrings[0]).Database} SET synchronous_commit = off"
        );
        await AssertRefusedAsync("synchronous_commit off", ledger.ConnectionStrings[0]);
    }

    [Fact]
    public async Task Start_EncodingThatCannotHoldAllText_IsRefused()
    {
        var ledger = await TestLedger.NewAsync(shared.Server);
        await ledger.ScalarAsync("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'");
        await AssertRefusedAsync("ENCODING 'UTF8'", shared.Server.ConnectionString("ascii"));
    }

    [Fact]
    public async Task Start_PartitionsInAnotherOrder_IsRefused()
    {
        var ledger = await TestLedger.NewAsync(shared.Server, partitions: 2);
        using (await ledger.StartAsync()) { }

        await AssertRefusedAsync("was made as partition 2 of 2", ledger.ConnectionStrings[1], ledger.ConnectionStrings[0]);
        await AssertRefusedAsync("was made as partition 1 of 2", ledger.ConnectionStrings[0]);
    }

    [Fact]
    public async Task Start_PartitionsOfTwoLedgers_IsRefused()
    {
        var one = await TestLedger.NewAsync(shared.Server, partitions: 2);
        var other = await TestLedger.NewAsync(shared.Server, partitions: 2);
        foreach (var ledger in new[] { one, other })
        {
            using var store = await ledger.StartAsync();
        }

        await AssertRefusedAsync("part of another ledger", one.ConnectionStrings[0], other.ConnectionStrings[1]);
    }

    private static async Task<LedgerStoreUnavailableException> AssertRefusedAsync(string expected, params string[] connectionStrings)
    {
        using var store = new PostgreSqlLedgerStore(
            Microsoft.Extensions.Options.Options.Create(
                new PostgreSqlLedgerOptions { ConnectionStrings = connectionStrings, RetryFor = TimeSpan.FromMilliseconds(100) }
            )
        );
        var refused = await Assert.ThrowsAsync<LedgerStoreUnavailableException>(() =>
            store.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private string Changed(Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(shared.Server.ConnectionString("postgres"));
        change(settings);
        return settings.ConnectionString;
    }
}
